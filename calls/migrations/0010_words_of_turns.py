"""What was said as words to search for, where the database is PostgreSQL.

A column that PostgreSQL fills by itself and no model knows; `calls.search.said` reads it. Beside an
index of the expression alone it spares taking texts apart again, which is most of the work of a
search for frequent words. Markup is no word, and signs within numbers and addresses part words:
else “+31” were found, and “31” not. Texts are cut before they are too long for PostgreSQL.

Each turn is put into the index at once, for some 40 microseconds: else one live call among thousands
would have to do, all at once, what the others had put off.

To add the column writes the table of turns anew, and locks it: 15 seconds for a million turns.
"""

from django.db import migrations

WORDS = (
    "to_tsvector('simple'::regconfig, translate("
    "regexp_replace(left(text, 20000), '<[^>]*>', ' ', 'g'), '+-.@:/_', '       '))"
)


def add_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"ALTER TABLE calls_turn ADD COLUMN words tsvector GENERATED ALWAYS AS ({WORDS}) STORED"
        )
        schema_editor.execute(
            "CREATE INDEX turn_words ON calls_turn USING gin (words) WITH (fastupdate = off)"
        )


def remove_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE calls_turn DROP COLUMN words")


class Migration(migrations.Migration):
    dependencies = [("calls", "0009_count_misses")]

    operations = [migrations.RunPython(add_words, remove_words)]
