"""On which days of the week an offer can be had, and when it is shut."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_resource")]

    operations = [
        migrations.AddField(
            model_name="resource",
            name="closed_on",
            field=models.JSONField(blank=True, default=list, help_text="days on which it is shut"),
        ),
        migrations.AddField(
            model_name="resource",
            name="skips_holidays",
            field=models.BooleanField(default=False, help_text="shut on public holidays"),
        ),
        migrations.AddField(
            model_name="resource",
            name="weekdays",
            field=models.JSONField(
                blank=True, default=list, help_text="0 is Monday; none: every day"
            ),
        ),
        migrations.AlterField(
            model_name="resource",
            name="quantity",
            field=models.PositiveIntegerField(
                default=1, help_text="vouchers in all, or places at one time of what is booked"
            ),
        ),
    ]
