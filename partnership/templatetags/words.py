"""Short words said in full the first time a page uses them (R-C10). `{% load words %}`."""

import re
from typing import Any, cast

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

from partnership.models import GlossaryTerm

register = template.Library()

_TAGS = re.compile(r"(<[^>]*>)")
_OPENS_OR_CLOSES = re.compile(
    r"<(/?)(blockquote|q|a|abbr|h1|code|dt|script|style|option|select|title)\b", re.IGNORECASE
)
_NAME_GOES_ON = re.compile(r"\s+[A-Z]")
# A capital inside a sentence: "the Exampleshire SEND …", not "The SEND …" at its beginning.
_NAME_BEGAN = re.compile(r"[\w,]\s+[A-Z][\w’'-]*\s+$")
_SENTENCE_BEGINS = re.compile(r"[.!?:]\s+$")
_SEEN = "words_said_in_full"


@register.tag
def own_words(parser: Parser, token: Token) -> "OwnWordsNode":
    """`{% own_words %}…{% endown_words %}` around the portal's own words.

    The first time on the page that an abbreviation of the glossary comes, it is said in full with the short form after
    it: "education, health and care plan (EHC plan)". Names that hold a short word, quotations, links, the page's heading and
    terms that the page itself explains are left as they are: published words are never touched (R-C2).
    """
    inside = parser.parse(("endown_words",))
    parser.delete_first_token()
    return OwnWordsNode(inside)


class OwnWordsNode(template.Node):
    def __init__(self, inside: NodeList) -> None:
        self.inside = inside

    def render(self, context: Context) -> SafeString:
        html = self.inside.render(context)
        seen = cast(set[str], context.render_context.setdefault(_SEEN, set()))  # type: ignore[arg-type]
        return mark_safe(say_in_full(html, _glossary(context), seen))  # noqa: S308 - rendered by the template itself


def _glossary(context: Context) -> dict[str, str]:
    """The abbreviations and what they stand for, read once a page."""
    if "glossary" not in context.render_context:
        rows = GlossaryTerm.objects.exclude(stands_for="").values_list("term", "stands_for")
        context.render_context["glossary"] = dict(rows)
    return context.render_context["glossary"]


def say_in_full(html: str, glossary: dict[str, str], seen: set[str]) -> str:
    """The same HTML with the first use of each short word said in full. `seen` gathers what has been said."""
    if not glossary:
        return html
    longest_first = sorted(glossary, key=len, reverse=True)
    words = re.compile(r"(?<![\w&(-])(" + "|".join(map(re.escape, longest_first)) + r")(?![\w-])")
    parts: list[str] = []
    closed = 0  # how many elements we are inside whose words stay as they are

    def in_full(found: re.Match[str]) -> str:
        short = found.group(1)
        if short in seen or _in_a_name(found) or _in_quotation_marks(found):
            return short
        seen.add(short)
        full = glossary[short]
        if not found.string[: found.start()].strip() or _SENTENCE_BEGINS.search(
            found.string[: found.start()]
        ):
            full = full[:1].upper() + full[1:]
        return f"{escape(full)} (<abbr>{short}</abbr>)"

    for part in _TAGS.split(html):
        if part.startswith("<"):
            edge = _OPENS_OR_CLOSES.match(part)
            if edge:
                closed = max(0, closed + (-1 if edge.group(1) else 1))
            parts.append(part)
        else:
            parts.append(part if closed else words.sub(in_full, part))
    return "".join(parts)


def _in_a_name(found: re.Match[str]) -> bool:
    """Whether the short word is part of a name, such as "SEND Improvement Board": names stay as they are."""
    before, after = found.string[: found.start()], found.string[found.end() :]
    return bool(_NAME_GOES_ON.match(after) or _NAME_BEGAN.search(before))


def _in_quotation_marks(found: re.Match[str]) -> bool:
    """Whether the short word stands between “ and ”: those are somebody's words, even inside a sentence of ours (R-C2)."""
    before = found.string[: found.start()]
    return before.rfind("“") > before.rfind("”")


@register.filter
def contact_number(value: Any) -> str:
    """A phone number as it is written, kept on one line by no-break spaces."""
    return str(value or "").replace(" ", "\u00a0")


@register.filter
def address(value: Any) -> SafeString:
    """An e-mail address that, where it must, breaks after its @ or a sign before it; a web address after its signs."""
    text = str(value)
    parts = re.split(r"(?<=@)|(?<=[._-])(?=.*@)" if "@" in text else r"(?<=[/.?=_-])", text)
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in parts if part))
