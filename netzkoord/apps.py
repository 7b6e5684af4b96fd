from django.apps import AppConfig


class NetzkoordConfig(AppConfig):
    name = "netzkoord"
    verbose_name = "der Rahmen"
