"""The liveness probe."""

import pytest
from django.test import Client, TestCase


class HealthTests(TestCase):
    """`GET /healthz`."""

    def test_process_answers_without_the_database(self) -> None:
        """A probe learns that the process lives, and nothing is asked of others."""
        with self.assertNumQueries(0):
            answer = self.client.get("/healthz")
        assert (answer.status_code, answer.content) == (200, b"ok\n")

    def test_probe_may_ask_by_any_name(self) -> None:
        """Orchestrators ask by address."""
        assert Client(headers={"host": "10.1.2.3:8000"}).get("/healthz").status_code == 200


@pytest.mark.django_db
def test_other_pages_are_served_by_their_names_only() -> None:
    """The exception is the probe's alone."""
    assert Client(headers={"host": "10.1.2.3:8000"}).get("/admin/login/").status_code == 400
