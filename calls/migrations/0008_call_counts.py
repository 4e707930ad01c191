"""What is counted of each call, beside its turns.

Processes of before record calls until each of them has been started anew: the column that may not
be empty has a default in the database.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0007_operators_control_calls'),
        ('chatbot', '0006_help_texts'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='miss_count',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, help_text='How often the caller said what matched no intent.', verbose_name='not understood'),
        ),
        migrations.AddField(
            model_name='call',
            name='slowest_ms',
            field=models.PositiveIntegerField(blank=True, editable=False, help_text='The most of `answer_ms` of its turns; empty where none was timed.', null=True, verbose_name='slowest answer in ms'),
        ),
    ]
