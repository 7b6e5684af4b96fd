"""The mails about certificates. The link is the start page, for everybody the same: they are not private.

To a person, or to both of a tandem, whatever has become of their places meanwhile. Why a certificate no longer
holds is never said: the reason stays with the organisers.
"""

from collections.abc import Iterator

from netzkoord.lib import links, mail
from netzkoord.templatetags.german import long_date
from participants.mails import about
from participants.models import Certificate, CertificatePaper, Registration
from participants.queries.pairs import pair_of


def send_paper_ready(certificate: Certificate) -> None:
    """The paper can be downloaded; the mail says so, too, if it takes the place of one in somebody's hands."""
    replaced = certificate.replaces
    if replaced and has_paper(replaced):
        send(certificate, "certificate_replaced", replaced_number=replaced.number)
    elif certificate.is_personal:
        send(certificate, "certificate_issued")
    else:
        send(certificate, "municipality_certificate_issued")


def send_revoked(certificate: Certificate) -> None:
    """Nothing, where no paper has been made yet: nobody knows of it."""
    if has_paper(certificate):
        send(certificate, "certificate_revoked")


def has_paper(certificate: Certificate) -> bool:
    """Without fetching the PDF."""
    return CertificatePaper.objects.filter(certificate=certificate).exists()


def send(certificate: Certificate, name: str, **context: str) -> None:
    values = {
        "certificate": certificate.get_kind_display(),
        "number": certificate.number,
        "issued_on": long_date(certificate.issued_on),
        "link": links.absolute("start"),
    }
    if not certificate.is_personal:
        values["municipality"] = certificate.content["name"]
    for half in holders_of(certificate):
        if mail.is_address(half.email):
            known = about(half) | values | context
            mail.send(half.email, f"participants/mail/{name}.txt", known, reply_to=half.cohort.contact)


def holders_of(certificate: Certificate) -> Iterator[Registration]:
    if certificate.registration:
        yield certificate.registration
    elif certificate.tandem:
        pair = pair_of(certificate.tandem)
        yield from pair.both if pair else certificate.tandem.confirmed_registrations()
