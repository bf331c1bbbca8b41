"""Rules that look at more than one field: colours that can be read, dates in order, contacts that can be trusted."""

import re
from collections.abc import Callable, Iterator

from .faults import Fault
from .reading import Row

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3 Contrast (minimum)
LEAST_CONTRAST_OF_LINES = 3.0  # WCAG 2.2, 1.4.11 Non-text contrast
WHITE = "#ffffff"
GROUND = "#f3ede2"  # the darkest ground that running text stands on (--sunken in static/scss)
NEEDED = ("partnership", "source", "passage", "sector", "strategy")


def check_rules(rows: list[Row]) -> list[Fault]:
    """Every fault that one field alone does not show."""
    faults = [fault for row in rows for rule in RULES.get(row.table.name, []) for fault in rule(row)]
    faults += [fault for row in rows for fault in _dates_in_order(row)]
    faults += _one_current_strategy(rows)
    have = {row.table.name for row in rows}
    for name in NEEDED:
        if name not in have:
            faults.append(Fault("(folder)", 0, name, f"the folder holds no {name}; add at least one"))
    return faults


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours such as "#1d4e5f", from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colours(row: Row) -> Iterator[Fault]:
    names = ("brand_colour", "brand_text_colour", "accent_colour")
    colours = {name: row.values.get(name) or row.table.fields[name].default for name in names}
    for name, colour in colours.items():
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
            yield row.fault(
                name, f'"{colour}" is not a colour; write it as # and six digits, such as #1d4e5f'
            )
            return
    brand, accent = colours["brand_colour"], colours["accent_colour"]
    pairs = [
        ("brand_text_colour", colours["brand_text_colour"], brand, "on the brand colour", LEAST_CONTRAST),
        ("brand_colour", brand, GROUND, "as text on the page", LEAST_CONTRAST),
        ("brand_colour", brand, _soft(accent), "as text on the pale accent", LEAST_CONTRAST),
        ("accent_colour", accent, WHITE, "as a line on white", LEAST_CONTRAST_OF_LINES),
    ]
    for name, first, second, how, least in pairs:
        ratio = contrast(first, second)
        if ratio < least:
            message = f"{first} {how} has a contrast of {ratio:.2f} to 1; {least} is the least"
            yield row.fault(name, f"{message}. Choose a darker or lighter one")


def _soft(colour: str) -> str:
    """One part of the colour to four parts of white, as the style sheet mixes it."""
    parts = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    return "#" + "".join(f"{round(0.2 * part + 0.8 * 255):02x}" for part in parts)


def _working_hours(row: Row) -> Iterator[Fault]:
    opens, closes = (
        row.values.get(name, row.table.fields[name].default) for name in ("working_from", "working_to")
    )
    if opens >= closes:
        yield row.fault("working_to", "people stop work before they begin; mend working_from or working_to")


def _contact(row: Row) -> Iterator[Fault]:
    kind, value, status = (row.values.get(name, "") for name in ("kind", "value", "status"))
    if status == "verified":
        for name in ("last_checked", "checked_against", "value"):
            if not row.values.get(name):
                yield row.fault(
                    name, "a checked contact says what it is, when it was checked and against what"
                )
    if status == "invalid":
        if not row.values.get("shown_as"):
            yield row.fault("shown_as", "say what to show in place of an address that does not work")
    elif kind == "email" and value and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        yield row.fault("value", f'"{value}" is no e-mail address; mend it or set status = "invalid"')
    if kind == "phone" and value and not re.fullmatch(r"\+?[0-9 ]{3,20}", value):
        yield row.fault("value", f'"{value}" is no phone number; use digits and spaces only')
    if kind == "web" and value and not re.match(r"https?://[^\s/]+", value):
        yield row.fault("value", "a web address begins with https://")
    if kind == "label" and value:
        yield row.fault(
            "value", 'a contact of kind "label" has a name only; remove this line or change the kind'
        )


def _passage(row: Row) -> Iterator[Fault]:
    if row.many.get("sources") == []:
        yield row.fault("sources", "published words need at least one source document")


def _dates_in_order(row: Row) -> Iterator[Fault]:
    for start, end in (("started", "ended"), ("starts", "ends"), ("published_from", "published_to")):
        yield from _in_order(row, start, end)
    yield from _in_order(row, "period_start", "period_end")


def _in_order(row: Row, start: str, end: str) -> Iterator[Fault]:
    first, last = row.values.get(start), row.values.get(end)
    if first and last and last < first:
        yield row.fault(end, f"it ends before it starts; mend {start} or {end}")


def _one_current_strategy(rows: list[Row]) -> list[Fault]:
    current = [
        row
        for row in rows
        if row.table.name == "strategy"
        and row.values.get("status") == "current"
        and row.values.get("kind", "strategy") == "strategy"
    ]
    return [
        row.fault(
            "status",
            f'only one strategy can be current, and "{current[0].key}" is; set this one to superseded',
        )
        for row in current[1:]
    ]


RULES: dict[str, list[Callable[[Row], Iterator[Fault]]]] = {
    "partnership": [_colours, _working_hours],
    "contact": [_contact],
    "passage": [_passage],
}
