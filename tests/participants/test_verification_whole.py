"""The check page says all that the paper says: what the paper says and the page does not reads as forged."""

import datetime
import re
from dataclasses import replace
from html import unescape

import pytest
from django.urls import reverse

from participants.actions.certificates import issue_certificates
from participants.imprint import Signatory
from participants.models import Certificate
from tests.participants.finished import (
    IMPRINT,
    achieve,
    attending,
    attending_tandem,
    finished_cohort,
    make_up,
)
from tests.pdf import pdf_text

# The foot of each paper leads to the page, and there is no need to say so on the page itself.
FOOT = re.compile(
    r"Ob diese (Bescheinigung|Urkunde) gültig ist, zeigt der QR-Code oder die Seite \S+|Seite \d+ von \d+"
)
WORD = re.compile(r"\w+")


def whole(cohort, **fields):
    return attending(cohort, title="Dr.", given_names="Łucja", family_name="Größe", **fields)


def missed_afternoons(registration):
    registration.attendances.filter(half="AFTERNOON").update(presence="ABSENT")
    return registration


def reduced():
    registration = missed_afternoons(whole(finished_cohort()))
    return f"{registration.pk}-ATTENDANCE", registration.cohort


def with_all_that_counts():
    """A Zertifikat with time made up, project and colloquium."""
    cohort = finished_cohort(grants_certificate=True)
    registration = missed_afternoons(whole(cohort))
    make_up(registration, minutes=270)
    on = datetime.date(2026, 10, 28)
    achieve(registration, "PROJECT", title="Frühe Hilfen in einer Hand", units=4, completed_on=on)
    achieve(registration, "COLLOQUIUM", completed_on=datetime.date(2026, 10, 30))
    return f"{registration.pk}-QUALIFICATION", cohort


def of_a_municipality():
    tandem = attending_tandem(finished_cohort())
    return f"{tandem.pk}-MUNICIPALITY", tandem.cohort


@pytest.mark.parametrize("layout", ["PORTRAIT", "LANDSCAPE"])
@pytest.mark.parametrize("claimed", [reduced, with_all_that_counts, of_a_municipality])
def test_page_says_every_word_of_the_paper(client, organiser, claimed, layout):
    claim, cohort = claimed()
    imprint = replace(
        IMPRINT,
        layout=layout,
        intro="Im Auftrag des Landes.",
        signatories=(*IMPRINT.signatories, Signatory("Prof. Dr. Bo Zweite", "Wissenschaftliche Begleitung")),
    )

    (certificate,) = issue_certificates(cohort=cohort, by=organiser, imprint=imprint, only=[claim])

    paper = FOOT.sub("", pdf_text(Certificate.objects.get(pk=certificate.pk).paper.pdf))
    page = card_of(client.get(reverse("participants:certificate_verify", args=[certificate.code])))
    assert len(WORD.findall(paper)) > 50
    assert [word for word in WORD.findall(paper) if word not in WORD.findall(page)] == []


def card_of(response):
    """What a reader sees of the certificate, without what stands about it."""
    article = response.content.decode().split("<article")[1].split("</article>")[0]
    return unescape(re.sub(r"<[^>]+>", " ", article))


SENTENCES = {
    reduced: "hat an einem Teil der Fortbildung „Netzwerkkoordination in der Kommune“ teilgenommen und 8 von "
    "16 Unterrichtseinheiten (UE) zu je 45 Minuten besucht; das sind 8 UE weniger als geplant.",
    with_all_that_counts: "hat die Fortbildung „Netzwerkkoordination in der Kommune“ erfolgreich abgeschlossen "
    "und dabei 8 von 16 Unterrichtseinheiten (UE) zu je 45 Minuten besucht und 6 UE nachgeholt.",
}


@pytest.mark.parametrize("claimed", list(SENTENCES))
def test_page_says_in_the_words_of_the_paper_how_much_it_was(client, organiser, claimed):
    claim, cohort = claimed()

    (certificate,) = issue_certificates(cohort=cohort, by=organiser, imprint=IMPRINT, only=[claim])

    page = card_of(client.get(reverse("participants:certificate_verify", args=[certificate.code])))
    assert f"Dr. Łucja Größe {SENTENCES[claimed]}" in page.replace("\u00a0", " ")
    assert "31. Oktober 2026 bis 1. November 2026" in page.replace("\u00a0", " ")
