"""The tables: a recording, and its frames in the order of the wire."""

from django.db import models
from django.utils import timezone

from layersviz.rooms.models import RegisteredRoom

LONGEST_NAME = 80


class Source(models.TextChoices):
    """Where the frames come from."""

    LAB = "lab", "Lab"
    SIMULATED = "simulated", "SIMULATED"
    LIVE = "live", "Live interface"
    FILE = "file", "File"


class Recording(models.Model):
    """One run, or a capture file with all its conversations.

    `hosts` are both hosts' addresses and ports, None for a file. `problem` is one sentence where the run broke off or
    the file is damaged. `lesson` is the name of the ready lesson that it is, `about` what is to be seen in it. `file`
    holds the packets of a capture, in plain (not gzipped) form, and `facts` is `recordings.reading.Facts` of it.
    `order` is what was asked of the lab, `clocks` are its settings of waiting and `ending` is how it ended
    (`core.order`, `core.timers`, `core.ending`), None where that is not known. `room` is the class that it was made
    in, or for; `shared`: what is the presenter's alone (a file, a visit) is shown to that class.
    """

    name = models.CharField(max_length=LONGEST_NAME)
    made_at = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=9, choices=Source)
    hosts = models.JSONField(null=True)
    problem = models.TextField(blank=True)
    lesson = models.SlugField(blank=True)
    about = models.TextField(blank=True)
    file = models.FileField(upload_to="captures", blank=True)
    frame_count = models.PositiveIntegerField(default=0)
    facts = models.JSONField(null=True)
    order = models.JSONField(null=True)
    clocks = models.JSONField(null=True)
    ending = models.JSONField(null=True)
    room = models.ForeignKey(RegisteredRoom, null=True, on_delete=models.SET_NULL, related_name="recordings")
    shared = models.BooleanField(default=False)

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.name


class RecordedConversation(models.Model):
    """One conversation of a capture file; `place` counts from 0 in the order of their first frames.

    `summary` is `survey.conversations.Conversation` as plain values. `frames` says where each of its frames lies in the
    recording's file (`survey.frame_list`). The other columns are what the list is filtered and sorted by: `flags` are
    words between spaces (`choosing.words_of`), times are nanoseconds, None where the capture has none.
    """

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="conversations")
    place = models.PositiveIntegerField()
    protocol = models.CharField(max_length=16)
    first_address = models.CharField(max_length=64)
    first_port = models.PositiveIntegerField(null=True)
    second_address = models.CharField(max_length=64)
    second_port = models.PositiveIntegerField(null=True)
    flags = models.TextField(blank=True)
    application = models.CharField(max_length=16, blank=True)
    frame_count = models.PositiveIntegerField(default=0)
    octets = models.PositiveBigIntegerField(default=0)
    began_ns = models.BigIntegerField(null=True)
    lasted_ns = models.BigIntegerField(null=True)
    summary = models.JSONField()
    frames = models.BinaryField()

    class Meta:
        ordering = ("place",)
        constraints = (models.UniqueConstraint(fields=("recording", "place"), name="one_conversation_in_each_place"),)

    def __str__(self) -> str:
        return f"conversation {self.place}"


class InstalledLesson(models.Model):
    """A ready lesson that was put among the recordings once: one that somebody deletes does not come back."""

    name = models.SlugField(primary_key=True)

    def __str__(self) -> str:
        return self.name


class RecordedFrame(models.Model):
    """`number` counts from 1 within the recording. `states` are both kernels' where they were read. `fate` is what the
    wire did to it, as in `core.frame.Frame`, without what is as ever.

    `length` is what was on the wire, 0 where that is all of `octets`.
    """

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="frames")
    number = models.PositiveIntegerField()
    time_ns = models.BigIntegerField()
    sender = models.CharField(max_length=6)
    octets = models.BinaryField()
    link_type = models.PositiveIntegerField(default=1)
    length = models.PositiveIntegerField(default=0)
    lost = models.BooleanField(default=False)
    states = models.JSONField(null=True)
    fate = models.JSONField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("recording", "number"), name="one_frame_of_each_number"),)

    def __str__(self) -> str:
        return f"frame {self.number}"
