from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0007_draws'),
    ]

    operations = [
        migrations.AddField(
            model_name='scan',
            name='most',
            field=models.PositiveSmallIntegerField(default=0, help_text='how many the ticket was for'),
        ),
    ]
