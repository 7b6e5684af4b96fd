"""How many different people are in a pool, what is kept of needs surveys, and a key for those that have none yet."""

import secrets
from importlib import import_module

import django.db.models.deletion
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import migrations, models
from django.db.models import Count, F, Q, Sum
from django.utils import timezone

promises = import_module("evaluation.migrations.0010_surveys_keep_their_promise")

CONDITION, SENTENCE = promises.KEPT["evaluation_surveypool"]
KEPT = promises.KEPT | {"evaluation_surveypool": (f"{CONDITION} OR OLD.people <> NEW.people", SENTENCE)}


def freeze(apps, schema_editor):
    promises.freeze(apps, schema_editor, KEPT)


def count_people(apps, schema_editor):
    """They were so many as were promised when they were pooled, whoever was erased since."""
    invitations = apps.get_model("evaluation", "Invitation").objects.filter(participation__isnull=False)
    for pool in apps.get_model("evaluation", "SurveyPool").objects.all():
        people = invitations.filter(survey__pool=pool).values("registration").distinct().count()
        pool.people = max(people, pool.minimum_answers)
        pool.save(update_fields=["people"])


def keep_totals(apps, schema_editor):
    """Of the needs surveys that were settled when they closed: what has a key yet is settled by the worker."""
    totals = apps.get_model("evaluation", "TopicTotal").objects
    answers = apps.get_model("evaluation", "PersonalAnswer").objects.filter(
        invitation__participation__isnull=False, topic__isnull=False, number__isnull=False, skill__isnull=False
    )
    for survey in ended(apps):
        rows = answers.filter(invitation__survey=survey).order_by().values("topic")
        for row in rows.annotate(people=Count("pk"), first=Sum("number"), second=Sum("skill")):
            if row["people"] >= survey.minimum_answers:
                totals.create(
                    survey=survey,
                    topic_id=row["topic"],
                    people=row["people"],
                    importance=row["first"],
                    skill=row["second"],
                )


def ended(apps):
    surveys = apps.get_model("evaluation", "Survey").objects
    return surveys.filter(purpose="NEEDS", closes_at__lte=timezone.now(), wrapped_private_key__isnull=True)


def give_keys(apps, schema_editor):
    """A needs survey of the time before surveys had keys took no answers any more."""
    surveys = apps.get_model("evaluation", "Survey").objects
    for survey in surveys.filter(purpose="NEEDS", closes_at__gt=timezone.now(), public_key__isnull=True):
        survey.public_key, survey.wrapped_private_key = new_key_pair()
        survey.save(update_fields=["public_key", "wrapped_private_key"])


def new_key_pair():
    """The public half, and the private one wrapped with the operator's secret."""
    private = X25519PrivateKey.generate()
    public, nonce = private.public_key().public_bytes_raw(), secrets.token_bytes(12)
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"netzkoord ballot key")
    cipher = AESGCM(kdf.derive(settings.BALLOT_SECRET.encode()))
    return public, nonce + cipher.encrypt(nonce, private.private_bytes_raw(), public)


class Migration(migrations.Migration):
    dependencies = [("evaluation", "0012_pairs_instead_of_codes")]

    operations = [
        migrations.RunPython(promises.thaw, promises.freeze),
        migrations.AddField(
            "surveypool",
            "people",
            models.PositiveIntegerField(default=0, editable=False, verbose_name="verschiedene Personen"),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="TopicTotal",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("people", models.PositiveIntegerField(verbose_name="Personen")),
                ("importance", models.PositiveIntegerField(verbose_name="Summe der Wichtigkeit")),
                ("skill", models.PositiveIntegerField(verbose_name="Summe des Könnens")),
                (
                    "survey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="topic_totals",
                        to="evaluation.survey",
                        verbose_name="Erhebung",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="totals",
                        to="curriculum.topic",
                        verbose_name="Thema",
                    ),
                ),
            ],
            options={"verbose_name": "Summe zu einem Thema", "verbose_name_plural": "Summen zu Themen"},
        ),
        migrations.AddConstraint(
            "topictotal", models.UniqueConstraint(fields=("survey", "topic"), name="topic_total_unique")
        ),
        migrations.AddConstraint(
            "topictotal",
            models.CheckConstraint(
                condition=Q(people__gte=3)
                & Q(importance__gte=F("people"), importance__lte=F("people") * 4)
                & Q(skill__gte=F("people"), skill__lte=F("people") * 4),
                name="topic_total_of_marks_from_one_to_four",
            ),
        ),
        migrations.RunPython(count_people, migrations.RunPython.noop),
        migrations.AddConstraint(
            "surveypool",
            models.CheckConstraint(
                condition=Q(people__gte=F("minimum_answers")), name="survey_pool_of_enough_people"
            ),
        ),
        migrations.RunPython(freeze, promises.thaw),
        migrations.RunPython(keep_totals, migrations.RunPython.noop),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
