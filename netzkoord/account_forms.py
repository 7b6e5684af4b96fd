"""Forms of the sign-in pages: allauth's own, with our words and with `User.email` as the only address."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context, ratelimit
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.validators import MaxLengthValidator

from netzkoord.accounts import user_with

EMAIL = "E-Mail-Adresse"
NEW_PASSWORD = "Neues Passwort"  # noqa: S105 -- a label
AGAIN = "Neues Passwort, noch einmal"
PASSWORD_RULE = "Mindestens 12 Zeichen. Ein ganzer Satz ist besser als ein kurzes Wort mit Sonderzeichen."  # noqa: S105


class Worded:
    """Puts our label and hint on each field; a placeholder vanishes while typing, so there is none."""

    fields: dict[str, forms.Field]
    labels: dict[str, str] = {}
    hints: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            if isinstance(field, forms.EmailField):
                field.validators.append(MaxLengthValidator(254))


class LoginForm(Worded, account.LoginForm):
    labels = {"login": EMAIL, "password": "Passwort"}


class RequestLoginCodeForm(Worded, account.RequestLoginCodeForm):
    labels = {"email": EMAIL}

    def clean_email(self) -> str:
        """Counted per address before anything is looked up; an unknown address is no error."""
        email: str = self.cleaned_data["email"]
        if not ratelimit.consume(context.request, action="request_login_code", key=email.lower()):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = user_with(email)
        return email


class ConfirmLoginCodeForm(Worded, account.ConfirmLoginCodeForm):
    labels = {"code": "Code aus der Mail"}


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    labels = {"email": EMAIL}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        user = user_with(email)
        self.users = [user] if user else []
        return email


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    labels = {"password1": NEW_PASSWORD, "password2": AGAIN}
    hints = {"password1": PASSWORD_RULE}


class SetPasswordForm(Worded, account.SetPasswordForm):
    labels = {"password1": NEW_PASSWORD, "password2": AGAIN}
    hints = {"password1": PASSWORD_RULE}


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    labels = {"oldpassword": "Bisheriges Passwort", "password1": NEW_PASSWORD, "password2": AGAIN}
    hints = {"password1": PASSWORD_RULE}


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    labels = {"password": "Passwort"}


class AuthenticateForm(Worded, mfa.AuthenticateForm):
    labels = {"code": "Code"}
    hints = {"code": "Sechs Ziffern aus Ihrer App – oder einer Ihrer Ersatzcodes."}


class ReauthenticateCodeForm(Worded, mfa.ReauthenticateForm):
    labels = {"code": "Code"}
    hints = {"code": "Sechs Ziffern aus Ihrer App – oder einer Ihrer Ersatzcodes."}


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):
    labels = {"code": "Code aus der App"}
    hints = {"code": "Sechs Ziffern, alle 30\u00a0Sekunden neue."}


class AddWebAuthnForm(Worded, webauthn.AddWebAuthnForm):
    labels = {"name": "Name des Passkeys", "passwordless": "Ohne Passwort anmelden"}
    hints = {
        "name": "Damit Sie ihn wiedererkennen, etwa „Diensthandy“.",
        "passwordless": "Der Passkey fragt dann selbst nach PIN, Finger oder Gesicht und genügt allein.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class EditWebAuthnForm(Worded, webauthn.EditWebAuthnForm):
    labels = {"name": "Name des Passkeys"}
