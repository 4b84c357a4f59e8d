import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procedures', '0001_dossier'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='dossier',
            name='carried_by',
            field=models.ForeignKey(blank=True, help_text='the officer who acts for a person who signed on paper, until she signs in', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='recusal',
            name='reason',
            field=models.CharField(choices=[('own', 'the case is about them'), ('family', 'a declared relative of the person'), ('wish', 'stepped back by themselves'), ('decided', 'decided before, and the decision is objected to'), ('carries', 'brought the page the person signed, or acts for her')], max_length=8),
        ),
    ]
