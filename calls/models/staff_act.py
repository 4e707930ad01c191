"""The model of what a member of the staff did in a running call."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from calls.models.call import Call
from calls.models.turn import Turn


class StaffAct(models.Model):
    """A member of the staff had something said, handed the call to a person, or hung up."""

    class Kind(models.TextChoices):
        SAY = "say", "had something said"
        TRANSFER = "transfer", "handed the call to a person"
        HANG_UP = "hang-up", "hung up"

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="staff_acts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField(default=timezone.now)
    # What the caller heard of it; none where it was hung up.
    turn = models.OneToOneField(
        Turn, on_delete=models.CASCADE, null=True, blank=True, related_name="staff_act"
    )
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # As it was then: the record stays true when the user is renamed or deleted.
    staff_name = models.CharField(max_length=310)
    # Of the form that was sent: sent twice, it is done once.
    token = models.CharField(max_length=64, unique=True, editable=False)
    # When whoever sees to it was told; none where that failed, and it is to be tried again.
    done_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["call", "at", "id"]

    def __str__(self) -> str:
        return f"{self.staff_name} {self.get_kind_display()}"
