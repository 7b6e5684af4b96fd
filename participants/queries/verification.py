"""What anybody may learn of a certificate: all of it by its code, little by its number alone."""

import re
import secrets

from participants.models import Certificate

CODE = re.compile(r"[0-9a-f]{32}")
NUMBER = re.compile(r"(?<![0-9])([0-9]{4})-([0-9]{1,9})(?![0-9])")


def certificate_by_code(code: str) -> Certificate | None:
    """The certificate with this code, in letters of either case, and its paper without the PDF itself.

    What is no code at all takes the same way as one that is unknown: one query.
    """
    code = code.lower()
    wanted = code if CODE.fullmatch(code) else "-" * 32
    found = Certificate.objects.with_fingerprint().filter(code=wanted).first()
    known = found.code if found else secrets.token_hex(16)
    return found if secrets.compare_digest(known, wanted) else None


def certificate_by_number(number: str) -> Certificate | None:
    """The certificate with this number; what is no number at all takes the same way as an unknown one."""
    year, ordinal = year_and_ordinal(number)
    return Certificate.objects.filter(year=year, ordinal=ordinal).first()


def is_number_of(certificate: Certificate, number: str) -> bool:
    return year_and_ordinal(number) == (certificate.year, certificate.ordinal)


def year_and_ordinal(number: str) -> tuple[int, int]:
    """Of „Nr. 2018-00017“ or „2018-17“; none has (0, 0)."""
    match = NUMBER.search(number)
    return (int(match[1]), int(match[2])) if match else (0, 0)
