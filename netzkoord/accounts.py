"""How allauth behaves here: no open sign-up, one German sentence per refusal."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from a registration or from an organiser, never from a sign-up form."""
        return False
