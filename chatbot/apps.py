from django.apps import AppConfig


class ChatbotConfig(AppConfig):
    """The bot: what it says, and how an editor writes it."""

    name = "chatbot"

    def ready(self) -> None:
        from chatbot import signals

        signals.connect()
