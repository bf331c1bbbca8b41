"""How the words of a comment go: what the sender wrote and left, what moderators made of it, what was public.

Everything that takes words away ends here: taking back, erasing on request, and the end of their time.
"""

from voice.models import Comment, CommentContact, CommentOriginal, CommentSender, FoundWord, ReleaseRequest
from voice.models.comments import NO_LONGER_KEPT

from .senders_mail import forget_senders_mail


def forget_contact(comment: Comment) -> int:
    """Remove the sender's address and what waits in the outbox for it; returns how many addresses went."""
    gone = CommentContact.objects.filter(comment=comment).delete()[0]
    forget_senders_mail(comment)
    return gone


def forget_original(comment: Comment) -> int:
    """Remove the sender's own words, what they said they do or are, which words of the safety list stood in them, and what
    safeguarding wrote of them.
    """
    CommentSender.objects.filter(comment=comment).delete()
    FoundWord.objects.filter(flag__comment=comment).delete()
    ReleaseRequest.objects.filter(flag__comment=comment).update(words="")
    return CommentOriginal.objects.filter(comment=comment).delete()[0]


def blank_published(comment: Comment) -> int:
    """Put a fixed sentence where the public words stood. The caller saves. Returns 1 where there were any."""
    if comment.published_at is None or comment.words_are_gone:
        return 0
    comment.published_text = NO_LONGER_KEPT
    return 1
