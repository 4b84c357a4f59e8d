"""One picture an offer, and one that waits for the check."""

from __future__ import annotations

import django.db.models.deletion
import lianxin.kit.clock
import lianxin.kit.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_amendments"), ("files", "0002_parts")]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.UUIDField(default=lianxin.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("alt", models.CharField(max_length=120)),
                ("width", models.PositiveIntegerField(help_text="of the medium size, in pixels")),
                ("height", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField(default=lianxin.kit.clock.now, editable=False)),
                ("large", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile")),
                ("medium", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile")),
                ("small", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile")),
            ],
            options={"abstract": False},
        ),
        migrations.AddField(
            model_name="amendment",
            name="picture",
            field=models.ForeignKey(blank=True, help_text="the one it shall have; none: it stays", null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="exchange.picture"),
        ),
        migrations.AddField(
            model_name="resource",
            name="picture",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="exchange.picture"),
        ),
    ]
