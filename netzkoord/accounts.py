"""How allauth behaves here: accounts come from elsewhere, `User.email` is the only address, links are our own."""

import base64
import io
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import url_has_allowed_host_and_scheme

from netzkoord.lib import links, mail
from netzkoord.lib.http import client_ip
from netzkoord.models import User

# These mails open an account, and for how long.
OPENS_AN_ACCOUNT = {
    "account/email/login_code": timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT),
    "account/email/password_reset_key": timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
}


def user_with(email: str) -> User | None:
    """The active account with this address, without regard to case."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def address_of(user: AbstractBaseUser) -> str:
    """The address of an account; allauth's own table of addresses stays empty."""
    return str(getattr(user, user.get_email_field_name()))


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by password or code; mails through our outbox, redirects to own paths only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Dieses Konto ist stillgelegt. Bitte wenden Sie sich an die Organisation.",
        "email_password_mismatch": "E-Mail-Adresse oder Passwort stimmt nicht. Bitte prüfen Sie beides.",
        "enter_current_password": "Das bisherige Passwort stimmt nicht.",
        "incorrect_code": "Dieser Code stimmt nicht. Bitte prüfen Sie, ob er aus der neuesten Mail kommt.",
        "incorrect_password": "Das Passwort stimmt nicht.",
        "invalid_password_reset": "Dieser Link gilt nicht mehr. Bitte fordern Sie einen neuen an.",
        "too_many_login_attempts": "Zu viele Versuche. Bitte warten Sie fünf Minuten.",
        "rate_limited": "Zu viele Anfragen. Bitte warten Sie eine Minute.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from a registration or from an organiser, never from a sign-up form."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def is_safe_url(self, url: str) -> bool:
        """Own paths only: no host, no scheme, no backslash or second slash that a browser reads as a host."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From the configured base; allauth would take the Host header."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.BASE_URL + path.replace("UID-KEY", quote(key))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """One text of ours per mail of allauth: `account/email/login_code.txt`."""
        link = context.get("password_reset_url") or links.absolute("account_login")
        good_for = OPENS_AN_ACCOUNT.get(template_prefix)
        mail.send(
            email,
            f"{template_prefix}.txt",
            {"code": context.get("code", ""), "link": link},
            headers=mail.PRIVATE if good_for else None,
            good_for=good_for,
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        self.send_mail(template_prefix, address_of(user), context or {})

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """By the account's own address; counted like any other try."""
        found = self.authenticate(allauth_context.request, email=address_of(user), password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        labels = {
            "reauthenticate": "Mit dem Passwort",
            "mfa_reauthenticate": "Mit einem Code der App oder einem Ersatzcode",
            "mfa_reauthenticate:webauthn": "Mit einem Passkey",
        }
        return [
            method | {"description": labels[method["id"]]} for method in super().get_reauthentication_methods(user)
        ]


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted in the database, their names are German."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": "Der zweite Schritt kann nicht abgeschaltet werden.",
        "cannot_generate_recovery_codes": "Ersatzcodes gibt es erst, wenn ein zweiter Schritt eingerichtet ist.",
        "incorrect_code": "Dieser Code stimmt nicht. Bitte nehmen Sie den, den die App gerade zeigt.",
    }

    def encrypt(self, text: str) -> str:
        return keyring().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return keyring().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = user.authenticator_set.filter(type=type).count() + 1
        return "Passkey" if number == 1 else f"Passkey {number}"

    def build_totp_svg(self, url: str) -> str:
        """Black on white whatever the colours of the page: a camera must read it in the dark scheme, too."""
        buffer = io.BytesIO()
        segno.make(url, error="m").save(buffer, kind="svg", xmldecl=False, dark="#000", light="#fff", border=4)
        return buffer.getvalue().decode()

    def get_totp_label(self, user: Any) -> str:
        return address_of(user)

    def _get_site_name(self) -> str:
        """What the browser shows beside the passkey; allauth would take the Host header."""
        return "netzkoord"


def keyring() -> MultiFernet:
    """Encrypts with a key derived from SECRET_KEY; also decrypts what SECRET_KEY_FALLBACKS once encrypted."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(derived_key(force_bytes(secret))) for secret in secrets])


def derived_key(secret: bytes) -> bytes:
    key = HKDF(hashes.SHA256(), 32, salt=None, info=b"netzkoord second factors").derive(secret)
    return base64.urlsafe_b64encode(key)
