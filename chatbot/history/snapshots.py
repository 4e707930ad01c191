"""How a bot's own fields, or an intent with its rows, are at one moment: recorded, or now."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.db.models import Max, Model
from reversion.models import Version

from chatbot.history.tracked import FIELDS, MODELS, ROWS, owner_fields
from chatbot.models import Bot, Intent

DATABASE = "default"
DELETED = "[]"
"""The serialised data of a version that says: the object is gone, deleted in this revision."""

Key = tuple[type[Model], int]
"""A bot or an intent, by its model and id."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its tracked fields as a JSON object with sorted names, and how it was called."""

    model: type[Model]
    id: int
    content: str
    label: str = field(compare=False)

    @property
    def fields(self) -> Mapping[str, Any]:
        """The tracked fields, by name."""
        fields: dict[str, Any] = json.loads(self.content)
        return fields


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A bot or an intent with the rows that hang on it; `owner` is None where it is deleted."""

    key: Key
    owner: Row | None
    name: str = field(compare=False)
    rows: frozenset[Row] = frozenset()

    @property
    def bot_id(self) -> int | None:
        """The bot that it is, or belongs to; None where it is deleted."""
        if self.owner is None:
            return None
        return self.owner.id if self.owner.model is Bot else int(self.owner.fields["bot"])


def content_types() -> dict[int, type[Model]]:
    """Return the models of a bot by the id of their content type; cached by Django."""
    types = ContentType.objects.get_for_models(*MODELS)
    return {content_type.pk: model for model, content_type in types.items()}


# --- As it is now -----------------------------------------------------------------------------


def versions_now(bot_ids: Collection[int], intent_ids: Collection[int] = ()) -> list[Version]:
    """Return unsaved versions of these bots and intents, with their rows, as they are now.

    The number of queries does not depend on how many there are.
    """
    objects: list[Model] = list(Bot.objects.filter(pk__in=bot_ids))
    for accessor in ROWS[Bot]:
        objects += _rows_of(Bot, accessor, bot_ids)
    if intent_ids:
        objects += Intent.objects.filter(pk__in=intent_ids).prefetch_related("follows")
        for accessor in ROWS[Intent]:
            objects += _rows_of(Intent, accessor, intent_ids)
    return [_version(row) for row in objects]


def _rows_of(owner: type[Bot] | type[Intent], accessor: str, ids: Collection[int]) -> list[Model]:
    model = ROWS[owner][accessor]
    return list(model._default_manager.filter(**{f"{owner._meta.model_name}__in": ids}))


def _version(row: Model) -> Version:
    return Version(
        content_type=ContentType.objects.get_for_model(type(row)),
        object_id=str(row.pk),
        db=DATABASE,
        format="json",
        serialized_data=serializers.serialize("json", [row], fields=FIELDS[type(row)]),
        object_repr=str(row),
    )


def version_of_deleted(intent: Intent) -> Version:
    """Return an unsaved version that says that the intent is gone."""
    return Version(
        content_type=ContentType.objects.get_for_model(Intent),
        object_id=str(intent.pk),
        db=DATABASE,
        format="json",
        serialized_data=DELETED,
        object_repr=intent.name,
    )


# --- As it was recorded -----------------------------------------------------------------------


def snapshots_of(versions: Iterable[Version]) -> dict[Key, Snapshot]:
    """Return what the versions of one revision say, by bot and intent."""
    models = content_types()
    owners: dict[Key, tuple[Row | None, str]] = {}
    rows: dict[Key, set[Row]] = defaultdict(set)
    for version in versions:
        model = models.get(version.content_type_id)
        if model is None:
            continue
        row = _row(model, version)
        if model in ROWS:
            owners[model, int(version.object_id)] = (row, version.object_repr)
        elif row is not None:
            rows[_key_of_owner(row)].add(row)
    return {
        key: Snapshot(key, owner, name, frozenset(rows[key]))
        for key, (owner, name) in owners.items()
    }


def _row(model: type[Model], version: Version) -> Row | None:
    objects = json.loads(version.serialized_data)
    if not objects:
        return None
    fields = {
        # The links of an intent are a set; the database returns them in any order.
        name: sorted(value) if isinstance(value, list) else value
        for name, value in objects[0]["fields"].items()
    }
    return Row(
        model, int(version.object_id), json.dumps(fields, sort_keys=True), version.object_repr
    )


def _key_of_owner(row: Row) -> Key:
    fields = row.fields
    for name in owner_fields(row.model):
        id = fields.get(name)
        if id is not None:
            return (Intent if name == "intent" else Bot), int(id)
    return row.model, row.id


def key_of(version: Version) -> Key | None:
    """Return the bot or the intent that a version is of, or whose row it is of."""
    model = content_types()[version.content_type_id]
    if model in ROWS:
        return model, int(version.object_id)
    row = _row(model, version)
    return _key_of_owner(row) if row is not None else None


def copies_of_last(key: Key) -> list[Version]:
    """Return unsaved copies of the newest versions of a bot or an intent and its rows."""
    model, id = key
    owner = Version.objects.get_for_object_reference(model, id, model_db=DATABASE)
    newest = owner.order_by("-revision_id").values_list("revision", flat=True).first()
    copies = [
        version
        for version in Version.objects.filter(
            db=DATABASE, revision=newest, content_type__in=content_types()
        )
        if key_of(version) == key
    ]
    for version in copies:
        version.pk = None
        version._state.adding = True
    return copies


def recorded(revision_ids: Iterable[int]) -> dict[int, dict[Key, Snapshot]]:
    """Return what these revisions hold, by their id. One query."""
    versions: dict[int, list[Version]] = defaultdict(list)
    for version in Version.objects.filter(db=DATABASE, revision__in=set(revision_ids)):
        versions[version.revision_id].append(version)
    return {revision: snapshots_of(rows) for revision, rows in versions.items()}


def last_recorded(keys: Iterable[Key], before: int | None = None) -> dict[Key, Snapshot]:
    """Return the newest snapshot of each bot and intent that has one. At most three queries.

    With the id of a revision, the newest that is older than that.
    """
    newest: dict[Key, int] = {}
    by_model: dict[type[Model], list[str]] = defaultdict(list)
    for model, id in keys:
        by_model[model].append(str(id))
    for model, ids in by_model.items():
        versions = Version.objects.get_for_model(model, model_db=DATABASE)
        versions = versions.filter(object_id__in=ids).order_by()
        if before is not None:
            versions = versions.filter(revision__lt=before)
        found = versions.values_list("object_id").annotate(newest=Max("revision_id"))
        newest.update({(model, int(id)): revision for id, revision in found})
    snapshots = recorded(newest.values()) if newest else {}
    return {key: snapshots[revision][key] for key, revision in newest.items()}
