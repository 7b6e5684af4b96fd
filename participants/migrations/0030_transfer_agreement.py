"""What the two people of a tandem agree on: one for each tandem, confirmed only as it is and when it is whole."""

import datetime

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("participants", "0029_certificate_seal"),
    ]

    operations = [
        migrations.CreateModel(
            name="TransferAgreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("goal", models.TextField(blank=True, max_length=1000, verbose_name="Unser Ziel")),
                ("first_step", models.TextField(blank=True, max_length=1000, verbose_name="Unser erster Schritt")),
                (
                    "support",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="Unterstützung, die die Führungskraft zusagt"
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="Bis wann")),
                (
                    "changed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="geändert am"
                    ),
                ),
                (
                    "manager_confirmed_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="von der Führungskraft bestätigt am"
                    ),
                ),
                (
                    "coordinator_confirmed_at",
                    models.DateTimeField(
                        blank=True,
                        editable=False,
                        null=True,
                        verbose_name="von der Koordinierungskraft bestätigt am",
                    ),
                ),
                (
                    "reminded_of",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="erinnert an"),
                ),
                (
                    "coordinator",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.registration",
                        verbose_name="Koordinierungskraft",
                    ),
                ),
                (
                    "manager",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="participants.registration",
                        verbose_name="Führungskraft",
                    ),
                ),
                (
                    "tandem",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transfer_agreement",
                        to="participants.tandem",
                        verbose_name="Tandem",
                    ),
                ),
            ],
            options={
                "verbose_name": "Transfervereinbarung",
                "verbose_name_plural": "Transfervereinbarungen",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("manager", models.F("coordinator")), _negated=True),
                        name="transfer_agreement_between_two",
                        violation_error_message="Eine Vereinbarung schließen zwei Personen.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("coordinator_confirmed_at__isnull", True), ("manager_confirmed_at__isnull", True)
                            ),
                            models.Q(
                                models.Q(("goal", ""), _negated=True),
                                models.Q(("first_step", ""), _negated=True),
                                models.Q(("support", ""), _negated=True),
                                ("due_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_agreement_confirmed_is_whole",
                        violation_error_message="Bestätigen lässt sich nur, was vollständig ist.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("manager_confirmed_at__isnull", True),
                                ("manager_confirmed_at__gte", models.F("changed_at")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("coordinator_confirmed_at__isnull", True),
                                ("coordinator_confirmed_at__gte", models.F("changed_at")),
                                _connector="OR",
                            ),
                        ),
                        name="transfer_agreement_confirmed_as_it_is",
                        violation_error_message="Nach einer Änderung gilt keine frühere Bestätigung.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on__isnull", True),
                            models.Q(
                                ("due_on__gte", datetime.date(2000, 1, 1)),
                                ("due_on__lte", datetime.date(2099, 12, 31)),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_agreement_due_on_plausible",
                        violation_error_message="Bitte prüfen Sie das Jahr: Es liegt zwischen 2000 und 2099.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("goal"), 1000
                        ),
                        name="transfer_agreement_goal_fits",
                        violation_error_code="goal",
                        violation_error_message="Jeder Text hat höchstens 1000 Zeichen.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("first_step"), 1000
                        ),
                        name="transfer_agreement_first_step_fits",
                        violation_error_code="first_step",
                        violation_error_message="Jeder Text hat höchstens 1000 Zeichen.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("support"), 1000
                        ),
                        name="transfer_agreement_support_fits",
                        violation_error_code="support",
                        violation_error_message="Jeder Text hat höchstens 1000 Zeichen.",
                    ),
                ],
            },
        ),
    ]
