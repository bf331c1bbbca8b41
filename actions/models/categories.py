"""Must, should, could; the legal duty that a must meets; and the questions that inspectors ask (R-A2, R-A3)."""

from django.db import models


class Category(models.IntegerChoices):
    """Must, should, could, numbered in their order so that every list can be ordered by it (R-A3, R-Z2)."""

    MUST = 1, "Must do"
    SHOULD = 2, "Should do"
    COULD = 3, "Could do"

    @property
    def slug(self) -> str:
        """The word used in addresses: must, should, could."""
        return self.name.lower()


class ImpactQuestion(models.TextChoices):
    """The five questions inspectors ask about the difference made (Area SEND framework)."""

    IDENTIFIED = "identified", "Needs are found and assessed well and on time"
    INVOLVED = "involved", "Families take part in decisions about plans and support"
    RIGHT_HELP = "right_help", "The right help comes at the right time"
    PREPARED = "prepared", "Children and young people are well prepared for next steps"
    INCLUDED = "included", "Children and young people are valued, visible and included"


class StatutoryDuty(models.Model):
    """A legal duty that a must-do meets, from a maintained list with its source (R-A3, R-Z2)."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    law = models.CharField(
        max_length=200, help_text="For example Children and Families Act 2014, section 27."
    )
    summary = models.TextField()
    source = models.CharField(max_length=300)
    checked_on = models.DateField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "title"]
        verbose_name_plural = "statutory duties"

    def __str__(self) -> str:
        return f"{self.title} ({self.law})"
