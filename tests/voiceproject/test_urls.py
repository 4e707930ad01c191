"""The routes of the project itself."""

from django.test import TestCase


class HealthTests(TestCase):
    """Liveness."""

    def test_process_answers_without_the_database(self) -> None:
        """A probe learns that the process lives, and nothing is asked of others."""
        with self.assertNumQueries(0):
            answer = self.client.get("/healthz")
        assert answer.status_code == 200
        assert answer.content == b"ok\n"

    def test_front_page_leads_to_the_admin(self) -> None:
        """Whoever opens the bare address finds the pages."""
        self.assertRedirects(self.client.get("/"), "/admin/", fetch_redirect_response=False)
