import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import evaluation.models.surveys


class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0021_places_rule_and_offers"),
        ("evaluation", "0014_receipt_prints"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Dot",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("points", models.PositiveIntegerField(default=0, verbose_name="Punkte")),
            ],
            options={
                "verbose_name": "Punkte",
                "verbose_name_plural": "Punkte",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Hand",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("phone", models.CharField(max_length=64, verbose_name="Telefon")),
                ("cards", models.PositiveSmallIntegerField(default=0, verbose_name="Karten")),
            ],
            options={
                "verbose_name": "Hand",
                "verbose_name_plural": "Hände",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Poll",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("people", models.PositiveSmallIntegerField(verbose_name="Personen")),
                ("points_each", models.PositiveSmallIntegerField(verbose_name="Punkte je Person")),
                (
                    "may_accumulate",
                    models.BooleanField(default=False, verbose_name="mehrere Punkte auf eine Spalte erlaubt"),
                ),
                ("is_open", models.BooleanField(default=True, editable=False, verbose_name="läuft")),
            ],
            options={
                "verbose_name": "Punktabfrage",
                "verbose_name_plural": "Punktabfragen",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="PollSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("key", models.CharField(max_length=64, verbose_name="Schlüssel")),
            ],
            options={
                "verbose_name": "Stimmzettel",
                "verbose_name_plural": "Stimmzettel",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("words", models.CharField(max_length=300, verbose_name="Was geschah")),
                ("undo", models.JSONField(verbose_name="macht ihn rückgängig")),
                ("is_undone", models.BooleanField(default=False, verbose_name="rückgängig gemacht")),
            ],
            options={
                "verbose_name": "Schritt",
                "verbose_name_plural": "Schritte",
                "ordering": ["pk"],
            },
        ),
        migrations.AlterModelOptions(
            name="card",
            options={"ordering": ["position", "pk"], "verbose_name": "Karte", "verbose_name_plural": "Karten"},
        ),
        migrations.AlterModelOptions(
            name="cluster",
            options={"ordering": ["position", "pk"], "verbose_name": "Cluster", "verbose_name_plural": "Cluster"},
        ),
        migrations.RemoveConstraint(
            model_name="cluster",
            name="cluster_position_unique",
        ),
        migrations.AddField(
            model_name="card",
            name="is_hidden",
            field=models.BooleanField(default=False, verbose_name="verdeckt"),
        ),
        migrations.AddField(
            model_name="card",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="Schlüssel"),
        ),
        migrations.AddField(
            model_name="card",
            name="position",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="Stelle"),
        ),
        migrations.AddField(
            model_name="card",
            name="source",
            field=models.CharField(
                choices=[
                    ("PHONE", "am Telefon geschrieben"),
                    ("PAPER", "von Papier übernommen"),
                    ("SURVEY", "aus der Bedarfserhebung"),
                ],
                default="PAPER",
                max_length=6,
                verbose_name="Herkunft",
            ),
        ),
        migrations.AddField(
            model_name="cluster",
            name="is_dropped",
            field=models.BooleanField(default=False, editable=False, verbose_name="abgenommen"),
        ),
        migrations.AddField(
            model_name="guidingquestion",
            name="cards_each",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="Karten je Person und Runde"
            ),
        ),
        migrations.AddField(
            model_name="workshop",
            name="asked",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="evaluation.guidingquestion",
            ),
        ),
        migrations.AddField(
            model_name="workshop",
            name="asked_in",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="evaluation.round",
            ),
        ),
        migrations.AddField(
            model_name="workshop",
            name="code",
            field=models.CharField(
                default=evaluation.models.surveys.random_code,
                editable=False,
                max_length=6,
                verbose_name="Code der Wand",
            ),
        ),
        migrations.AddField(
            model_name="workshop",
            name="revision",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="Stand der Wände"),
        ),
        migrations.AddField(
            model_name="workshop",
            name="session",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="workshops",
                to="curriculum.session",
                verbose_name="Termin eines Durchgangs",
            ),
        ),
        migrations.AlterField(
            model_name="card",
            name="cluster",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cards",
                to="evaluation.cluster",
                verbose_name="Cluster",
            ),
        ),
        migrations.AlterField(
            model_name="guidingquestion",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("NEED", "Bedarf"),
                    ("COVERAGE", "Abdeckung"),
                    ("RECOMMENDATION", "Empfehlung"),
                    ("FREE", "eigene Frage"),
                ],
                max_length=15,
                verbose_name="Zweck",
            ),
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="card_has_text",
                violation_error_message="Auf einer Karte steht ein Gedanke; diese ist leer.",
            ),
        ),
        migrations.AddField(
            model_name="dot",
            name="cluster",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="dots",
                to="evaluation.cluster",
                verbose_name="Cluster",
            ),
        ),
        migrations.AddField(
            model_name="hand",
            name="guiding_question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="hands",
                to="evaluation.guidingquestion",
                verbose_name="Leitfrage",
            ),
        ),
        migrations.AddField(
            model_name="hand",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="hands",
                to="evaluation.round",
                verbose_name="Runde",
            ),
        ),
        migrations.AddField(
            model_name="poll",
            name="guiding_question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="polls",
                to="evaluation.guidingquestion",
                verbose_name="Leitfrage",
            ),
        ),
        migrations.AddField(
            model_name="dot",
            name="poll",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="dots",
                to="evaluation.poll",
                verbose_name="Punktabfrage",
            ),
        ),
        migrations.AddField(
            model_name="pollsheet",
            name="poll",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sheets",
                to="evaluation.poll",
                verbose_name="Punktabfrage",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="von",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="guiding_question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="steps",
                to="evaluation.guidingquestion",
                verbose_name="Leitfrage",
            ),
        ),
        migrations.AddConstraint(
            model_name="hand",
            constraint=models.UniqueConstraint(
                fields=("guiding_question", "round", "phone"), name="hand_phone_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_open", True)),
                fields=("guiding_question",),
                name="poll_open_unique",
                violation_error_message="Zu dieser Leitfrage läuft schon eine Punktabfrage.",
            ),
        ),
        migrations.AddConstraint(
            model_name="poll",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__gte", 1), ("points_each__gte", 1)),
                name="poll_points_positive",
                violation_error_message="Es braucht mindestens eine Person und einen Punkt.",
            ),
        ),
        migrations.AddConstraint(
            model_name="dot",
            constraint=models.UniqueConstraint(fields=("poll", "cluster"), name="dot_cluster_unique"),
        ),
        migrations.AddConstraint(
            model_name="pollsheet",
            constraint=models.UniqueConstraint(fields=("poll", "key"), name="poll_sheet_unique"),
        ),
    ]
