"""`manage.py create_admin`: the first account of a fresh installation."""

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

USERNAME = "admin"


class Command(BaseCommand):
    help = (
        "Create the superuser 'admin' with a generated password, and print it this once. "
        "Does nothing where a superuser exists."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        if users.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(USERNAME, password=password)
        self.stdout.write(
            f"Admin login: {USERNAME} / {password}\n"
            "This password is shown once; `manage.py changepassword admin` sets another."
        )
