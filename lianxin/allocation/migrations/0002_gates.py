# Gates are opened by an address that carries a secret, and shut by themselves.

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('allocation', '0001_pools'),
    ]

    operations = [
        migrations.AddField(
            model_name='gate',
            name='ends_at',
            field=models.DateTimeField(default=django.utils.timezone.now, help_text='shuts by itself'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='gate',
            name='secret_digest',
            field=models.CharField(default='', max_length=64),
            preserve_default=False,
        ),
    ]
