"""The audit trail and the heads of its shards."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def seed_heads(apps: Any, editor: Any) -> None:
    heads = apps.get_model("audit", "AuditHead")
    heads.objects.using(editor.connection.alias).bulk_create(heads(shard=n) for n in range(8))


class Migration(migrations.Migration):
    initial = True
    dependencies: list[Any] = []
    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("shard", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("length", models.PositiveBigIntegerField(default=0)),
                ("digest", models.CharField(default="", max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shard", models.PositiveSmallIntegerField()),
                ("position", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
                ("actor_id", models.UUIDField(help_text="account; empty for the system itself", null=True)),
                ("action", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=64)),
                ("object_id", models.CharField(max_length=64)),
                ("subject_id", models.UUIDField(help_text="account of the person concerned", null=True)),
                ("purpose", models.CharField(blank=True, max_length=64)),
                ("detail", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_id", "action", "-at"], name="audit_by_subject"),
                    models.Index(fields=["kind", "object_id", "at"], name="audit_by_object"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("shard", "position"), name="audit_one_row_a_position")
                ],
            },
        ),
        migrations.RunPython(seed_heads, migrations.RunPython.noop),
    ]
