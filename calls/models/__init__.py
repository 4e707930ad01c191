"""The record of calls: what was said, by whom, and how it went, written while it happens."""

from calls.models.call import Call
from calls.models.call_event import CallEvent
from calls.models.render import Render
from calls.models.render_attempt import RenderAttempt
from calls.models.staff_act import StaffAct
from calls.models.stream import Stream
from calls.models.turn import Turn

__all__ = ["Call", "CallEvent", "Render", "RenderAttempt", "StaffAct", "Stream", "Turn"]
