"""Plays Twilio towards a server: webhooks, media streams, REST API, from Twilio's documents.

It meets the server on the wire only and imports nothing of it.
"""

from calls.simulator.account import Account
from calls.simulator.call import CallOverError, SimulatedCall
from calls.simulator.faults import Faults, RestFault
from calls.simulator.interpreter import DialResult, EndReason
from calls.simulator.media_stream import MediaStream, StreamEnd
from calls.simulator.rest import RestRequest
from calls.simulator.service import Twilio
from calls.simulator.speaker import Said

__all__ = [
    "Account",
    "CallOverError",
    "DialResult",
    "EndReason",
    "Faults",
    "MediaStream",
    "RestFault",
    "RestRequest",
    "Said",
    "SimulatedCall",
    "StreamEnd",
    "Twilio",
]
