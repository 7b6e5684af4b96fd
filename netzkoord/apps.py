from django.apps import AppConfig
from django.forms import Field


class NetzkoordConfig(AppConfig):
    name = "netzkoord"
    verbose_name = "der Rahmen"

    def ready(self) -> None:
        """Django's own sentence says that a field is required; ours says what to do."""
        Field.default_error_messages["required"] = "Bitte füllen Sie dieses Feld aus."
