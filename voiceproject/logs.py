"""What is left out of the log."""

import logging

from voiceproject.phone_account import API_PATH


class PhoneRefusals(logging.Filter):
    """Leaves out what the phone has refused the server in Twilio's place.

    Such as to change a call that is over already: whoever asked is told, and logs what matters.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a line of Django's about a request is to be logged."""
        path: str = getattr(getattr(record, "request", None), "path", "")
        return record.levelno >= logging.ERROR or not path.startswith(f"{API_PATH}/")
