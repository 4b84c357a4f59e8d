"""Entries that one officer wrote, the latest first: a list of few."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("members", "0010_import_reach")]

    operations = [
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(source="officer"),
                fields=["created_at", "id"],
                name="members_entered",
            ),
        ),
    ]
