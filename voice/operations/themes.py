"""Moderators say what comments speak of, and keep their own list of themes tidy. Nobody's tag is lost on the way."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation import content_version
from foundation.text import clean_line
from foundation.versions import lock_for_edit
from partnership.models import User
from voice.models import Comment, CommentTheme, Stage, Theme
from voice.models.themes import theme_key

from .errors import CannotDo


@dataclass(frozen=True, slots=True)
class Tags:
    """What one person changed about the themes of a comment."""

    add: Sequence[Theme] = ()
    remove: Sequence[Theme] = ()
    new: str = ""


@transaction.atomic
def make_theme(*, name: str, by: User, at: datetime | None = None, is_example: bool = False) -> Theme:
    """The theme of this name, made if there is none. The name of a merged one gives the one it leads to."""
    key = theme_key(name)
    if not Theme.objects.filter(key=key).exists():
        theme = Theme(name=clean_line(name), made_by=by, made_at=at or timezone.now(), is_example=is_example)
        theme._history_user = by
        with suppress(IntegrityError), transaction.atomic():  # somebody else made it this moment
            theme.save()
    return Theme.objects.select_related("merged_into").get(key=key).now


@transaction.atomic
def rename_theme(*, theme: Theme, version: int, name: str, by: User) -> Theme:
    """Give it another name. Its history keeps the old one. Raises VersionConflict, or CannotDo where the name is taken."""
    theme = lock_for_edit(Theme.objects.all(), theme.pk, version=version)
    _must_be_current(theme)
    taken = (
        Theme.objects.filter(key=theme_key(name)).exclude(pk=theme.pk).select_related("merged_into").first()
    )
    if taken is not None:
        raise CannotDo(_taken(taken))
    theme.name = clean_line(name)
    theme._history_user = by
    theme.save()
    return theme


def _taken(taken: Theme) -> str:
    if taken.merged_into is None:
        return f"There is a theme “{taken.name}” already. You can merge the two."
    return f"“{taken.name}” is an old name of “{taken.merged_into.name}”. Choose another name."


@transaction.atomic
def merge_theme(*, theme: Theme, version: int, into: Theme, by: User, at: datetime | None = None) -> Theme:
    """Everything that spoke of the one now speaks of the other. The old name stays and leads there."""
    at = at or timezone.now()
    # Both rows in one order, whoever merges what into which: two people at once wait for each other and do not lock up.
    locked = {row.pk: row for row in _locked({theme.pk, into.pk})}
    theme = lock_for_edit(Theme.objects.all(), theme.pk, version=version)
    target = locked.get(into.pk)
    _must_be_current(theme)
    if target is None or target.pk == theme.pk:
        raise CannotDo("Choose another theme to merge it into.")
    if target.merged_into_id is not None:
        raise CannotDo("The theme you chose was merged itself meanwhile. Choose where it leads now.")
    _move_tags(theme, target, by=by, at=at)
    theme.merged_into = target
    theme._history_user = by
    theme.save()
    for older in theme.merged.exclude(pk=theme.pk):  # so that every old name leads there in one step
        older.merged_into = target
        older._history_user = by
        older.save()
    return target


def _move_tags(theme: Theme, target: Theme, *, by: User, at: datetime) -> None:
    rows = list(theme.comment_rows.standing())
    there = set(target.comment_rows.standing().values_list("comment_id", flat=True))
    theme.comment_rows.standing().update(ended_by=by, ended_at=at)
    # Who said so first, and when, goes along.
    moved = [row for row in rows if row.comment_id not in there]
    CommentTheme.objects.bulk_create(
        CommentTheme(comment_id=row.comment_id, theme=target, by_id=row.by_id, at=row.at) for row in moved
    )


@transaction.atomic
def set_themes(*, comment: Comment, tags: Tags, by: User, at: datetime | None = None) -> None:
    """Say what a comment speaks of, and what not. Only what this person changed is written: others' tags stay."""
    at = at or timezone.now()
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    if comment.is_flagged or comment.stage == Stage.WITHDRAWN:
        raise CannotDo("This one cannot be given a theme any more.")
    tag(comment, tags, by=by, at=at)


def tag(comment: Comment, tags: Tags, *, by: User, at: datetime) -> None:
    """Write the tags of a row that the caller has locked. A theme that was merged meanwhile gives the one it leads to."""
    new = {make_theme(name=tags.new, by=by, at=at).pk} if tags.new else set()
    wanted = {theme.now.pk for theme in _locked({theme.pk for theme in tags.add} | new)}
    # A tag taken away under an old name is taken away under the new one: that is the tag the person saw.
    gone = {theme.now.pk for theme in _locked({theme.pk for theme in tags.remove})} - wanted
    comment.theme_rows.standing().filter(theme__in=gone).update(ended_by=by, ended_at=at)
    there = set(comment.theme_rows.standing().values_list("theme_id", flat=True))
    for pk in sorted(wanted - there):
        CommentTheme.objects.create(comment=comment, theme_id=pk, by=by, at=at)
    if comment.is_public:
        content_version.bump()


def _locked(keys: set[int]) -> list[Theme]:
    """The rows, locked in one order, each with what it was merged into."""
    rows = list(Theme.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    targets = Theme.objects.in_bulk({row.merged_into_id for row in rows if row.merged_into_id})
    for row in rows:
        row.merged_into = targets.get(row.merged_into_id)
    return rows


def _must_be_current(theme: Theme) -> None:
    if theme.merged_into_id is not None:
        raise CannotDo("This theme was merged into another one. Change that one.")
