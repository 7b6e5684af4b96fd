import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0021_places_rule_and_offers"),
        ("evaluation", "0015_card_wall"),
    ]

    operations = [
        migrations.CreateModel(
            name="Coverage",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "degree",
                    models.CharField(
                        choices=[("FULL", "gedeckt"), ("PARTLY", "teilweise gedeckt")],
                        max_length=6,
                        verbose_name="Abdeckung",
                    ),
                ),
            ],
            options={
                "verbose_name": "Bedarfsabdeckung",
                "verbose_name_plural": "Bedarfsabdeckungen",
                "ordering": ["need", "module"],
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("title", models.CharField(max_length=120, verbose_name="Bedarf")),
                (
                    "audience",
                    models.CharField(
                        choices=[
                            ("MANAGER", "Führungskräfte"),
                            ("COORDINATOR", "Koordinierungskräfte"),
                            ("BOTH", "Führungs- und Koordinierungskräfte"),
                        ],
                        default="BOTH",
                        max_length=12,
                        verbose_name="Bei",
                    ),
                ),
                ("understanding", models.TextField(blank=True, verbose_name="So haben wir es verstanden")),
                (
                    "understood_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="verstanden am"),
                ),
                ("outcome", models.TextField(blank=True, verbose_name="Was daraus wurde")),
                (
                    "outcome_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="festgehalten am"),
                ),
            ],
            options={
                "verbose_name": "Bedarf",
                "verbose_name_plural": "Bedarfe",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="NeedSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="Wortlaut")),
                ("weight", models.PositiveSmallIntegerField(default=1, verbose_name="Nennungen")),
            ],
            options={
                "verbose_name": "Quelle",
                "verbose_name_plural": "Quellen",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="coverage",
            name="module",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="coverages",
                to="curriculum.module",
                verbose_name="Modul",
            ),
        ),
        migrations.AddField(
            model_name="coverage",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="coverages",
                to="curriculum.unit",
                verbose_name="Baustein",
            ),
        ),
        migrations.AddField(
            model_name="need",
            name="cohort",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="needs",
                to="curriculum.cohort",
                verbose_name="Durchgang",
            ),
        ),
        migrations.AddField(
            model_name="coverage",
            name="need",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="coverages",
                to="evaluation.need",
                verbose_name="Bedarf",
            ),
        ),
        migrations.AddField(
            model_name="needsource",
            name="cluster",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="need_sources",
                to="evaluation.cluster",
                verbose_name="Cluster",
            ),
        ),
        migrations.AddField(
            model_name="needsource",
            name="need",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="sources",
                to="evaluation.need",
                verbose_name="Bedarf",
            ),
        ),
        migrations.AddField(
            model_name="needsource",
            name="topic",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="need_sources",
                to="curriculum.topic",
                verbose_name="Thema",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.UniqueConstraint(
                fields=("cohort", "title"),
                name="need_title_unique",
                violation_error_message="Diesen Bedarf hat der Durchgang schon; legen Sie die Quellen dort dazu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="coverage",
            constraint=models.UniqueConstraint(
                fields=("need", "module"),
                name="coverage_unique",
                violation_error_message="Für dieses Modul steht die Abdeckung des Bedarfs schon da.",
            ),
        ),
        migrations.AddConstraint(
            model_name="needsource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cluster__isnull", False), ("text", ""), ("topic__isnull", True)),
                    models.Q(("cluster__isnull", True), ("text", ""), ("topic__isnull", False)),
                    models.Q(
                        ("cluster__isnull", True), ("topic__isnull", True), models.Q(("text", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="need_source_is_one",
                violation_error_message="Eine Quelle ist ein Cluster, ein Thema oder ein Wortlaut.",
            ),
        ),
        migrations.AddConstraint(
            model_name="needsource",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cluster__isnull", False)),
                fields=("need", "cluster"),
                name="need_source_cluster_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="needsource",
            constraint=models.UniqueConstraint(
                condition=models.Q(("topic__isnull", False)),
                fields=("need", "topic"),
                name="need_source_topic_unique",
            ),
        ),
    ]
