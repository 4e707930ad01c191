"""What is shown when something goes wrong."""

from django.test import Client, RequestFactory, TestCase
from django.views.defaults import server_error

from tests.calls.admin.people import member
from tests.groups import restore_groups


class ErrorPageTests(TestCase):
    """One page for each kind, in the look of the others."""

    def test_missing_page_says_so_and_leads_on(self) -> None:
        """In words, without a stack of links."""
        answer = self.client.get("/nowhere/")
        self.assertContains(answer, "<h1>There is no such page</h1>", status_code=404, html=True)
        self.assertContains(answer, 'href="/admin/"', status_code=404)

    def test_who_may_not_is_told_as_whom_he_is_signed_in(self) -> None:
        """He may have another account that may."""
        restore_groups()
        answer = member("Supervisor").get("/admin/chatbot/bot/add/")
        self.assertContains(answer, "You are signed in as supervisor", status_code=403)

    def test_form_that_is_not_accepted_says_what_to_do(self) -> None:
        """Nobody knows what CSRF is."""
        answer = Client(enforce_csrf_checks=True).post("/admin/login/")
        self.assertContains(answer, "Go back, load the page again", status_code=403)
        self.assertNotContains(answer, "CSRF", status_code=403)

    def test_request_that_is_not_understood_says_so(self) -> None:
        """Here it is for a host that is not ours."""
        answer = Client(headers={"host": "elsewhere.example"}).get("/")
        self.assertContains(answer, "This request was not understood", status_code=400)


def test_page_of_a_fault_needs_no_database() -> None:
    """It may be the database that failed; this test has none."""
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"Something went wrong here" in answer.content
