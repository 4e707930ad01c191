"""Calls whose database fails for a moment."""

from collections.abc import Callable

import pytest
from channels.db import database_sync_to_async
from django.db import connection

from chatbot.models import Bot
from tests.calls.by_phone.conftest import Phone, answered, database_url, transcript
from tests.calls.speech.spelling import spell
from tests.waiting import SOON

pytestmark = [
    pytest.mark.asyncio,
    pytest.mark.django_db(transaction=True),
]

APPLICATION_NAME = "server-to-be-cut-off"
"""Of one server only: those that other tests share keep their connections."""


@database_sync_to_async
def cut_connections() -> int:
    """Have PostgreSQL end every connection of the server, as a restart does; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where application_name = %s",
            [APPLICATION_NAME],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.skipif("sqlite" in connection.vendor, reason="needs PostgreSQL: DATABASE_URL")
async def test_calls_survive_a_restart_of_the_database(
    bot: Bot, start_server: Callable[..., Phone]
) -> None:
    """All connections are cut: the running call is answered, and a new one is taken."""
    phone = start_server(DATABASE_URL=database_url(APPLICATION_NAME))
    async with phone.twilio() as twilio:
        call = await answered(phone, twilio)
        await call.say(spell("hello"))
        await call.next_said(SOON)
        assert await cut_connections() > 0
        await call.say(spell("good"))
        assert (await call.next_said(SOON)).text == "Nice, I am happy for you."
        another = await answered(phone, twilio)
        await another.say(spell("hello"))
        assert (await another.next_said(SOON)).text == "Hi, how are you?"
    said = [text for role, text in await transcript(call.sid) if role == "caller"]
    assert said == ["hello", "good"]
