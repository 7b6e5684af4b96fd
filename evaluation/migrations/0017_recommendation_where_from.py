import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0021_places_rule_and_offers"),
        ("evaluation", "0016_needs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="recommendation",
            name="audience",
            field=models.CharField(
                choices=[
                    ("MANAGER", "Führungskräfte"),
                    ("COORDINATOR", "Koordinierungskräfte"),
                    ("BOTH", "Führungs- und Koordinierungskräfte"),
                ],
                default="BOTH",
                max_length=12,
                verbose_name="Betrifft das Angebot für",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="card",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="recommendations",
                to="evaluation.card",
                verbose_name="Karte",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="entschieden von",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="decided_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="entschieden am"),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="edition",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="owed_recommendations",
                to="curriculum.edition",
                verbose_name="Geschuldet von",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="feature",
            field=models.CharField(
                blank=True,
                choices=[("PRACTICE_REPORTS", "Erlebnisberichte"), ("ATTITUDE", "Haltung"), ("TANDEMS", "Tandems")],
                max_length=16,
                verbose_name="Merkmal",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="module_key",
            field=models.UUIDField(blank=True, null=True, verbose_name="Modul"),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="round",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recommendations",
                to="evaluation.round",
                verbose_name="Runde",
            ),
        ),
        migrations.AddField(
            model_name="recommendation",
            name="source",
            field=models.CharField(blank=True, max_length=200, verbose_name="Quelle"),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.CheckConstraint(
                condition=models.Q(("round__isnull", True), ("workshop__isnull", False), _connector="OR"),
                name="recommendation_round_needs_workshop",
                violation_error_message="Eine Runde gehört zu einem Workshop; wählen Sie diesen mit.",
            ),
        ),
    ]
