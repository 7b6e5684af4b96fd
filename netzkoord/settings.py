"""Settings of the platform: one file; what differs between machines comes from the environment."""

from email.utils import parseaddr
from pathlib import Path
from typing import Any

import environ
import font_source_sans_pro
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.encoding import punycode

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")

# Secrets. A missing one stops the start and names itself.
SECRET_KEY: str = env("SECRET_KEY")
# Wraps the private keys of anonymous surveys; kept apart from the database and its backups.
BALLOT_SECRET: str = env("BALLOT_SECRET")
# Results of anonymous surveys are shown from so many answers on.
MINIMUM_ANSWERS: int = env.int("MINIMUM_ANSWERS", default=5)
if MINIMUM_ANSWERS < 3:
    raise ImproperlyConfigured("MINIMUM_ANSWERS: never below 3, or people could be recognised")

DEBUG: bool = env.bool("DEBUG", default=False)
# Demo: invented people, mail stays in the outbox, a ribbon on every page.
DEMO: bool = env.bool("DEMO", default=False)
VAR_DIR: Path = env("VAR_DIR", cast=Path, default=BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)  # SQLite does not make the folder of its file
# Uploaded files belong to one database: its worker deletes those that have no row there.
FILES_DIR: Path = VAR_DIR / "demo" / "files" if DEMO else VAR_DIR / "files"

# Links in mails and on paper start with this address, never with the Host header of a request.
BASE_URL: str = env("BASE_URL").rstrip("/")
IS_HTTPS: bool = BASE_URL.startswith("https://")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS: list[str] = [BASE_URL] if IS_HTTPS else []

INSTALLED_APPS = [
    "netzkoord",
    "curriculum",
    "participants",
    "evaluation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_bootstrap5",
    "crispy_forms",
    "django_tasks",
    "django_tasks_db",
    "post_office",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "netzkoord.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "netzkoord.middleware.no_store",
    "netzkoord.middleware.permissions_policy",
    "netzkoord.middleware.no_null",
    "netzkoord.middleware.explained_refusal",
    "netzkoord.middleware.KeptInput",
    "netzkoord.middleware.WaitingPapers",
    "netzkoord.middleware.EndedLinks",
]

ROOT_URLCONF = "netzkoord.urls"
WSGI_APPLICATION = "netzkoord.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "netzkoord.context.site",
            ],
        },
    },
]
FORM_RENDERER = "netzkoord.lib.rendering.FormRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# SQLite as a web site needs it (docs/performance.md has the figures). What is deleted is overwritten.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
    ),
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'netzkoord.sqlite3'}"),
}
# To open SQLite anew for each request, and to read its schema, takes longer than most pages.
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Counters of the rate limits are shared by all web processes and survive a restart. Past MAX_ENTRIES (Django's
# own are 300) living counters would be thrown away with the expired ones: whoever asks for codes for enough
# invented addresses could guess on. The worker deletes what has expired.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "netzkoord_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}
SILENCED_SYSTEM_CHECKS = [
    "auth.E003",  # the address is unique without regard to case, by a constraint on Lower("email")
    "django_ratelimit.E003",  # the database cache is shared; that it does not count atomically lets a
    "django_ratelimit.W001",  # burst through by a few, which a limit of this kind can bear
]
# The proxy in front of the application that may name the client's address (one hop); empty: none.
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", default=[])

# Sign-in
AUTH_USER_MODEL = "netzkoord.User"
# Django's own: it finds the address without regard to case, in `User.email` and nowhere else.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "netzkoord.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is confirmed by the registration's own link
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mail of a town hall may take its time
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
# Per network so wide that a whole course may sign in from one room; per address narrow.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "request_login_code": "60/m/ip,3/5m/key",
    "reset_password": "20/m/ip,3/10m/key",
}
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_FORMS = {
    "change_password": "netzkoord.account_forms.ChangePasswordForm",
    "confirm_login_code": "netzkoord.account_forms.ConfirmLoginCodeForm",
    "login": "netzkoord.account_forms.LoginForm",
    "reauthenticate": "netzkoord.account_forms.ReauthenticateForm",
    "request_login_code": "netzkoord.account_forms.RequestLoginCodeForm",
    "reset_password": "netzkoord.account_forms.ResetPasswordForm",
    "reset_password_from_key": "netzkoord.account_forms.ResetPasswordKeyForm",
    "set_password": "netzkoord.account_forms.SetPasswordForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_ADAPTER = "netzkoord.accounts.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "netzkoord.account_forms.ActivateTOTPForm",
    "add_webauthn": "netzkoord.account_forms.AddWebAuthnForm",
    "authenticate": "netzkoord.account_forms.AuthenticateForm",
    "edit_webauthn": "netzkoord.account_forms.EditWebAuthnForm",
    "reauthenticate": "netzkoord.account_forms.ReauthenticateCodeForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}  # a passkey cannot be guessed; a room may sign in at once
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "netzkoord"
MFA_TOTP_TOLERANCE = 1  # clocks of telephones differ by half a minute
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS

# Messages may name people: they stay in the session, and no further cookie is set.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Language and time
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch")]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

# Static files: our own, and the typeface out of its package
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    ("fonts", Path(font_source_sans_pro.__file__).parent / "files"),
]
USES_STATIC_FINDERS = DEBUG or DEMO
WHITENOISE_USE_FINDERS = USES_STATIC_FINDERS
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Has no address: a view serves what lies here to those who may have it.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": FILES_DIR,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if USES_STATIC_FINDERS
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# A file that is too large is dropped while it comes in.
FILE_UPLOAD_HANDLERS = [
    "netzkoord.lib.uploads.RefuseLarge",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Mail: written into the outbox in the transaction that causes it; the worker sends it. In the demo it stays.
EMAIL_BACKEND = "post_office.EmailBackend"
DEFAULT_FROM_EMAIL: str = env("DEFAULT_FROM_EMAIL", default="netzkoord <kursbuero@netzkoord.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25")
EMAIL_HOST = EMAIL_CONFIG["EMAIL_HOST"]
EMAIL_PORT = EMAIL_CONFIG["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL_CONFIG["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = EMAIL_CONFIG["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 30
POST_OFFICE: dict[str, Any] = {
    "BACKENDS": {"default": EMAIL_CONFIG["EMAIL_BACKEND"]},
    "DEFAULT_PRIORITY": "medium",
    "CELERY_ENABLED": False,
    # The identity of a mail is given when it is written and speaks of the sender, not of this machine.
    "MESSAGE_ID_ENABLED": True,
    "MESSAGE_ID_FQDN": punycode(parseaddr(DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]) or "localhost",
}
# Tables of the mails that organisers edit (netzkoord/lib/mail_texts.py says how one is added).
MAIL_OCCASIONS = [
    "participants.occasions",
    "participants.occasions_waiting",
    "participants.occasions_transfer",
    "netzkoord.occasions",
    "evaluation.occasions",
    "curriculum.occasions",
]

# The seal: key and certificate of the operator as a PKCS#12 file. Without one nothing is signed.
SEAL_FILE: str = env("SEAL_FILE", default="")
SEAL_PASSPHRASE: str = env("SEAL_PASSPHRASE", default="")

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
CSRF_FAILURE_VIEW = "netzkoord.views.errors.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^gesundheit/$"]  # a probe asks the process itself, without TLS
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_personal_links": {"()": "netzkoord.lib.logs.WithoutPersonalLinks"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["without_personal_links"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Without a handler of its own it would bring one and say everything twice.
    "loggers": {
        "post_office": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # a 403 or 404 is an answer, not an event
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},  # so is a 413; it came with a traceback
    },
}
