from django.db import migrations

from chatbot.models import new_secret


def give_each_bot_a_secret(apps, schema_editor):
    """The column came with one default for all rows; a secret is for one bot."""
    for bot in apps.get_model("chatbot", "Bot").objects.all():
        bot.secret = new_secret()
        bot.save(update_fields=["secret"])


class Migration(migrations.Migration):
    dependencies = [("chatbot", "0002_dialogue")]

    operations = [migrations.RunPython(give_each_bot_a_secret, migrations.RunPython.noop)]
