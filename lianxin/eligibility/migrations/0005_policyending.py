"""Ending a wrong version at once, by two people."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import lianxin.kit.clock
import lianxin.kit.ids


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0004_telling")]

    operations = [
        migrations.CreateModel(
            name="PolicyEnding",
            fields=[
                ("id", models.UUIDField(default=lianxin.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("reason", models.TextField()),
                ("asked_by", models.UUIDField(help_text="account")),
                ("asked_at", models.DateTimeField(default=lianxin.kit.clock.now)),
                ("ended_by", models.UUIDField(blank=True, help_text="account of the second person", null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("policy", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="ending", to="eligibility.policyversion")),
            ],
        ),
    ]  # fmt: skip
