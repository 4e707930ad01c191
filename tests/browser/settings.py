"""The product's own settings, with a view that fails, for the server whose pages are looked at."""

from voiceproject.settings import *  # noqa: F403

ROOT_URLCONF = "tests.browser.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
