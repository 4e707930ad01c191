"""Export, import and copy of a bot: a page of each bot, and the import of a new one."""

from functools import partial
from typing import Any

import reversion
from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLResolver, include, path, reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from chatbot import bot_file
from chatbot.admin import pages
from chatbot.bot_file import MAX_BYTES, BotContents, BotFileError
from chatbot.bot_file.contents import CONNECTION_FIELDS
from chatbot.models import Bot

MAX_PROBLEMS = 200
"""How many problems of a file are listed."""

# What was shown before an import is what is saved, if it is confirmed within a day.
_SALT = "chatbot.bot_file"
_MAX_AGE_SECONDS = 24 * 3600

_OWN_INTENTS = (
    "It answers by its own intents: only who may connect bots can have a chatbot elsewhere answer."
)

_ADD = ("chatbot.add_bot", "chatbot.add_intent")
_REPLACE = (
    "chatbot.change_bot",
    "chatbot.add_intent",
    "chatbot.change_intent",
    "chatbot.delete_intent",
)


class UploadForm(forms.Form):
    """Asks for the file."""

    file = forms.FileField(
        label="Bot file",
        allow_empty_file=True,  # the file itself is told to be empty, in its first line
        help_text="A file that was exported from a bot, or written like one (.yaml).",
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}),
    )


@pages.register
class BotFilePage(pages.BotPage):
    """Export a bot, replace it by a file after a look at what will change, or copy it."""

    name = "file"
    title = "Export, import, copy"
    template = "admin/chatbot/bot/bot_file.html"
    order = 80

    def url_pattern(self, site: admin.AdminSite) -> URLResolver:  # type: ignore[override]
        """Return where the page is, and the two addresses that belong to it."""
        export = require_safe(partial(_export, self))
        new = require_http_methods(["GET", "HEAD", "POST"])(partial(_import_new, site))
        patterns = [
            super().url_pattern(site),
            path("<int:bot_id>/export/", site.admin_view(export), name="chatbot_bot_export"),
            path("import/", site.admin_view(new), name="chatbot_bot_import"),
        ]
        return path("", include(patterns))

    def context(self, request: HttpRequest, bot: Bot) -> dict[str, Any]:
        return {
            "form": UploadForm(),
            "may_copy": request.user.has_perms(_ADD),
            "loses_connection": bot.backend != Bot.Backend.SCRIPT and not _may_connect(request),
            "may_replace": request.user.has_perms(_REPLACE),
            "max_megabytes": MAX_BYTES // 1_000_000,
        }

    def post(self, request: HttpRequest, bot: Bot) -> HttpResponse:
        step = request.POST.get("step")
        if step == "copy":
            return self._copy(request, bot)
        if step == "replace":
            return self._replace(request, bot)
        return self._preview(request, bot)

    def _copy(self, request: HttpRequest, bot: Bot) -> HttpResponse:
        if not request.user.has_perms(_ADD):
            raise PermissionDenied
        with reversion.create_revision():
            reversion.set_user(request.user)
            reversion.set_comment(f"Copied from “{bot}”.")
            copy = bot_file.bot_copy(bot, keeps_connection=_may_connect(request))
        messages.success(request, f"This is the copy. It has no phone numbers yet: “{copy}”.")
        if copy.backend != bot.backend:
            messages.warning(request, _OWN_INTENTS)
        return _to_bot(copy.pk)

    def _preview(self, request: HttpRequest, bot: Bot) -> HttpResponse:
        """Show what the file would change, with the file itself in the form, signed."""
        if not request.user.has_perms(_REPLACE):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.render(request, bot, extra={"form": form})
        return self._render_preview(request, bot, _data_of(form))

    def _render_preview(self, request: HttpRequest, bot: Bot, data: bytes) -> HttpResponse:
        version = _version(bot.pk)
        before = bot_file.bot_contents(bot.pk)
        try:
            contents = _read(request, data, before)
        except BotFileError as error:
            return self.render(request, bot, extra=_problems(error))
        token = signing.dumps(
            [bot.pk, version, bot_file.write(contents)], salt=_SALT, compress=True
        )
        changes = bot_file.describe_changes(before, contents)
        preview = {"is_preview": True, "changes": changes, "token": token}
        return self.render(request, bot, extra=preview)

    def _replace(self, request: HttpRequest, bot: Bot) -> HttpResponse:
        """Save the file that was shown."""
        if not request.user.has_perms(_REPLACE):
            raise PermissionDenied
        try:
            bot_id, version, text = signing.loads(
                request.POST.get("token", ""), salt=_SALT, max_age=_MAX_AGE_SECONDS
            )
        except signing.BadSignature:
            bot_id, version, text = 0, 0, ""
        if bot_id != bot.pk:
            messages.error(request, "The file is not at hand any more. Please choose it again.")
            return HttpResponseRedirect(self.url(bot))
        try:
            contents = _read(request, text.encode(), bot_file.bot_contents(bot.pk))
        except BotFileError as error:  # the user may connect bots no longer
            return self.render(request, bot, extra=_problems(error))
        with reversion.create_revision():
            reversion.set_user(request.user)
            reversion.set_comment("Imported from a file.")
            is_as_shown = _version(bot.pk, lock=True) == version
            changed = is_as_shown and bot_file.bot_replace(bot.pk, contents)
        if not is_as_shown:
            messages.warning(
                request, "The bot was changed in the meantime. Please look at the changes again."
            )
            return self._render_preview(request, bot, text.encode())
        if changed:
            messages.success(request, "The bot is now as it is in the file.")
        else:
            messages.info(request, "The bot was like the file already; nothing was changed.")
        return _to_bot(bot.pk)


