"""A stop at a place that a partner lent the union."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0002_calendars_opinions_albums_plans"),
        ("allocation", "0007_draws"),
    ]

    operations = [
        migrations.AddField(
            model_name="stop",
            name="booking",
            field=models.ForeignKey(blank=True, help_text="what a partner lent the union for it", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="allocation.booking"),
        ),
        migrations.AddField(
            model_name="stop",
            name="partner",
            field=models.CharField(blank=True, default="", help_text="who lent it", max_length=120),
        ),
    ]
