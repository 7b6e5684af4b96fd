"""The list of participants (Teilnehmendenliste): who agreed to be on it, with the data that `consent_texts` names.

Everybody else is counted, never named.
"""

from dataclasses import dataclass

from curriculum.models import Cohort
from netzkoord.lib import pdf
from netzkoord.lib.sentences import counted
from participants.models import Consent, ConsentPurpose, Registration
from participants.queries.search import sorted_by_name

STYLES = ("css/pdf/contacts.css",)


@dataclass(frozen=True)
class ContactList:
    """The people of a cohort who agreed, by name, and how many did not."""

    people: list[Registration]
    others: int

    @property
    def others_sentence(self) -> str:
        """„und 4 weitere Personen“; empty when everybody is on the list."""
        if not self.others:
            return ""
        words = counted(self.others, "weitere Person", "weitere Personen")
        return f"und {words}" if self.people else counted(self.others, "Person", "Personen")


def contact_list(cohort: Cohort) -> ContactList:
    """Two queries, however many people there are."""
    accepted = Registration.objects.accepted().filter(cohort=cohort)
    agreed = Consent.objects.valid().filter(purpose=ConsentPurpose.CONTACT_LIST)
    people = accepted.filter(pk__in=agreed.values("registration")).select_related("tandem__municipality")
    found = sorted_by_name(people)
    return ContactList(found, accepted.count() - len(found))


def contact_paper(cohort: Cohort) -> bytes:
    """Raises `pdf.DocumentTooLarge`."""
    return pdf.render(
        "participants/pdf/contacts.html",
        {"cohort": cohort, "contacts": contact_list(cohort)},
        title=f"Teilnehmendenliste: {cohort}",
        styles=STYLES,
    )
