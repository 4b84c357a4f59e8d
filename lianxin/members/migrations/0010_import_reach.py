"""A reading of a roll says whether it took in the unions below its own."""

from __future__ import annotations

from django.db import migrations, models


def _leaves(apps, _schema):
    """Where no union stands below, none was taken in."""
    runs = apps.get_model("members", "ImportRun").objects
    runs.filter(organisation__numchild=0).update(takes_below=False)


class Migration(migrations.Migration):
    dependencies = [("members", "0009_whole_federation"), ("orgs", "0005_officer_reset")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="takes_below",
            field=models.BooleanField(
                default=True, help_text="the unions below too, as far as its officer reached"
            ),
        ),
        migrations.RunPython(_leaves, migrations.RunPython.noop, elidable=True),
    ]
