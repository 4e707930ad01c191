from django.apps import AppConfig


class ChatbotConfig(AppConfig):
    """The bot: what it says, and how an editor writes it."""

    name = "chatbot"
    verbose_name = "Bots"

    def ready(self) -> None:
        from chatbot import history, rehearsals, signals

        history.connect()  # before the signals: it looks at what these are about to change
        signals.connect()
        rehearsals.connect()
