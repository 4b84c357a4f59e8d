"""What was told to whom in which year, kept also where it no longer fits; the case of a proposal."""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import lianxin.kit.ids
from lianxin.kit.workdays import SHANGHAI


def told_so_far(apps: Any, _schema: Any) -> None:
    """Take over what was told, so that nothing is told again this year."""
    outcomes = apps.get_model("eligibility", "Outcome").objects.exclude(told_at=None)
    telling = apps.get_model("eligibility", "Telling")
    batch = []
    for member_id, code, told_at in outcomes.values_list("member_id", "policy__code", "told_at").iterator(2_000):  # fmt: skip
        batch.append(telling(member_id=member_id, code=code, year=told_at.astimezone(SHANGHAI).year))  # fmt: skip
        if len(batch) == 2_000:
            telling.objects.bulk_create(batch, ignore_conflicts=True)
            batch = []
    telling.objects.bulk_create(batch, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("eligibility", "0003_matching"),
        ("members", "0001_member"),
    ]

    operations = [
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.UUIDField(default=lianxin.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=64)),
                ("year", models.PositiveSmallIntegerField()),
                ("member", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="members.member")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("member", "code", "year"), name="eligibility_told_once_a_year")],
            },
        ),
        migrations.AddField(
            model_name="proposal",
            name="dossier_id",
            field=models.UUIDField(blank=True, help_text="the case that was sent", null=True),
        ),
        migrations.AddField(
            model_name="proposal",
            name="is_own_case",
            field=models.BooleanField(default=True, help_text="she finds it among her cases"),
        ),
        migrations.RunPython(told_so_far, migrations.RunPython.noop),
    ]  # fmt: skip
