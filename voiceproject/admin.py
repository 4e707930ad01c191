"""The pages of users and groups: Django's own, with fields that anybody can use on any screen."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, User

from chatbot.forms.widgets import FilteredCheckboxes

admin.site.unregister([User, Group])
apps.get_app_config("auth").verbose_name = "Users and groups"


class CheckboxesMixin:
    """Choices of many as check boxes that can be searched, in place of two lists side by side."""

    filter_horizontal: Any = ()

    class Media:
        css = {"all": ["chatbot/editor.css"]}

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        kwargs["widget"] = FilteredCheckboxes(str(db_field.verbose_name).capitalize())
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]


@admin.register(User)
class UserAdmin(CheckboxesMixin, auth_admin.UserAdmin):  # type: ignore[type-arg]  # no generic at run time
    """A user; nobody rewrites when he came and when he was last here."""

    readonly_fields = ["last_login", "date_joined"]


@admin.register(Group)
class GroupAdmin(CheckboxesMixin, auth_admin.GroupAdmin):
    """A group and what its members may do."""
