import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import curriculum.models.delivery


class Migration(migrations.Migration):
    dependencies = [
        ("curriculum", "0014_session_audience_from_tracks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="Stelle")),
                (
                    "kind",
                    models.CharField(
                        choices=[("UNIT", "Baustein"), ("BREAK", "Pause"), ("OTHER", "Sonstiges")],
                        default="UNIT",
                        max_length=6,
                        verbose_name="Art",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="Bezeichnung")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(
                                1, "Ein Punkt dauert zwischen 1 und 600 Minuten."
                            ),
                            django.core.validators.MaxValueValidator(
                                600, "Ein Punkt dauert zwischen 1 und 600 Minuten."
                            ),
                        ],
                        verbose_name="Minuten",
                    ),
                ),
            ],
            options={
                "verbose_name": "Punkt des Ablaufs",
                "verbose_name_plural": "Ablaufplan",
                "ordering": ["day__date", "position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "key",
                    models.CharField(
                        default=curriculum.models.delivery.new_feed_key,
                        editable=False,
                        max_length=64,
                        unique=True,
                        verbose_name="Schlüssel",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="angelegt am"
                    ),
                ),
            ],
            options={
                "verbose_name": "Kalender-Abo",
                "verbose_name_plural": "Kalender-Abos",
            },
        ),
        migrations.CreateModel(
            name="PracticeReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("practitioner", models.CharField(max_length=200, verbose_name="Praktiker/in")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="E-Mail-Adresse")),
                ("municipality", models.CharField(max_length=160, verbose_name="Kommune")),
                ("title", models.CharField(max_length=200, verbose_name="Titel")),
                ("text", models.TextField(blank=True, max_length=6000, verbose_name="Bericht")),
                (
                    "link_key",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="Schlüssel des Links"
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="Link gesendet am"),
                ),
                (
                    "released_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="freigegeben am"),
                ),
            ],
            options={
                "verbose_name": "Erlebnisbericht",
                "verbose_name_plural": "Erlebnisberichte",
                "ordering": ["session", "pk"],
            },
        ),
        migrations.CreateModel(
            name="SessionMaterial",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="Titel")),
                (
                    "file",
                    models.FileField(
                        storage=curriculum.models.delivery.private_storage,
                        upload_to=curriculum.models.delivery.random_name,
                        verbose_name="Datei",
                    ),
                ),
                ("original_name", models.CharField(editable=False, max_length=255, verbose_name="Dateiname")),
                ("content_type", models.CharField(editable=False, max_length=100, verbose_name="Dateityp")),
                ("size_bytes", models.PositiveIntegerField(editable=False, verbose_name="Größe in Byte")),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="hochgeladen am"
                    ),
                ),
                (
                    "released_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="freigegeben am"),
                ),
            ],
            options={
                "verbose_name": "Material",
                "verbose_name_plural": "Material",
                "ordering": ["session", "title", "pk"],
            },
        ),
        migrations.CreateModel(
            name="TrainerConfirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("sequence", models.PositiveIntegerField(verbose_name="Stand der Termine")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="gefragt am")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("", "noch offen"), ("YES", "zugesagt"), ("NO", "abgesagt")],
                        default="",
                        max_length=3,
                        verbose_name="Antwort",
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="geantwortet am")),
                ("remark", models.CharField(blank=True, max_length=500, verbose_name="Bemerkung")),
            ],
            options={
                "verbose_name": "Terminzusage",
                "verbose_name_plural": "Terminzusagen",
                "ordering": ["trainer__family_name", "trainer__given_names", "pk"],
            },
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="day",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="agenda",
                to="curriculum.sessionday",
                verbose_name="Tag",
            ),
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agenda_items",
                to="curriculum.unit",
                verbose_name="Baustein",
            ),
        ),
        migrations.AddField(
            model_name="calendarfeed",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="calendar_feed",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Person",
            ),
        ),
        migrations.AddField(
            model_name="practicereport",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="practice_reports",
                to="curriculum.session",
                verbose_name="Termin",
            ),
        ),
        migrations.AddField(
            model_name="sessionmaterial",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="materials",
                to="curriculum.session",
                verbose_name="Termin",
            ),
        ),
        migrations.AddField(
            model_name="sessionmaterial",
            name="uploaded_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="hochgeladen von",
            ),
        ),
        migrations.AddField(
            model_name="trainerconfirmation",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="confirmations",
                to="curriculum.session",
                verbose_name="Termin",
            ),
        ),
        migrations.AddField(
            model_name="trainerconfirmation",
            name="trainer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="date_confirmations",
                to=settings.AUTH_USER_MODEL,
                verbose_name="Trainer/in",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 1), ("minutes__lte", 600)),
                name="agenda_item_minutes_range",
                violation_error_message="Ein Punkt dauert zwischen 1 und 600 Minuten.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "UNIT"), ("unit__isnull", False)),
                    models.Q(
                        models.Q(("kind", "UNIT"), _negated=True),
                        ("unit__isnull", True),
                        models.Q(("title", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="agenda_item_is_unit_or_named",
                violation_error_message="Ein Punkt ist ein Baustein des Moduls oder hat eine eigene Bezeichnung.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practicereport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_at__isnull", True), models.Q(("text", ""), _negated=True), _connector="OR"
                ),
                name="practice_report_released_has_text",
                violation_error_message="Ein Bericht ohne Text kann nicht freigegeben werden.",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainerconfirmation",
            constraint=models.UniqueConstraint(fields=("session", "trainer"), name="trainer_confirmation_unique"),
        ),
        migrations.AddConstraint(
            model_name="trainerconfirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                    models.Q(models.Q(("answer", ""), _negated=True), ("answered_at__isnull", False)),
                    _connector="OR",
                ),
                name="trainer_confirmation_answered_has_time",
            ),
        ),
    ]
