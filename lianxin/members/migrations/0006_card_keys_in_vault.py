# Cards are signed by keys of the vault; each card is signed anew the next time it is shown.

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('members', '0005_numbers'),
        ('vault', '0002_signing_key'),
    ]

    operations = [
        migrations.DeleteModel(name='CardKey'),
    ]
