"""Settings of the test suite: the product's own, with cheap passwords and work done at once."""

import atexit
import os
import shutil
import tempfile

os.environ.setdefault("SECRET_KEY", "only-for-tests-only-for-tests-only-for-tests-only")
os.environ.setdefault("BALLOT_SECRET", "only-for-tests-too")
os.environ.setdefault("BASE_URL", "http://testserver")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("DEMO", "false")

from netzkoord.settings import *  # noqa: F403 -- the environment above comes first
from netzkoord.settings import STORAGES, TEMPLATES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PRIVATE_FILES = tempfile.mkdtemp(prefix="netzkoord-tests-")
atexit.register(shutil.rmtree, PRIVATE_FILES, ignore_errors=True)
STORAGES = STORAGES | {
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_FILES, "base_url": None},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


class UnknownVariable(str):
    """An unknown template variable fails the test that meets it."""

    __slots__ = ()

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"unknown template variable {name}")

    def __contains__(self, key: object) -> bool:
        return key == "%s" or super().__contains__(str(key))


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UnknownVariable("unknown template variable %s")
