"""Two small tables for the tests of foundation, which has no domain of its own to test with."""

from django.db import models

from foundation.versions import Versioned


class Tag(models.Model):
    """A word on a note."""

    word = models.CharField(max_length=50)

    class Meta:
        app_label = "foundation"

    def __str__(self) -> str:
        return self.word


class Note(Versioned):
    """Something two people may edit at once, and that visitors may see."""

    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    colour = models.CharField(max_length=10, blank=True, choices=[("r", "Red"), ("g", "Green")])
    due = models.DateField(null=True, blank=True)
    tags = models.ManyToManyField(Tag)

    class Meta:
        app_label = "foundation"

    def __str__(self) -> str:
        return self.title


class Secret(models.Model):
    """Something that no visitor ever sees."""

    private_content = True

    words = models.CharField(max_length=200)
    tags = models.ManyToManyField(Tag)

    class Meta:
        app_label = "foundation"

    def __str__(self) -> str:
        return "A secret"
