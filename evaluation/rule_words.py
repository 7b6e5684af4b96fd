"""The rules of a cohort in German sentences. Pure."""

from evaluation.models import Purpose, SurveyRule
from netzkoord.lib.sentences import counted, listed

# How a purpose is named in an address.
SLUGS = {
    Purpose.NEEDS: "bedarf",
    Purpose.START: "beginn",
    Purpose.FEEDBACK: "rueckmeldung",
    Purpose.END: "abschluss",
    Purpose.TRANSFER: "transfer",
}
PURPOSES = {slug: purpose for purpose, slug in SLUGS.items()}


def rule_sentences(rule: SurveyRule) -> str:
    """When surveys of this purpose open and close by themselves, and who is reminded when."""
    if not rule.is_active:
        return f"Startet nicht von selbst. {reminder_sentence(rule)}"
    return f"{period_sentence(rule)} {reminder_sentence(rule)}"


def period_sentence(rule: SurveyRule) -> str:
    before = f"{counted(rule.lead_days, 'Tag', 'Tage')} vor dem ersten Termin"
    open_for = f"bleibt {counted(rule.open_days, 'Tag', 'Tage')} offen"
    if rule.purpose == Purpose.NEEDS:
        return f"Öffnet, sobald jemand angenommen ist, und schließt {before} um 24\u00a0Uhr."
    if rule.purpose == Purpose.START:
        return f"Öffnet {before} und schließt mit dessen Ende."
    if rule.purpose == Purpose.TRANSFER:
        return f"Öffnet {counted(rule.months_after, 'Monat', 'Monate')} nach dem letzten Termin und {open_for}."
    of = "jedes Termins" if rule.purpose == Purpose.FEEDBACK else "des letzten Termins"
    return f"Öffnet 30\u00a0Minuten vor dem Ende {of} und {open_for}."


def reminder_sentence(rule: SurveyRule) -> str:
    days = [str(day) for day in (rule.first_reminder_days, rule.second_reminder_days) if day is not None]
    if not days:
        return "Erinnert niemanden."
    word = "Tag" if days == ["1"] else "Tagen"
    return f"Wer nicht antwortet, wird nach {listed(days)}\u00a0{word} erinnert."
