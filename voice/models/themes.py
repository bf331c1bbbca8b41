"""Themes: what families speak of, in the moderators' own words, beside the fixed topics of regulation 56 (R-V4, R-Z1)."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from foundation.text import clean_line
from foundation.versions import Versioned
from partnership.permissions import has_role
from partnership.roles import Role

from .comments import Comment


def theme_key(name: str) -> str:
    """What makes two names the same: neither capitals nor spaces do, on either database."""
    return clean_line(name).casefold()


def _on_published() -> Exists:
    shown = Comment.objects.published().filter(pk=OuterRef("comment_id")).order_by()
    return Exists(CommentTheme.objects.standing().filter(Exists(shown), theme=OuterRef("pk")).order_by())


class ThemeQuerySet(models.QuerySet["Theme"]):
    def visible_to(self, user: object) -> "ThemeQuerySet":
        """Moderators see all; everybody else those of comments that everybody may read."""
        return self if has_role(user, Role.MODERATOR) else self.shown()

    def current(self) -> "ThemeQuerySet":
        """Those that can be given to a comment: a merged one leads to another."""
        return self.filter(merged_into__isnull=True)

    def shown(self) -> "ThemeQuerySet":
        """Those of at least one published comment. No other is ever shown: it would tell of what nobody may read (R-V6)."""
        return self.current().filter(_on_published())


class Theme(Versioned):
    """One thing that many people speak of. A merged one stays, and leads to the one it went into."""

    name = models.CharField(max_length=60)
    key = models.CharField(max_length=200, unique=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    is_example = models.BooleanField(default=False, editable=False)
    history = HistoricalRecords()  # the moderators' own words, and whom they had before

    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **options: object) -> None:
        self.key = theme_key(self.name)
        super().save(*args, **options)  # type: ignore[arg-type]

    @property
    def now(self) -> "Theme":
        """Itself, or the theme that it was merged into. Merging keeps this to one step."""
        return self.merged_into or self


class CommentThemeQuerySet(models.QuerySet["CommentTheme"]):
    def standing(self) -> "CommentThemeQuerySet":
        """Those that nobody has taken away."""
        return self.filter(ended_at__isnull=True)


class CommentTheme(models.Model):
    """That a comment speaks of a theme: who said so and when, and who took it away again."""

    # A comment that is published or taken down says so itself; the operation does where it is public already.
    private_content = True

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="theme_rows")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="comment_rows")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CommentThemeQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "theme"], condition=Q(ended_at__isnull=True), name="theme_once_per_comment"
            )
        ]

    def __str__(self) -> str:
        return f"Theme {self.theme_id} of comment {self.comment_id}"
