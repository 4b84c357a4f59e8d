import django.db.models.deletion
import lianxin.kit.clock
import lianxin.kit.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stations', '0002_station_import'),
    ]

    operations = [
        migrations.CreateModel(
            name='StationKiosk',
            fields=[
                ('id', models.UUIDField(default=lianxin.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('label', models.CharField(help_text='where in the station it stands', max_length=40)),
                ('form_key', models.CharField(help_text='a second sending asks for no second code', max_length=64)),
                ('code', models.CharField(blank=True, default='', help_text='empty once it is paired', max_length=12)),
                ('code_until', models.DateTimeField()),
                ('key_digest', models.CharField(blank=True, default='', max_length=64)),
                ('paired_on', models.DateField(blank=True, null=True)),
                ('seen_on', models.DateField(blank=True, help_text='the day, never the hour', null=True)),
                ('made_at', models.DateTimeField(default=lianxin.kit.clock.now, editable=False)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kiosks', to='stations.station')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('station', 'form_key'), name='stations_kiosk_once'), models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='stations_kiosk_code'), models.UniqueConstraint(condition=models.Q(('key_digest', ''), _negated=True), fields=('key_digest',), name='stations_kiosk_key')],
            },
        ),
    ]
