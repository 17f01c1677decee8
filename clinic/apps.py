"""The clinic app: imported by patients and planner, importing neither."""

from django.apps import AppConfig


class ClinicConfig(AppConfig):
    name = "clinic"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """What forms say is ours before the first form is made."""
        from clinic.wording import say_it_our_way

        say_it_our_way()
