from django.db import migrations, models
from django.db.models import Min, OuterRef, Subquery


def rules_known(apps, _editor):
    """Pools whose rule is published take applications as before."""
    published = apps.get_model("allocation", "Draw").objects.filter(
        pool=OuterRef("pk"), published_at__isnull=False
    )
    first = published.order_by().values("pool").annotate(at=Min("published_at")).values("at")
    pools = apps.get_model("allocation", "Pool").objects.filter(method="draw")
    pools.update(ruled_at=Subquery(first))


class Migration(migrations.Migration):
    dependencies = [("allocation", "0008_older_tickets")]

    operations = [
        migrations.AddField(
            model_name="pool",
            name="ruled_at",
            field=models.DateTimeField(
                blank=True, help_text="since when the rule of its draw is published", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="pool",
            index=models.Index(
                condition=models.Q(
                    ("drawn_at", None), ("method", "draw"), ("off_at", None), ("ruled_at", None)
                ),
                fields=["closes_at"],
                name="allocation_unruled",
            ),
        ),
        migrations.RunPython(rules_known, migrations.RunPython.noop),
    ]
