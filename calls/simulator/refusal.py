"""How Twilio's REST API refuses a request, and the numbers of its errors."""

from typing import Final

BAD_REQUEST: Final = 20001
UNAUTHORIZED: Final = 20003
NOT_FOUND: Final = 20404
TOO_MANY_REQUESTS: Final = 20429
INTERNAL: Final = 20500


class RefusedError(Exception):
    """A request is not carried out: `status` is the HTTP status, `code` Twilio's error number."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    def as_json(self) -> dict[str, object]:
        """Give the refusal as the REST API answers it."""
        return {
            "code": self.code,
            "message": str(self),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
