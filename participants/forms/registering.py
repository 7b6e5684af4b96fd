"""The steps of a registration, and all of them together when it is checked and sent."""

from collections.abc import Mapping
from typing import Any

from curriculum.models import Cohort
from participants import drafts
from participants.forms.carried import CarriedForm, Slip, initial_of
from participants.forms.registrations import ClosingStepForm, ParticularsForm, TandemStepForm

TITLES = ("Tandem und Kommune", "Zu Ihnen", "Einwilligungen", "Angaben prüfen")
STEPS = 3


def step_form(
    step: int, *, cohort: Cohort, draft: Mapping[str, Any], data: Mapping[str, Any] | None
) -> CarriedForm:
    """The form of a step from 1 to `STEPS`: with what was sent, or else with what the draft holds."""
    if step == 1:
        return TandemStepForm(data, initial=initial_of(TandemStepForm, draft))
    if step == 2:
        return ParticularsForm(data, initial=initial_of(ParticularsForm, draft))
    return ClosingStepForm(
        data,
        initial=initial_of(ClosingStepForm, draft),
        cohort=cohort,
        form_of_registration=str(draft.get("form", "")),
        own_email=str(draft.get("email", "")).strip().lower(),
    )


def title_of(step: int, form: CarriedForm) -> str:
    """What a step is called on its page and on „Angaben prüfen“."""
    return "Zweite Person und Einwilligungen" if "partner_email" in form.fields else TITLES[step - 1]


class RegistrationInput:
    """What was typed in all steps, checked together."""

    def __init__(self, cohort: Cohort, data: Mapping[str, Any]) -> None:
        self.data = data
        self.forms = [step_form(step, cohort=cohort, draft=data, data=data) for step in range(1, STEPS + 1)]

    @property
    def incomplete_step(self) -> int | None:
        """The first step in which something is missing or wrong."""
        return next((number for number, form in enumerate(self.forms, start=1) if not form.is_valid()), None)

    @property
    def sections(self) -> list[tuple[int, str, list[tuple[str, str]]]]:
        """Number and title of each step, with what a person has said in it."""
        return [(number, title_of(number, form), form.summary()) for number, form in enumerate(self.forms, start=1)]

    @property
    def slips(self) -> list[Slip]:
        """Addresses that were probably mistyped, in any step."""
        return [slip for form in self.forms for slip in form.slips]

    @property
    def payload(self) -> str:
        """Everything, signed, so that what is sent is what was shown."""
        return drafts.pack({name: value for form in self.forms for name, value in form.typed().items()})

    @property
    def is_without_partner(self) -> bool:
        return not self.forms[2].cleaned_data.get("partner_email")

    def submission(self) -> dict[str, Any]:
        """The arguments of `submit_registration`."""
        tandem, person, closing = self.forms
        assert isinstance(person, ParticularsForm)  # noqa: S101 -- for the type checker
        assert isinstance(closing, ClosingStepForm)  # noqa: S101 -- for the type checker
        return {
            **tandem.cleaned_data,
            "partner_email": closing.cleaned_data.get("partner_email", ""),
            "particulars": person.particulars(),
            "wishes": closing.wishes(),
        }
