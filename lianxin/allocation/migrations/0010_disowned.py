from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("allocation", "0009_ruled")]

    operations = [
        migrations.AddField(
            model_name="gate",
            name="disowned_at",
            field=models.DateTimeField(
                blank=True,
                help_text="since when nothing more is believed of what it sends",
                null=True,
            ),
        ),
    ]
