"""Who may read, moderate, answer and protect what families say. Every answer fails closed.

Each `can_*` has a twin on a queryset; `tests/voice/test_permissions.py` asks both about every role and every row.
"""

from partnership.permissions import (
    can_contribute_for,
    can_publish_for,
    covers_service,
    has_role,
    is_person,
    is_staff,
)
from partnership.roles import BOARD_ROLES, SERVICE_ROLES, Role

from .models import (
    Booking,
    Comment,
    CommentContact,
    CommentOriginal,
    Event,
    FamilyComment,
    Redaction,
    Response,
    SafeguardingFlag,
    ShowChange,
    Stage,
    Theme,
)
from .models.comments import MODERATED_STAGES
from .models.following import OPEN_STATES
from .models.responses import HAND_IN_IT


def is_moderator(user: object) -> bool:
    """Trained people who read what families sent."""
    return has_role(user, Role.MODERATOR)


def is_safeguarding(user: object) -> bool:
    """The safeguarding lead and deputies."""
    return has_role(user, Role.SAFEGUARDING)


def writes_answers(user: object) -> bool:
    """Whether the person answers for any service at all."""
    return has_role(user, *SERVICE_ROLES)


def can_view_comment(user: object, comment: Comment) -> bool:
    """Twin of `Comment.objects.visible_to`: whether the row may be opened, not what may be read of it."""
    if comment.is_flagged:
        return is_safeguarding(user) or _flagged_by_me(user, comment)
    if comment.is_public or is_moderator(user):
        return True
    if comment.stage not in MODERATED_STAGES:
        return False
    return has_role(user, *BOARD_ROLES) or _covers(user, comment)


def can_open_for_moderation(user: object, comment: Comment) -> bool:
    """Twin of `Comment.objects.for_moderation_by`."""
    return is_moderator(user) and (not comment.is_flagged or _flagged_by_me(user, comment))


def can_moderate(user: object, comment: Comment) -> bool:
    """Whether the person may decide about it: a moderator, unless it is marked unsafe or was taken back."""
    return is_moderator(user) and not comment.is_flagged and comment.stage != Stage.WITHDRAWN


def can_second_approve(user: object, comment: Comment) -> bool:
    """A child's words need a second, different moderator (R-V6). Twin: `Comment.objects.for_second_check_by`."""
    return (
        can_moderate(user, comment)
        and comment.stage == Stage.SECOND_CHECK
        and comment.first_approved_by_id is not None
        and comment.first_approved_by_id != getattr(user, "pk", None)
    )


def can_read_original(user: object, original: CommentOriginal) -> bool:
    """The sender's own words: moderators, and safeguarding where somebody may be unsafe (R-V6)."""
    return _reads_raw(user, original.comment)


def can_read_contact(user: object, contact: CommentContact) -> bool:
    """The sender's address: safeguarding alone, and only where somebody may be unsafe."""
    return is_safeguarding(user) and contact.comment.is_flagged


def can_see_redacted(user: object, redaction: Redaction) -> bool:
    """The redacted words: every version for moderators; the approved one for its service and the board's readers."""
    comment = redaction.comment
    if _reads_raw(user, comment):
        return True
    if comment.is_flagged or comment.stage not in MODERATED_STAGES or redaction.approved_at is None:
        return False
    return has_role(user, *BOARD_ROLES) or _covers(user, comment)


def can_see_flag(user: object, flag: SafeguardingFlag) -> bool:
    """Safeguarding, and the moderator who raised it until safeguarding has it (R-S2)."""
    return is_safeguarding(user) or (
        is_moderator(user) and flag.raised_by_id == getattr(user, "pk", None) and flag.handed_over_at is None
    )


def can_handle_flag(user: object, flag: SafeguardingFlag) -> bool:
    """Reading it and writing down the outcome is safeguarding's alone (R-S4)."""
    return is_safeguarding(user)


def can_agree_release(user: object, flag: SafeguardingFlag) -> bool:
    """A second, different person in safeguarding (R-S4). Twin: `SafeguardingFlag.objects.to_agree`."""
    asked = flag.release_requests.filter(decision="").first()
    return (
        is_safeguarding(user)
        and flag.released_at is None
        and asked is not None
        and asked.asked_by_id != getattr(user, "pk", None)
    )


def can_keep_word_list(user: object) -> bool:
    """Safeguarding alone reads and changes the words that raise a mark (R-S1). Twin: `SafetyWord.objects.visible_to`."""
    return is_safeguarding(user)


def can_check_numbers(user: object) -> bool:
    """Whoever can ring a help number and say that it is right (R-S5)."""
    return has_role(user, Role.SAFEGUARDING, Role.PROGRAMME)


def can_erase(user: object) -> bool:
    """Moderators: they read what families sent. The auditor, who changes nothing, reads what was removed (R-P4)."""
    return is_moderator(user)


def can_view_removals(user: object) -> bool:
    """The auditor or data protection officer (R-P1). Twin: `Removal.objects.visible_to`."""
    return has_role(user, Role.AUDITOR)


