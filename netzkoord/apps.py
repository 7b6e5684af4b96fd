import importlib

from django.apps import AppConfig
from django.core import validators
from django.forms import Field

TOO_LONG = "Das sind %(show_value)d Zeichen, Platz ist für %(limit_value)d. Bitte kürzen Sie die Angabe."
TOO_SHORT = "Das sind %(show_value)d Zeichen, nötig sind mindestens %(limit_value)d. Bitte ergänzen Sie die Angabe."
TOO_LARGE = "Das ist zu viel: Möglich ist höchstens %(limit_value)s. Bitte geben Sie weniger an."
TOO_SMALL = "Das ist zu wenig: Möglich ist mindestens %(limit_value)s. Bitte geben Sie mehr an."


class NetzkoordConfig(AppConfig):
    name = "netzkoord"
    verbose_name = "der Rahmen"

    def ready(self) -> None:
        """Django's own sentences say that a rule is broken; ours say what to do.

        For a validator that is given no sentence of its own; so one place says it for every form.
        """
        Field.default_error_messages["required"] = "Bitte füllen Sie dieses Feld aus."
        importlib.import_module("netzkoord.checks")  # registers them
        validators.MaxLengthValidator.message = TOO_LONG
        validators.MinLengthValidator.message = TOO_SHORT
        validators.MaxValueValidator.message = TOO_LARGE
        validators.MinValueValidator.message = TOO_SMALL
