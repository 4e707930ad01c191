"""Plays Twilio towards a server: webhooks, media streams, REST API, from Twilio's documents.

It meets the server on the wire only and imports nothing of it.
"""

from calls.simulator.account import Account, new_sid
from calls.simulator.call import CallOverError, SimulatedCall
from calls.simulator.call_update import update_call
from calls.simulator.dialling import Dialled, DialResult
from calls.simulator.faults import Faults, RestFault
from calls.simulator.handset import Handset
from calls.simulator.interpreter import EndReason
from calls.simulator.media_stream import MediaStream, StreamEnd
from calls.simulator.refusal import RefusedError
from calls.simulator.rest import RestRequest
from calls.simulator.service import Twilio
from calls.simulator.speaker import Said
from calls.simulator.text_messages import TextMessage

__all__ = [
    "Account",
    "CallOverError",
    "DialResult",
    "Dialled",
    "EndReason",
    "Faults",
    "Handset",
    "MediaStream",
    "RefusedError",
    "RestFault",
    "RestRequest",
    "Said",
    "SimulatedCall",
    "StreamEnd",
    "TextMessage",
    "Twilio",
    "new_sid",
    "update_call",
]
