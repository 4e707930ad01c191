"""Twilio's webhooks: what a call asks, and what is reported of it."""

import functools
import logging
import re
from collections.abc import Callable

from asgiref.sync import async_to_sync
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from calls import endings, errands, gather_steps, groups, steps
from calls.addresses import ASK, BOT, DIALLED, dialled_url, media_url, public_url
from calls.models import Call
from calls.scripts import NoBot
from calls.step import Step
from calls.text import printable
from calls.twilio import twiml
from calls.twilio.signature import View, twilio_signed
from chatbot import answering

logger = logging.getLogger(__name__)

_SID = re.compile("[A-Za-z0-9]{1,64}")

MAX_HEARD_CHARACTERS = 4_000
"""Nobody says more in one breath: a minute's speech has a thousand characters."""

NO_BOT = "This number is not in service yet. Goodbye."


def call_webhook(view: Callable[[HttpRequest, str], HttpResponse]) -> View:
    """Make a view that Twilio posts to about one call, and that gets the call's SID."""

    @require_POST
    @twilio_signed
    @functools.wraps(view)
    def webhook(request: HttpRequest) -> HttpResponse:
        sid = request.POST.get("CallSid", "")
        if not _SID.fullmatch(sid):
            return HttpResponseBadRequest(
                "CallSid is missing, or is not letters and digits.\n", content_type="text/plain"
            )
        return view(request, sid)

    return webhook


@call_webhook
def voice_stream(request: HttpRequest, sid: str) -> HttpResponse:
    """Answer a call that comes in: greet, then stream the caller's voice to us."""
    return _begin(request, sid)


@call_webhook
def voice_next(request: HttpRequest, sid: str) -> HttpResponse:
    """Answer a call that asks what to do now."""
    try:
        step = steps.call_next(
            sid=sid,
            ask=_ask(request),
            dial_status=request.POST.get("DialCallStatus", "") if DIALLED in request.GET else "",
            status=request.POST.get("CallStatus", ""),
        )
    except (Call.DoesNotExist, NoBot) as error:
        return _give_up_on(sid, error)
    return _carry_out(step)


@call_webhook
def voice_gather(request: HttpRequest, sid: str) -> HttpResponse:
    """Answer what Twilio heard, where no recognizer of ours could."""
    heard = request.POST.get("SpeechResult") or request.POST.get("Digits", "")
    text = printable(heard, MAX_HEARD_CHARACTERS)
    try:
        outcome = gather_steps.gathered(sid, text, _confidence(request), ask=_ask(request))
        if not isinstance(outcome, Step):
            reaction = async_to_sync(answering.ask)(outcome.question)
            outcome = gather_steps.concluded(sid, outcome, reaction)
    except (Call.DoesNotExist, NoBot) as error:
        return _give_up_on(sid, error)
    return _carry_out(outcome)


@call_webhook
def voice_fallback(request: HttpRequest, sid: str) -> HttpResponse:
    """Answer a call that Twilio could not go on with as it was told.

    Source: twilio.com/docs/voice/twiml#fallback: it sends ErrorCode and ErrorUrl.
    """
    code = printable(request.POST.get("ErrorCode", ""), 16)
    logger.error("%s: Twilio could not go on, error %s", sid, code or "unknown")
    try:
        step = gather_steps.give_up(sid, f"Twilio could not go on: error {code or 'unknown'}")
    except Call.DoesNotExist:
        # Not even its first request reached us, so it begins here.
        return _begin(request, sid)
    except NoBot as error:
        return _give_up_on(sid, error)
    return _carry_out(step)


def _begin(request: HttpRequest, sid: str) -> HttpResponse:
    """Put a call on record and answer it."""
    try:
        step = steps.call_start(
            sid=sid,
            account_sid=printable(request.POST.get("AccountSid", ""), 64),
            from_number=printable(request.POST.get("From", ""), 255),
            to_number=printable(request.POST.get("To", ""), 255),
            direction=printable(request.POST.get("Direction", ""), 32),
            status=request.POST.get("CallStatus", ""),
            bot_id=_asked_for(request),
        )
    except NoBot:
        logger.error("%s: there is no bot; run `manage.py create_starter_bot`", sid)
        return _twiml(twiml.say_and_hang_up(NO_BOT, twiml.Voice("en-US")))
    # Here too, for the calls of a server that holds no stream which would look for them.
    try:
        endings.calls_close_lost()
    except DatabaseError:
        # This caller is to be answered all the same, and the next one's call looks again.
        logger.exception("Calls of which no end was reported could not be looked for")
    return _carry_out(step)


