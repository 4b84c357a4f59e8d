from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_audit'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='auditrow',
            index=models.Index(fields=['actor_id', 'id'], name='audit_by_actor'),
        ),
    ]
