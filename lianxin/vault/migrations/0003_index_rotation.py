"""How far the rotation of an index key is."""

from django.db import migrations, models

import lianxin.kit.clock


class Migration(migrations.Migration):

    dependencies = [
        ('vault', '0002_signing_key'),
    ]

    operations = [
        migrations.CreateModel(
            name='IndexRotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_id', models.CharField(max_length=64, unique=True)),
                ('started_at', models.DateTimeField(default=lianxin.kit.clock.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('places', models.JSONField(default=dict, help_text='by column the last row of this round')),
                ('changed', models.PositiveBigIntegerField(default=0)),
            ],
        ),
    ]
