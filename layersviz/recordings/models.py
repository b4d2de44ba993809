"""The tables: a recording, and its frames in the order of the wire."""

from django.db import models
from django.utils import timezone

LONGEST_NAME = 80


class Source(models.TextChoices):
    """Where the frames come from."""

    LAB = "lab", "Lab"
    SIMULATED = "simulated", "SIMULATED"


class Recording(models.Model):
    """One run. `hosts` are both hosts' addresses and ports; `problem` is one sentence where the run broke off."""

    name = models.CharField(max_length=LONGEST_NAME)
    made_at = models.DateTimeField(default=timezone.now)
    source = models.CharField(max_length=9, choices=Source)
    hosts = models.JSONField()
    problem = models.TextField(blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.name


class RecordedFrame(models.Model):
    """`number` counts from 1 within the recording. `states` are both kernels' where they were read."""

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="frames")
    number = models.PositiveIntegerField()
    time_ns = models.BigIntegerField()
    sender = models.CharField(max_length=6)
    octets = models.BinaryField()
    states = models.JSONField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=("recording", "number"), name="one_frame_of_each_number"),)

    def __str__(self) -> str:
        return f"frame {self.number}"