def _export(page: BotFilePage, request: HttpRequest, bot_id: int) -> HttpResponse:
    """Send the bot as a file."""
    if not page.may_view(request):
        raise PermissionDenied
    bot = get_object_or_404(Bot, pk=bot_id)
    text = bot_file.write(bot_file.bot_contents(bot.pk))
    name = slugify(bot.name) or f"bot-{bot.pk}"
    return HttpResponse(
        text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.yaml"'},
    )


def _import_new(site: admin.AdminSite, request: HttpRequest) -> HttpResponse:
    """Make a new bot from a file."""
    if not request.user.has_perms(_ADD):
        raise PermissionDenied
    problems: dict[str, Any] = {}
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            contents = bot_file.read(_data_of(form))
        except BotFileError as error:
            problems = _problems(error)
        else:
            return _add(request, contents)
    context = {
        **site.each_context(request),
        "title": "Import a bot",
        "opts": Bot._meta,
        "form": form,
        "max_megabytes": MAX_BYTES // 1_000_000,
        **problems,
    }
    return TemplateResponse(request, "admin/chatbot/bot/bot_import.html", context)


def _add(request: HttpRequest, contents: BotContents) -> HttpResponse:
    """Save a new bot, connected as in the file only for who may connect bots."""
    allowed = contents if _may_connect(request) else bot_file.without_connection(contents)
    with reversion.create_revision():
        reversion.set_user(request.user)
        reversion.set_comment("Imported from a file.")
        bot = bot_file.bot_create(allowed)
    messages.success(request, f"Added “{bot}” from the file. It has no phone numbers yet.")
    if bot.backend != contents.fields["backend"]:
        messages.warning(request, _OWN_INTENTS)
    return _to_bot(bot.pk)


def _may_connect(request: HttpRequest) -> bool:
    return bool(request.user.has_perm("chatbot.connect_bot"))


def _read(request: HttpRequest, data: bytes, before: BotContents) -> BotContents:
    """Read a file for a user, who may not be one to connect bots. Raises BotFileError."""
    if _may_connect(request):
        return bot_file.read(data)
    connection = {name: before.fields[name] for name in CONNECTION_FIELDS}
    return bot_file.read(data, connection=connection)


def _data_of(form: UploadForm) -> bytes:
    """Return what was uploaded; of a file that is too large, enough to tell."""
    data: bytes = form.cleaned_data["file"].read(MAX_BYTES + 1)
    return data


def _problems(error: BotFileError) -> dict[str, Any]:
    more = len(error.problems) - MAX_PROBLEMS
    return {"problems": error.problems[:MAX_PROBLEMS], "more_problems": max(0, more)}


def _version(bot_id: int, *, lock: bool = False) -> int:
    """Return the version of a bot, which stays as it is until the transaction ends if locked."""
    bots = Bot.objects.select_for_update() if lock else Bot.objects.all()
    return bots.values_list("version", flat=True).get(pk=bot_id)


def _to_bot(bot_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:chatbot_bot_change", args=[bot_id]))
