"""German addresses of the sign-in, below /konto/. The names are allauth's own, so that its redirects find them.

Only what is offered is here: there is no sign-up and no management of several addresses. Of these, the names
that allauth reverses in passing lead to a page that does not exist.
"""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path, re_path

from netzkoord.views import accounts

urlpatterns: list[URLPattern] = [
    path("", accounts.account, name="account_email"),
    path("anmelden/", account.login, name="account_login"),
    path("anmelden/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("anmelden/zweiter-schritt/", mfa.authenticate, name="mfa_authenticate"),
    path("abmelden/", account.logout, name="account_logout"),
    path("stillgelegt/", account.account_inactive, name="account_inactive"),
    path("code/", account.request_login_code, name="account_request_login_code"),
    path("code/bestaetigen/", account.confirm_login_code, name="account_confirm_login_code"),
    path("passwort/aendern/", account.password_change, name="account_change_password"),
    path("passwort/setzen/", account.password_set, name="account_set_password"),
    path("passwort/vergessen/", account.password_reset, name="account_reset_password"),
    path("passwort/vergessen/gesendet/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^passwort/neu/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("passwort/neu/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("bestaetigen/", account.reauthenticate, name="account_reauthenticate"),
    path("bestaetigen/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("bestaetigen/passkey/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sicherheit/", mfa.index, name="mfa_index"),
    path("sicherheit/app/einrichten/", totp.activate_totp, name="mfa_activate_totp"),
    path("sicherheit/app/abschalten/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("sicherheit/passkeys/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("sicherheit/passkeys/neu/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("sicherheit/passkeys/<int:pk>/umbenennen/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("sicherheit/passkeys/<int:pk>/entfernen/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("sicherheit/ersatzcodes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("sicherheit/ersatzcodes/neu/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "sicherheit/ersatzcodes/datei/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("neu/", accounts.not_offered, name="account_signup"),
    path("e-mail/", accounts.not_offered, name="account_email_verification_sent"),
    path("e-mail/<str:key>/", accounts.not_offered, name="account_confirm_email"),
]
