"""An approved comment goes on to another service while nobody has answered it; and what is done to many at once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from foundation import content_version
from foundation.versions import VersionConflict, lock_for_edit
from partnership.models import Service, User
from voice.models import Comment, Decision, Rerouting, Response, ResponseComment, Stage
from voice.models.comments import OPEN_TO_MODERATOR

from .errors import CannotDo
from .moderation import claim_comment, must_be_free, release_comment
from .themes import Tags, set_themes

NOT_HERE = "it is not here any more"


@transaction.atomic
def reroute_comment(
    *, comment: Comment, version: int, service: Service, reason: str, by: User, at: datetime | None = None
) -> Comment:
    """Send it on to another service. It leaves the drafts of the first one, which sees where it went but not the words.

    Raises VersionConflict when somebody was quicker, CannotDo where it is not with a service, or with this one already.
    """
    at = at or timezone.now()
    comment = lock_for_edit(Comment.objects.unflagged(), comment.pk, version=version)
    if comment.stage != Stage.APPROVED or comment.service is None:
        raise CannotDo("Only what is with a service and not answered yet can be sent on.")
    must_be_free(comment, by=by, at=at)
    before = comment.service
    if before.pk == service.pk:
        raise CannotDo(f"It is with {service} already.")
    drafts = ResponseComment.objects.filter(comment=comment, response__status=Response.Status.DRAFT)
    drafts.exclude(response__service=service).delete()
    comment.service = service
    comment.save()
    decision = Decision.objects.create(comment=comment, kind=Decision.Kind.REROUTED, by=by, at=at)
    Rerouting.objects.create(decision=decision, from_service=before, to_service=service, reason=reason)
    content_version.bump()  # the public list says who has not answered yet
    return comment


@dataclass
class Many:
    """What became of many: how many were done, and which were left, with why."""

    done: int = 0
    left: list[tuple[int, str]] = field(default_factory=list)


def claim_many(*, keys: Iterable[int], by: User) -> Many:
    """Take them all to read. What somebody else holds, or nobody has to read, is left."""

    def claim(comment: Comment) -> None:
        if comment.stage not in OPEN_TO_MODERATOR:
            raise CannotDo("it does not wait to be read")
        _must_be_nobodys(comment, by)
        claim_comment(comment=comment, by=by)

    return _each(keys, claim)


def release_many(*, keys: Iterable[int], by: User) -> Many:
    """Put back those that this person holds."""

    def release(comment: Comment) -> None:
        _must_be_nobodys(comment, by)
        if comment.claimed_by_id != by.pk:
            raise CannotDo("you do not have it")
        release_comment(comment=comment, by=by)

    return _each(keys, release)


def tag_many(*, keys: Iterable[int], tags: Tags, by: User) -> Many:
    """Say of all of them that they speak of a theme."""

    def tag_one(comment: Comment) -> None:
        if comment.stage == Stage.WITHDRAWN:
            raise CannotDo("its sender took it back")
        _must_be_nobodys(comment, by)
        set_themes(comment=comment, tags=tags, by=by)

    return _each(keys, tag_one)


def reroute_many(*, keys: Iterable[int], service: Service, reason: str, by: User) -> Many:
    """Send all of them on to one service. What is not with a service, or with this one already, is left."""

    def send(comment: Comment) -> None:
        if comment.stage != Stage.APPROVED:
            raise CannotDo("it is not with a service, or it is answered")
        if comment.service_id == service.pk:
            raise CannotDo("it is with this service already")
        _must_be_nobodys(comment, by)
        reroute_comment(comment=comment, version=comment.version, service=service, reason=reason, by=by)

    return _each(keys, send)


def _each(keys: Iterable[int], step: Callable[[Comment], object]) -> Many:
    """Each row by itself, in a transaction of its own: one that cannot be done holds nothing else up (R-S2: what is marked
    unsafe is not here, and nothing tells it from what never was)."""
    many = Many()
    for key in dict.fromkeys(keys):
        try:
            with transaction.atomic():
                step(Comment.objects.unflagged().select_related("claimed_by").get(pk=key))
        except (Comment.DoesNotExist, VersionConflict):
            many.left.append((key, NOT_HERE))
        except CannotDo as why:
            many.left.append((key, str(why)))
        else:
            many.done += 1
    return many


def _must_be_nobodys(comment: Comment, by: User) -> None:
    if comment.held_by_other(by, now=timezone.now()):
        raise CannotDo(f"{comment.claimed_by} has it")
