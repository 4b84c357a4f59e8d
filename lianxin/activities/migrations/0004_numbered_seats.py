from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0003_stops_lent'),
    ]

    operations = [
        migrations.AddField(
            model_name='session',
            name='seats',
            field=models.TextField(blank=True, default='', help_text='numbered: 12×20, or a line a row'),
        ),
    ]
