"""Attacks on what a count should have left nothing of, and on what the server writes down besides."""

from collections import defaultdict

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Length
from django.utils import timezone

from evaluation.attacks.attempts import Attempt, is_postgresql, number_of, select
from evaluation.models import Draft, Envelope, Outcome, PaperSheet, Purpose, SealedCodes, Survey

SETTLED = Q(outcome__in=[Outcome.COUNTED, Outcome.POOLED, Outcome.DESTROYED])


def left_behind() -> Attempt:
    """Sealed ballots, drafts, paper and keys of counted surveys, and traces that are still to be erased."""
    settled = Survey.objects.anonymous().filter(SETTLED)
    drafts = Draft.objects.filter(Q(survey__in=settled) | Q(survey__outcome=Outcome.WITHHELD))
    paper = PaperSheet.objects.filter(survey__in=settled).exclude(first=b"", second=b"")
    keys = settled.filter(Q(public_key__isnull=False) | Q(wrapped_private_key__isnull=False))
    last = settled.filter(purpose=Purpose.TRANSFER).values("cohort")
    late = Survey.objects.filter(must_forget=True, counted_on__lt=timezone.localdate())
    found = {
        "versiegelte Stimmen": Envelope.objects.filter(survey__in=settled),
        "Entwürfe": drafts,
        "Eingaben von Papier": paper,
        "Schlüssel": keys,
        "Codes": SealedCodes.objects.filter(survey__cohort__in=last),
        "ungetilgte Spuren": late,
    }
    findings = [
        f"{count} {what} ausgezählter Erhebungen" for what, rows in found.items() if (count := rows.count())
    ]
    return Attempt("Reste", number_of(settled.count(), "ausgezählte Erhebung", "ausgezählte Erhebungen"), findings)


def sizes() -> Attempt:
    """Sealed ballots and drafts of one survey must be of one length, or it would tell about the answers."""
    findings, number = [], 0
    for model in (Envelope, Draft):
        lengths: dict[int, set[int]] = defaultdict(set)
        for survey, length in model._default_manager.values_list("survey", Length("sealed")):
            lengths[survey].add(length)
            number += 1
        findings += [
            f"{model._meta.verbose_name_plural} der Erhebung {survey} sind verschieden lang"
            for survey, found in lengths.items()
            if len(found) > 1
        ]
    return Attempt("Längen", f"{number_of(number, 'verschlüsselter Eintrag', 'verschlüsselte Einträge')}", findings)


def configuration() -> Attempt:
    """What the database keeps or writes down that it should not."""
    findings = postgresql_settings() if is_postgresql() else sqlite_settings()
    if settings.BALLOT_SECRET == settings.SECRET_KEY:
        findings.append("BALLOT_SECRET und SECRET_KEY sind gleich")
    return Attempt("Einstellungen", "Einstellungen der Datenbank und der Geheimnisse", findings)


def sqlite_settings() -> list[str]:
    is_on = select("PRAGMA secure_delete")[0][0]
    return [] if is_on else ["secure_delete ist aus: Gelöschtes bleibt in der Datei lesbar"]


def postgresql_settings() -> list[str]:
    names = "track_commit_timestamp", "log_statement", "log_min_duration_statement", "log_parameter_max_length"
    found = dict(select("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", list(names)))
    findings = []
    if found["track_commit_timestamp"] == "on":
        findings.append("track_commit_timestamp ist an: zu jeder Zeile steht, wann sie geschrieben wurde")
    if found["log_statement"] in ("mod", "all"):
        findings.append(f"log_statement = {found['log_statement']}: das Protokoll enthält, was gesendet wurde")
    if found["log_min_duration_statement"] != "-1" and found["log_parameter_max_length"] != "0":
        findings.append(
            "log_min_duration_statement schreibt Werte mit (log_parameter_max_length = 0 verhindert es)"
        )
    return findings
