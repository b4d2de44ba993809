"""The tables: a room, the one-time tokens of its presenter, its notes, what the class was asked and has answered."""

from django.conf import settings
from django.db import models
from django.utils import timezone

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of codes: no 0 and O, no 1, I and L, which a projector makes look alike."""

CODE_LENGTH = 6
LONGEST_NAME = 80
LONGEST_KEY = 80
LONGEST_WORKER = 64
LONGEST_KIND = 20
LONGEST_PERSON = 32
LONGEST_STUDENTS_NAME = 40


class RegisteredRoom(models.Model):
    """One class. `owner` is None for a room of this server's own, `closed_at` while it is open.

    `state` is JSON: what the class shared last; "" before that. `term` grows with each worker that takes the room;
    `worker` may go on until `lease_until`. A code is never given twice.
    """

    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    name = models.CharField(max_length=LONGEST_NAME, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="rooms")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    state = models.TextField(blank=True, default="")
    term = models.BigIntegerField(default=0)
    worker = models.CharField(max_length=LONGEST_WORKER, blank=True, default="")
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-opened_at", "-pk")

    def __str__(self) -> str:
        return f"{self.code} {self.name}".strip()


class PresenterToken(models.Model):
    """What makes its first reader the presenter. `digest` is SHA-256 in hex: the token itself is kept nowhere."""

    room = models.ForeignKey(RegisteredRoom, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"token of {self.room_id}"


class Note(models.Model):
    """What the presenter wrote for one step; `key` is the page's name of the step."""

    room = models.ForeignKey(RegisteredRoom, on_delete=models.CASCADE, related_name="notes")
    key = models.CharField(max_length=LONGEST_KEY)
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("room", "key"), name="one_note_of_each_key"),)

    def __str__(self) -> str:
        return self.key


class AskedQuestion(models.Model):
    """What a class was asked, once somebody has answered. `number` is the room's; texts are as `core.said.to_parts`
    makes them, so that they can be read in any language; `right` is an index of `choices`."""

    room = models.ForeignKey(RegisteredRoom, on_delete=models.CASCADE, related_name="questions")
    number = models.BigIntegerField()
    frame = models.PositiveBigIntegerField()
    step = models.PositiveIntegerField()
    kind = models.CharField(max_length=LONGEST_KIND)
    text = models.JSONField()
    choices = models.JSONField()
    right = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = (models.UniqueConstraint(fields=("room", "number"), name="one_question_of_each_number"),)

    def __str__(self) -> str:
        return f"{self.kind} at frame {self.frame}, step {self.step}"


class GivenAnswer(models.Model):
    """What one student chose. `person` is the same for all answers of one browser in this class, and says nothing else
    of it; `name` is what the student wrote."""

    question = models.ForeignKey(AskedQuestion, on_delete=models.CASCADE, related_name="answers")
    person = models.CharField(max_length=LONGEST_PERSON)
    name = models.CharField(max_length=LONGEST_STUDENTS_NAME, blank=True)
    choice = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints = (models.UniqueConstraint(fields=("question", "person"), name="one_answer_of_each_person"),)

    def __str__(self) -> str:
        return f"{self.name or self.person}: {self.choice}"
