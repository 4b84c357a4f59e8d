from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0002_calendars_opinions_albums_plans'),
    ]

    operations = [
        migrations.AddField(
            model_name='session',
            name='seats',
            field=models.TextField(blank=True, default='', help_text='numbered: 12×20, or a line a row'),
        ),
    ]
