"""A cohort's rule for certificates: its fields, and the one sentence that the announcement prints."""

from curriculum.models import Cohort
from netzkoord.lib.sentences import listed
from netzkoord.templatetags.german import NBSP, long_date

# What the database keeps once the cohort is announced; `make_up_until` may still be set later.
FIXED_FIELDS = (
    "attendance_threshold_percent",
    "grants_certificate",
    "certificate_threshold_percent",
    "needs_project",
    "needs_colloquium",
)
RULE_FIELDS = (*FIXED_FIELDS, "make_up_until")


def certificate_rule_sentence(cohort: Cohort) -> str:
    """„Wer mindestens 80 % der Unterrichtseinheiten besucht, erhält die Teilnahmebescheinigung; …“"""
    share = f"mindestens {cohort.attendance_threshold_percent}{NBSP}%"
    beyond = beyond_attendance(cohort) if cohort.grants_certificate else ""
    both = " und das Zertifikat" if cohort.grants_certificate and not beyond else ""
    parts = [f"Wer {share} der Unterrichtseinheiten besucht, erhält die Teilnahmebescheinigung{both}"]
    if beyond:
        parts.append(f"wer {beyond}, das Zertifikat")
    if cohort.make_up_until:
        parts.append(f"Fehlendes kann bis {long_date(cohort.make_up_until)} nachgeholt werden")
    return "; ".join(parts) + "."


def beyond_attendance(cohort: Cohort) -> str:
    """What the Zertifikat asks for and the Teilnahmebescheinigung does not; empty when they ask for the same."""
    needed = [
        *(["ein Praxisprojekt"] if cohort.needs_project else []),
        *(["ein Kolloquium"] if cohort.needs_colloquium else []),
    ]
    achievements = f"{listed(needed)} abschließt" if needed else ""
    if cohort.certificate_threshold_percent == cohort.attendance_threshold_percent:
        return f"dazu {achievements}" if achievements else ""
    share = f"mindestens {cohort.certificate_threshold_percent}{NBSP}% besucht"
    return " und ".join(filter(None, [share, achievements]))