def _asked_for(request: HttpRequest) -> int | None:
    """Return the id of the bot that the address names, which is signed, or None."""
    value = request.GET.get(BOT, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None


def _confidence(request: HttpRequest) -> float | None:
    try:
        confidence = float(request.POST.get("Confidence", ""))
    except ValueError:
        return None
    return confidence if 0 <= confidence <= 1 else None


def _give_up_on(sid: str, error: Exception) -> HttpResponse:
    logger.warning("%s: hung up on: %s", sid, type(error).__name__)
    return _twiml(twiml.say_and_hang_up("", twiml.Voice("en-US")))


@call_webhook
def voice_status(request: HttpRequest, sid: str) -> HttpResponse:
    """Take the report of a call's status."""
    duration = request.POST.get("CallDuration", "")
    is_number = duration.isascii() and duration.isdecimal() and len(duration) < 9
    try:
        is_over = endings.call_status_record(
            sid=sid,
            status=request.POST.get("CallStatus", ""),
            duration_seconds=int(duration) if is_number else None,
        )
    except Call.DoesNotExist:
        # A call that was refused or given up before it asked us anything.
        logger.info("%s: status of a call that is not on record", sid)
        return HttpResponse(status=204)
    if is_over:
        groups.announce_from_thread(sid, groups.CALL_ENDED)
    return HttpResponse(status=204)


@call_webhook
def voice_stream_status(request: HttpRequest, sid: str) -> HttpResponse:
    """Take the report of a media stream's status."""
    event = request.POST.get("StreamEvent", "")
    error = printable(request.POST.get("StreamError", ""), 150)
    if error:
        logger.warning("%s: Twilio reports %s", sid, printable(event, 32))
    try:
        ended = endings.stream_status_record(
            sid=sid, name=request.POST.get("StreamName", ""), event=event, error=error
        )
    except Call.DoesNotExist:
        logger.info("%s: stream status of a call that is not on record", sid)
        return HttpResponse(status=204)
    if ended is not None:
        groups.announce_from_thread(sid, groups.STREAM_ENDED, ended.pk)
    return HttpResponse(status=204)


@require_GET
@twilio_signed
def voice_transcript(request: HttpRequest) -> HttpResponse:
    """Return a call and its turns as JSON, to whoever can sign as our Twilio account."""
    call = Call.objects.filter(sid=request.GET.get("CallSid", "")).first()
    if call is None:
        return JsonResponse({"error": "No such call."}, status=404)
    turns = [
        {
            "number": turn.number,
            "role": turn.role,
            "text": turn.plain_text,
            "intent": turn.intent_name,
            "keyword": turn.keyword,
            "captured": turn.captured,
            "action": turn.action,
            "note": turn.note,
            "confidence": turn.confidence,
            "at": turn.at.isoformat(),
            "answer_ms": turn.answer_ms,
        }
        for turn in call.turns.all()
    ]
    return JsonResponse(
        {
            "call": {
                "sid": call.sid,
                "status": call.status,
                "outcome": call.outcome,
                "admin_url": public_url("admin:calls_call_change", call.pk),
            },
            "turns": turns,
        }
    )


def _ask(request: HttpRequest) -> str:
    """Return the name of a request that may arrive twice: our own redirect, or Twilio's retry."""
    ask = request.GET.get(ASK) or request.headers.get("I-Twilio-Idempotency-Token", "")
    return printable(ask, 64)


def _twiml(document: str) -> HttpResponse:
    return HttpResponse(document, content_type="text/xml; charset=utf-8")


def _carry_out(step: Step) -> HttpResponse:
    """Answer with what the call does now, and see to what else is to be done."""
    if step.errand is not None:
        errands.run_now(step.errand)
    return _twiml(_document(step))


def _document(step: Step) -> str:
    """Write a step as TwiML."""
    onward = twiml.Onward(
        step.listen_seconds, public_url("voice-next"), dialled_url(), step.open_stream
    )
    if step.gathers:
        action_url = public_url("voice-gather")
        return twiml.gather(step.speech, step.hints, action_url, onward, language=step.language)
    if step.stream is None:
        return twiml.say(step.speech, onward)
    offer = twiml.StreamOffer(
        url=media_url(),
        name=step.stream.name,
        token=step.stream.token,
        status_callback=public_url("voice-stream-status"),
    )
    if step.is_connected:
        return twiml.connect(step.speech, offer, onward, wait_seconds=step.wait_seconds)
    write = twiml.greet if step.speak_first else twiml.reopen
    return write(step.speech, offer, onward)
