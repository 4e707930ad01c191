"""The routes of the project itself."""

from django.test import TestCase


class FrontPageTests(TestCase):
    """The bare address."""

    def test_front_page_leads_to_the_admin(self) -> None:
        """Whoever opens it finds the pages."""
        self.assertRedirects(self.client.get("/"), "/admin/", fetch_redirect_response=False)
