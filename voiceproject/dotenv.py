"""Writes the `.env` of a fresh machine: `python -m voiceproject.dotenv`.

Only where there is none. Its secrets are random, and its Twilio account is one that
exists nowhere: the simulator of `make call` plays it.
"""

import secrets
import sys
from pathlib import Path

TEMPLATE = """\
# Written once, for trying the product on this machine. `.env.example` explains every setting.
SECRET_KEY={secret_key}
DEBUG=true
PUBLIC_URL=http://127.0.0.1:8000
TWILIO_ACCOUNT_SID=AC{account}
TWILIO_AUTH_TOKEN={auth_token}
# The simulator of `make call` listens here and plays Twilio's REST API.
TWILIO_API_URL=http://127.0.0.1:8010
"""


def write(path: Path) -> bool:
    """Write the file, for its owner's eyes only; False where there is one already."""
    text = TEMPLATE.format(
        secret_key=secrets.token_urlsafe(48),
        account=secrets.token_hex(16),
        auth_token=secrets.token_hex(16),
    )
    try:
        with path.open("x", encoding="utf-8") as file:
            path.chmod(0o600)
            file.write(text)
    except FileExistsError:
        return False
    return True


def main() -> None:
    path = Path(__file__).resolve().parent.parent / ".env"
    if write(path):
        sys.stdout.write(f"Wrote {path} with random secrets.\n")


if __name__ == "__main__":
    main()
