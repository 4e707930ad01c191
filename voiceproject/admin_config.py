"""How Django's admin is set up here."""

from django.contrib.admin.apps import AdminConfig


class PhoneBotAdminConfig(AdminConfig):
    """Django's admin, with a front page of our own."""

    default_site = "voiceproject.admin_site.PhoneBotSite"
