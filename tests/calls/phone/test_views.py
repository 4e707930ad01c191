"""The page of the phone, as the server gives it."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client, override_settings

from chatbot.models import Bot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def switched_on() -> Iterator[None]:
    """Run with the phone switched on, unless a test says otherwise."""
    with override_settings(PHONE=True):
        yield


def page_for(client: Client, *permissions: str, path: str = "/phone/") -> tuple[int, str]:
    """Give the status and the content of the page for a member of the staff."""
    user = User.objects.create_user("somebody", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


class TestWho:
    """Who gets it."""

    def test_stranger_signs_in_first(self, client: Client) -> None:
        """And comes back to it."""
        answer = client.get("/phone/?bot=3")
        assert answer["Location"] == "/admin/login/?next=/phone/%3Fbot%3D3"

    def test_user_who_is_no_staff_signs_in_as_somebody_else(self, client: Client) -> None:
        """As with the admin."""
        client.force_login(User.objects.create_user("caller"))
        assert client.get("/phone/").status_code == 302

    def test_staff_without_rights_is_refused(self, client: Client) -> None:
        """It is for those who work with bots or calls."""
        assert page_for(client)[0] == 403

    @pytest.mark.parametrize("permission", ["view_bot", "view_call"])
    def test_staff_that_works_with_bots_or_calls_gets_it(
        self, client: Client, permission: str
    ) -> None:
        """Either right will do."""
        assert page_for(client, permission)[0] == 200

    def test_nobody_gets_it_where_it_is_switched_off(self, admin_client: Client) -> None:
        """Not even whoever may do everything."""
        with override_settings(PHONE=False):
            assert admin_client.get("/phone/").status_code == 404

    def test_address_without_its_slash_leads_to_it(self, client: Client) -> None:
        """People type it so."""
        assert client.get("/phone")["Location"] == "/phone/"


class TestWay:
    """How people find it."""

    def test_pages_of_the_admin_lead_to_it(self, client: Client) -> None:
        """Those of whoever may use it."""
        _, content = page_for(client, "view_bot", path="/admin/")
        assert '<a href="/phone/">Phone</a>' in content

    def test_nobody_is_led_to_what_he_may_not_use(self, client: Client) -> None:
        """The link would only end in a refusal."""
        _, content = page_for(client, path="/admin/")
        assert "/phone/" not in content

    def test_nobody_is_led_to_it_where_it_is_switched_off(self, admin_client: Client) -> None:
        """Nor before one has signed in."""
        with override_settings(PHONE=False):
            assert b"/phone/" not in admin_client.get("/admin/").content
        assert b"/phone/" not in Client().get("/admin/login/").content


class TestWhat:
    """What is on it."""

    def test_bots_are_offered_to_those_who_may_see_them(self, client: Client) -> None:
        """By their names, and chosen is the one that the address names."""
        chosen = Bot.objects.create(name="Late", greeting="Hi", fallback="What?")
        Bot.objects.create(name="Early", greeting="Hi", fallback="What?", is_default=True)
        _, content = page_for(client, "view_bot", path=f"/phone/?bot={chosen.pk}")
        assert content.index("Early") < content.index(f'value="{chosen.pk}" selected')

    @pytest.mark.parametrize("is_default", [True, False])
    @pytest.mark.parametrize("asked_for", ["", "x", "0", "9" * 5000])
    def test_bot_that_answers_callers_is_chosen_where_the_address_names_none(
        self, client: Client, asked_for: str, is_default: bool
    ) -> None:
        """The default one, or where none is, the first that there was."""
        first = Bot.objects.create(
            name="Late", greeting="Hi", fallback="What?", is_default=is_default
        )
        Bot.objects.create(name="Early", greeting="Hi", fallback="What?")
        status, content = page_for(client, "view_bot", path=f"/phone/?bot={asked_for}")
        assert status == 200
        assert content.count(" selected>") == 1
        assert f'value="{first.pk}" selected>' in content

    def test_bots_are_hidden_from_others(self, client: Client) -> None:
        """They call the default one."""
        Bot.objects.create(name="Secret plans", greeting="Hi", fallback="What?")
        _, content = page_for(client, "view_call")
        assert "Secret plans" not in content
        assert 'name="bot"' not in content

    def test_transcript_is_for_those_who_may_read_calls(self, client: Client) -> None:
        """Others are told why there is none."""
        _, content = page_for(client, "view_bot")
        assert 'class="turns"' not in content
        assert "not read calls" in content

    def test_page_keeps_to_a_strict_policy(self, client: Client) -> None:
        """No script or style stands in it, so a policy can forbid all that do."""
        _, content = page_for(client, "view_bot", "view_call")
        main = content[content.index('id="content-main"') : content.index('id="footer"')]
        assert "style=" not in main
        assert " on" not in {part[:3] for part in main.split('"')}
        assert "<script" not in main
