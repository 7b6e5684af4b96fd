"""Words and columns that the modules on registrations share."""

from typing import Any

from netzkoord.models import User

OF_THE_REGISTRATION = "steht bei Ihren Anmeldungen"
OF_THE_TANDEM = "ist Ihr Tandem, das oben steht"
OF_SOMEBODY_ELSE = "gehört einer anderen Person"


def cohort_of(row: Any, _: User) -> str:
    return str(row.registration.cohort)


def tandem_of(row: Any, _: User) -> str:
    return f"{row.tandem}, {row.tandem.cohort}"


# To which registration, and to which tandem, a row belongs.
COHORT = {"cohort": ("Durchgang", cohort_of)}
TANDEM = {"tandem_of": ("Tandem", tandem_of)}
