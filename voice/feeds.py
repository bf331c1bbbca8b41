"""New answers for programs that gather news: what the public page shows of an answer, and no comment (R-F2)."""

import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString

from foundation.templatetags.ui import day
from partnership.current import the_partnership

from .models import Response

NEWEST = 30


class AnswersFeed(Feed):
    """The newest public answers. One whose last public comment is taken back is gone from it too."""

    feed_type = Atom1Feed

    def title(self) -> str:
        partnership = the_partnership()
        return f"You said, we did: {partnership.name}" if partnership else "You said, we did"

    def subtitle(self) -> str:
        return "What families told us, what we did about it, and the difference it made."

    def link(self) -> str:
        return reverse("voice:you_said_we_did")

    def items(self) -> list[Response]:
        saved = Response.history.filter(id=OuterRef("pk")).order_by("-history_id").values("history_date")[:1]
        return list(Response.objects.public().newest().annotate(changed=Subquery(saved))[:NEWEST])

    def item_title(self, item: Response) -> str:  # type: ignore[override]
        example = " (Example: made up)" if item.is_example else ""
        return f"Answer from {item.service.name}, {day(item.published_at)}{example}"

    def item_description(self, item: Response) -> SafeString:  # type: ignore[override]
        did = "We cannot, because" if item.kind == Response.Kind.WE_CANNOT else "We did"
        parts = [("You said", item.you_said), (did, item.we_did), ("The difference", item.difference)]
        return SafeString(
            "".join(
                format_html(
                    "<p><strong>{}</strong></p>{}", name, SafeString(linebreaks(words, autoescape=True))
                )  # noqa: S308
                for name, words in parts
                if words
            )
        )

    def item_pubdate(self, item: Response) -> datetime.datetime | None:
        return item.published_at

    def item_updateddate(self, item: Any) -> datetime.datetime | None:
        return item.changed or item.published_at
