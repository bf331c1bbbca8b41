"""A signed-in family keeps what it told us with its account, so that it finds all of it in one place (R-V8).

Nobody else ever reads these rows: not a moderator, not safeguarding, not an administrator. They do not change who may read
the words. They go when the person takes the link away, and with the account.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from partnership.models import User
from voice.models import Comment, FamilyComment


@transaction.atomic
def keep_with_account(*, comment: Comment, user: User, at: datetime | None = None) -> bool:
    """Keep it with this account. False where it was kept there already. The view has asked for the code."""
    on = timezone.localdate(at or timezone.now())
    _, is_new = FamilyComment.objects.get_or_create(user=user, comment=comment, defaults={"kept_on": on})
    return is_new


@transaction.atomic
def take_from_account(*, comment: Comment, user: User) -> None:
    """Take the link away. What was said stays as it is, and is followed with its code alone."""
    FamilyComment.objects.filter(user=user, comment=comment).delete()
