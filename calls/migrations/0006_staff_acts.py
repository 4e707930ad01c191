import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('calls', '0005_early_answers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='call',
            options={'ordering': ['-started_at', '-pk'], 'permissions': [('view_caller_number', 'Can see the numbers of callers'), ('control_call', 'Can speak, transfer and hang up in running calls')]},
        ),
        migrations.AlterField(
            model_name='call',
            name='outcome',
            field=models.CharField(blank=True, choices=[('bot', 'the bot said goodbye'), ('caller', 'the caller hung up'), ('silence', 'the caller fell silent'), ('transferred', 'the caller was connected to a person'), ('limit', 'the call took too long'), ('closed', 'the call came outside the opening hours'), ('not-heard', 'the caller could not be heard'), ('failed', 'the call failed'), ('lost', 'contact was lost'), ('staff', 'a member of the staff hung up')], max_length=16, verbose_name='how it ended'),
        ),
        migrations.AlterField(
            model_name='callevent',
            name='kind',
            field=models.CharField(choices=[('reopened', 'recognition began anew after a failure'), ('rotated', 'recognition was renewed before its time limit'), ('engine-changed', 'another recognizer took over'), ('deaf', 'no recognizer could be had'), ('gather', 'the telephone service took over hearing the caller'), ('mute', 'the telephone service took over speaking'), ('not-sent', 'an answer did not go out'), ('hung-up', 'a member of the staff hung up'), ('stream-lost', 'the media stream was lost')], max_length=16),
        ),
        migrations.CreateModel(
            name='StaffAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('say', 'had something said'), ('transfer', 'handed the call to a person'), ('hang-up', 'hung up')], max_length=8)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('staff_name', models.CharField(max_length=310)),
                ('token', models.CharField(editable=False, max_length=64, unique=True)),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff_acts', to='calls.call')),
                ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('turn', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='staff_act', to='calls.turn')),
            ],
            options={
                'ordering': ['call', 'at', 'id'],
            },
        ),
    ]
