"""One more role: the keeper of stations."""

from django.db import migrations, models

ROLES = [
    "chair",
    "officer",
    "officer_part_time",
    "caseworker",
    "finance",
    "counsellor",
    "lawyer",
    "editor",
    "station_keeper",
    "expert",
    "mentor",
    "volunteer",
    "partner_contact",
    "auditor",
    "system_admin",
    "security_admin",
    "audit_admin",
]


def role():
    return models.CharField(choices=[(role, role) for role in ROLES], max_length=24)


class Migration(migrations.Migration):
    dependencies = [("orgs", "0003_affiliation")]

    operations = [
        migrations.AlterField(model_name="post", name="role", field=role()),
        migrations.AlterField(model_name="postproposal", name="role", field=role()),
    ]
