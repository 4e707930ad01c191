"""What a POST to the REST API does to a call.

Source: twilio.com/docs/voice/api/call-resource#update-a-call-resource.
"""

from collections.abc import Mapping
from typing import Final

from calls.simulator.call import SimulatedCall
from calls.simulator.interpreter import FromRest, FromUrl
from calls.simulator.refusal import BAD_REQUEST, RefusedError

MAX_TWIML_CHARACTERS: Final = 4000
NOT_IN_PROGRESS: Final = 21220
TWIML_TOO_LONG: Final = 32018


def update_call(call: SimulatedCall, form: Mapping[str, str]) -> None:
    """Change a call as a form asks for; raises RefusedError where Twilio would refuse."""
    twiml, url, status = form.get("Twiml"), form.get("Url"), form.get("Status")
    if twiml and url:
        raise RefusedError(400, BAD_REQUEST, "Twiml and Url exclude each other.")
    if status not in {None, "completed", "canceled"}:
        raise RefusedError(400, BAD_REQUEST, "Status must be completed or canceled.")
    if twiml and len(twiml) > MAX_TWIML_CHARACTERS:
        raise RefusedError(400, TWIML_TOO_LONG, "Twiml must not exceed 4000 characters.")
    # Only a call that is not yet answered can be canceled, and it cannot be changed otherwise.
    if not call.in_progress or status == "canceled":
        raise RefusedError(400, NOT_IN_PROGRESS, "Call is not in-progress. Cannot redirect.")
    if status == "completed":
        call.complete()
    elif twiml:
        call.replace(FromRest(twiml))
    elif url:
        call.replace(FromUrl(url, form.get("Method", "POST")))
