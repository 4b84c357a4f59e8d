"""What a contact wants changed of a published offer, and the word that goes out of it."""

from __future__ import annotations

import django.db.models.deletion
import lianxin.kit.clock
import lianxin.kit.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0002_calendar"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("resource", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="amendment", serialize=False, to="exchange.resource")),
                ("kind", models.CharField(choices=[("change", "Change"), ("end", "End")], max_length=8)),
                ("written", models.JSONField(blank=True, default=dict, help_text="the columns as they shall be")),
                ("reason", models.CharField(max_length=300)),
                ("asked_at", models.DateTimeField(default=lianxin.kit.clock.now)),
                ("asked_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name="Telling",
            fields=[
                ("id", models.UUIDField(default=lianxin.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("changed", models.JSONField(default=list, help_text="name, before, after: as the row had them")),
                ("made_at", models.DateTimeField(default=lianxin.kit.clock.now, editable=False)),
                ("cursor", models.UUIDField(blank=True, help_text="the last who was told", null=True)),
                ("told", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("resource", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="tellings", to="exchange.resource")),
            ],
        ),
    ]
