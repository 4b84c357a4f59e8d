from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stations', '0003_station_kiosk'),
    ]

    operations = [
        migrations.AddField(
            model_name='stationreport',
            name='is_faint',
            field=models.BooleanField(default=False, help_text='one of very many from one network: raises a doubt, closes nothing'),
        ),
    ]
