"""„Bescheinigungen ausstellen“: who gets what, ticked as proposed or as a link says, and issued as seen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from curriculum.models import Cohort
from netzkoord.lib.http import Request
from participants.actions.certificates import ChangedMeanwhile, UnprintableText, issue_certificates
from participants.claims import Claim, proposal_in_words
from participants.forms.certificates import IssueForm
from participants.queries.certificates import all_claims, certificate_rows
from participants.queries.designs import imprint_for


@dataclass(frozen=True)
class Choice:
    """What a link ticks (`wanted`); the name stands in the address."""

    name: str
    label: str
    wanted: Callable[[Claim], bool]

    def of(self, claims: Sequence[Claim]) -> list[str]:
        return [claim.key for claim in claims if self.wanted(claim)]


PROPOSAL = Choice("", "Vorschlag", lambda claim: claim.is_due)
NONE = Choice("keine", "Keine", lambda claim: False)
CHOICES = [
    PROPOSAL,
    Choice(
        "ohne-aussicht",
        "Vorschlag ohne die mit Aussicht auf das Zertifikat",
        lambda claim: claim.is_due and not claim.may_still_qualify,
    ),
    Choice("alle", "Alle", lambda claim: True),
    NONE,
]


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("participants.add_certificate", raise_exception=True)
def certificate_issue(request: Request, pk: int) -> HttpResponse:
    """`auswahl` names what is ticked at first. What is not any more as the page has shown it is not issued."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    rows = certificate_rows(cohort)
    known = all_claims(cohort, rows)
    claims = [claim for claim in known if claim.is_available]
    form = IssueForm(request.POST if request.method == "POST" else None, claims=known)
    changed: list[str] = []
    if form.is_valid():
        try:
            issued = issue_certificates(cohort=cohort, by=request.user, seen=form.seen)
        except (ChangedMeanwhile, UnprintableText) as error:
            form.add_error(None, [ValidationError(sentence) for sentence in error.sentences])
            changed = error.keys if isinstance(error, ChangedMeanwhile) else []
        else:
            messages.success(request, issued_sentence(len(issued)))
            return redirect(issued[0].issuance if issued else list_address(cohort))
    choice = chosen(request)
    context = {
        "cohort": cohort,
        "form": form,
        "imprint": imprint_for(cohort, by=request.user),
        "claims": claims,
        "changed": changed,
        "proposal": proposal_in_words(claims),
        "hopeful_count": sum(claim.is_due and claim.may_still_qualify for claim in claims),
        "choices": choices_for(claims, choice),
        "with_new_name": [claim for claim in known if claim.needs_new_name],
        "refused": [row for row in rows if row.gets_nothing],
        "ticked": form.sent_keys if form.is_bound else choice.of(claims),
    }
    return render(request, "participants/certificate_issue.html", context)


def chosen(request: Request) -> Choice:
    name = request.GET.get("auswahl", "")
    return next((choice for choice in CHOICES if choice.name == name), PROPOSAL)


def choices_for(claims: Sequence[Claim], current: Choice) -> list[tuple[Choice, int, bool]]:
    """Each link with the number of its ticks, and whether it is the current one; what ticks the same only once."""
    ways = [(choice, keys) for choice in CHOICES if (keys := choice.of(claims)) or choice is NONE]
    first = {tuple(keys): choice for choice, keys in reversed(ways)}
    return [(choice, len(keys), choice is current) for choice, keys in ways if first[tuple(keys)] is choice]


def list_address(cohort: Cohort) -> str:
    return reverse("participants:certificate_list", args=[cohort.pk])


def issued_sentence(count: int) -> str:
    if not count:
        return "Es war keine Bescheinigung mehr auszustellen."
    if count == 1:
        return "Eine Bescheinigung ist ausgestellt. Sobald das PDF erstellt ist, geht eine Mail hinaus."
    return f"{count} Bescheinigungen sind ausgestellt. Sobald ein PDF erstellt ist, geht eine Mail hinaus."