def can_view_theme(user: object, theme: Theme) -> bool:
    """Twin of `Theme.objects.visible_to`: nobody else sees a theme before a comment with it is published (R-V6)."""
    if is_moderator(user):
        return True
    published = Comment.objects.published().filter(pk__in=theme.comment_rows.standing().values("comment"))
    return theme.merged_into_id is None and published.exists()


def can_keep_themes(user: object) -> bool:
    """Adding, renaming and merging themes, and keeping wordings, is for those who use them: the moderators."""
    return is_moderator(user)


def can_enter_comment(user: object) -> bool:
    """Writing down what came on paper or by phone is for those who read originals anyway: the moderators (R-V11, R-V6)."""
    return is_moderator(user)


def can_read_decision_log(user: object) -> bool:
    """Who decided what, without a word of a comment: moderators, and the auditor, who changes nothing (R-V6, R-P6)."""
    return has_role(user, Role.MODERATOR, Role.AUDITOR)


def can_answer(user: object, comment: Comment) -> bool:
    """Whether the person writes for the service it was sent to (R-V7). Twin: `Comment.objects.answerable_by`."""
    return not comment.is_flagged and comment.stage in MODERATED_STAGES and _covers(user, comment)


def can_view_answer(user: object, answer: Response) -> bool:
    """Twin of `Response.objects.visible_to`."""
    if can_contribute_for(user, answer.service):
        return True
    if not answer.is_published and not has_role(user, Role.PROGRAMME):
        return False
    if has_role(user, *BOARD_ROLES):
        return answer.comments.approved().exists()
    return answer.comments.published().exists()


def can_edit_answer(user: object, answer: Response) -> bool:
    """A draft: whoever writes for the service. A published one: its publisher."""
    if answer.is_published:
        return can_publish_for(user, answer.service)
    return can_contribute_for(user, answer.service)


def can_publish_answer(user: object, answer: Response) -> bool:
    """Only a publisher of the service, and only a draft (R-A7)."""
    return not answer.is_published and can_publish_for(user, answer.service)


def can_publish_report(user: object) -> bool:
    """The programme team looks over the yearly report, publishes it and corrects it, and nobody else (R-V9)."""
    return has_role(user, Role.PROGRAMME)


def can_see_exact_reach(user: object) -> bool:
    """Whom we have heard from, with no number hidden: those who read the board's pages (R-V13)."""
    return has_role(user, *BOARD_ROLES)


def can_approve_answer(user: object, answer: Response) -> bool:
    """A first answer of somebody new: another publisher of the service, or a moderator where it answers something that may
    be read. Twin: `Response.objects.approvable_by`."""
    if answer.status != Response.Status.WAITING or not is_person(user) or answer.drafted_by_id == user.pk:
        return False
    if answer.checks.filter(by=user, kind__in=HAND_IN_IT).exists():
        return False
    if can_publish_for(user, answer.service):
        return True
    return is_moderator(user) and answer.comments.approved().exists()


def can_decide_show_change(user: object, change: ShowChange) -> bool:
    """A sender lets us show more: any moderator, and for a child a second one. Twin: `ShowChange.objects.decidable_by`."""
    if not can_moderate(user, change.comment) or change.state not in OPEN_STATES:
        return False
    if change.comment.stage not in MODERATED_STAGES:
        return False
    is_second = change.state == ShowChange.State.FIRST
    return not (is_second and change.first_by_id == getattr(user, "pk", None))


def can_keep_words(user: object) -> bool:
    """A family with an account of its own, which has no role inside the partnership, or holds the family role too."""
    return has_role(user, Role.FAMILY) or (is_person(user) and not is_staff(user))


def can_view_kept(user: object, kept: FamilyComment) -> bool:
    """One's own, and nobody else's. Twin: `FamilyComment.objects.visible_to`."""
    return is_person(user) and kept.user_id == user.pk


def can_manage_events(user: object) -> bool:
    """The programme team makes, changes, publishes and cancels events, and nobody else (R-E1)."""
    return has_role(user, Role.PROGRAMME)


def can_view_event(user: object, event: Event) -> bool:
    """Twin of `Event.objects.visible_to`: what was published is for everybody, a draft for the programme team."""
    return not event.is_draft or can_manage_events(user)


def can_open_event_desk(user: object, event: Event) -> bool:
    """Twin of `Event.objects.staffed_by`: the page of an event on which what was said there is written down (R-E3)."""
    return can_manage_events(user) or (is_moderator(user) and not event.is_draft)


def can_view_booking(user: object, booking: Booking) -> bool:
    """Twin of `Booking.objects.visible_to`: who comes is the programme team's to know, and nobody else's (R-P1)."""
    return can_manage_events(user)


def _covers(user: object, comment: Comment) -> bool:
    return comment.service is not None and covers_service(user, comment.service, *SERVICE_ROLES)


def _flagged_by_me(user: object, comment: Comment) -> bool:
    flag = getattr(comment, "flag", None)
    return (
        is_moderator(user)
        and flag is not None
        and flag.raised_by_id == getattr(user, "pk", None)
        and flag.handed_over_at is None
    )


def _reads_raw(user: object, comment: Comment) -> bool:
    if comment.is_flagged:
        return is_safeguarding(user) or _flagged_by_me(user, comment)
    return is_moderator(user)
