"""A faulty data file: the file, the line, the field and the cure are named, all at once, and nothing is changed."""

import shutil
from datetime import date

import pytest

from partnership.models import DataFileEntry, Passage, Service
from portal.loading.faults import Fault
from portal.loading.lines import find_places
from portal.loading.rules import contrast
from priorities.models import Strategy
from tests.portal.conftest import MADE_UP

# What is spoilt, where, and the whole line that says so.
FAULTS = [
    (
        "words.toml",
        'publisher = "Exampleshire Area SEND Partnership"',
        'publisherr = "Exampleshire Area SEND Partnership"',
        'words.toml:4: source.publisherr: a source has no such field; did you mean "publisher"?',
    ),
    (
        "words.toml",
        'text = "Play together"\n',
        "",
        'words.toml:37: passage.text: this passage needs the field "text"; add a line text = …',
    ),
    (
        "partnership.toml",
        'slug = "south-exampleshire"',
        'slug = "north-exampleshire"',
        'partnership.toml:21: district.slug: "north-exampleshire" is already taken by the district at '
        "partnership.toml:16; change or remove one",
    ),
    (
        "words.toml",
        'text = "Play together"',
        "text = 5",
        "words.toml:39: passage.text: write text in quotes",
    ),
    (
        "words.toml",
        'text = "Play together"',
        'text = "  "',
        "words.toml:39: passage.text: it is empty; write what it should say",
    ),
    (
        "words.toml",
        'text = "Play together"',
        'text = "Play \\u202etogether"',
        "words.toml:39: passage.text: it holds a hidden character (a control, direction or zero-width one); "
        "type it again",
    ),
    (
        "words.toml",
        'text = "Play together"\nsources = ["exampleshire-plan"]',
        'text = "Play together"\nsources = []',
        "words.toml:40: passage.sources: published words need at least one source document",
    ),
    (
        "words.toml",
        'published_from = "2026-01"',
        'published_from = "2026-13"',
        'words.toml:6: source.published_from: there is no such date as "2026-13"; write a day as 2025-09-04, a month '
        'as "2025-09", a season as "spring 2025" or a year as "2025"',
    ),
    (
        "plans.toml",
        'status = "current"',
        'status = "curent"',
        'plans.toml:5: strategy.status: "curent" is not one of: draft, current, superseded',
    ),
    (
        "plans.toml",
        'ends = "2029"',
        'ends = "2025"',
        "plans.toml:7: strategy.ends: it ends before it starts; mend starts or ends",
    ),
    (
        "plans.toml",
        'ends = "2029"',
        'ends = "2029-01"',
        "plans.toml:7: strategy.ends: the start is given as a year; give the end as one too",
    ),
    (
        "plans.toml",
        'vision = "EX-2"',
        'vision = "EX-22"',
        'plans.toml:8: strategy.vision: there is no passage called "EX-22"; did you mean "EX-2"?',
    ),
    (
        "plans.toml",
        'passages = ["EX-1"]',
        'passages = ["EX-1", "nothing"]',
        'plans.toml:15: strategy_passages.passage: there is no passage called "nothing"; add a [[passage]] for it, '
        "or mend the name",
    ),
    (
        "plans.toml",
        "value = -20",
        'value = "20%"',
        "plans.toml:46: reading.value: write a number without quotes, commas or signs such as %",
    ),
    (
        "plans.toml",
        "number = 2",
        "number = 1",
        'plans.toml:25: priority.number: "inclusion-plan/1" is already taken by the priority at plans.toml:17; '
        "change or remove one",
    ),
    (
        "people.toml",
        'code = "PLAY"',
        'code = "PLAYGROUND"',
        "people.toml:21: service.code: it is 10 characters long; 8 is the most",
    ),
    (
        "people.toml",
        'successor = "exampleshire-council"',
        'successor = "old-health-group"',
        "people.toml:16: organisation.successor: it points at itself; point at another one or remove the line",
    ),
    (
        "people.toml",
        'value = "desk@exampleshire.example"',
        'value = "front desk@exampleshire.example"',
        'people.toml:41: contact.value: "front desk@exampleshire.example" is no e-mail address; '
        'mend it or set status = "invalid"',
    ),
    (
        "partnership.toml",
        'accent_colour = "#b0563f"',
        'accent_colour = "#ffd166"',
        "partnership.toml:12: partnership.accent_colour: #ffd166 as a line on white has a contrast of 1.44 to 1; 3.0 is "
        "the least. Choose a darker or lighter one",
    ),
    (
        "partnership.toml",
        'brand_colour = "#3a2b6b"',
        'brand_colour = "#777777"',
        "partnership.toml:10: partnership.brand_colour: #777777 as text on the page has a contrast of 3.84 to 1; 4.5 is "
        "the least. Choose a darker or lighter one",
        "partnership.toml:10: partnership.brand_colour: #777777 as text on the pale accent has a contrast of 3.42 to 1; "
        "4.5 is the least. Choose a darker or lighter one",
        "partnership.toml:11: partnership.brand_text_colour: #ffffff on the brand colour has a contrast of 4.48 to 1; "
        "4.5 is the least. Choose a darker or lighter one",
    ),
    (
        "partnership.toml",
        'accent_colour = "#b0563f"',
        'accent_colour = "sunny"',
        'partnership.toml:12: partnership.accent_colour: "sunny" is not a colour; write it as # and six digits, '
        "such as #1d4e5f",
    ),
    (
        "partnership.toml",
        "stale_after_days = 60",
        "stale_after_days = true",
        "partnership.toml:13: partnership.stale_after_days: write a whole number without quotes",
    ),
    (
        "partnership.toml",
        "stale_after_days = 60",
        "stale_after_days = -1",
        "partnership.toml:13: partnership.stale_after_days: Ensure this value is greater than or equal to 0.",
    ),
]


@pytest.mark.requirement("R-F4")
@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [(*row[:3], list(row[3:])) for row in FAULTS],
    ids=[row[3].split(": ")[1] for row in FAULTS],
)
def test_a_fault_names_file_line_field_and_cure_and_changes_nothing(
    folder, load, faults, edit, file, old, new, expected
):
    edit(folder / file, old, new)
    assert faults(folder) == expected
    assert (Passage.objects.count(), DataFileEntry.objects.count()) == (0, 0)
    shutil.copy(MADE_UP / file, folder / file)
    assert "rows added" in load(folder)


def test_all_faults_of_all_files_are_told_at_once_in_order(folder, faults, edit):
    edit(folder / "people.toml", 'code = "PLAY"', "code = 1")
    edit(folder / "plans.toml", 'unit = "count"', 'unit = "weeks"')
    edit(folder / "plans.toml", 'vision = "EX-2"', 'vision = "EX-99"')
    found = faults(folder)
    assert [line.split(": ")[0] for line in found] == ["people.toml:21", "plans.toml:8", "plans.toml:37"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"[[sector]]\nslug = schools\n", "broken.toml:2: this is not valid TOML"),
        (b'[[sector]]\nname = "\xff"\n', "broken.toml:2: this is not UTF-8 text; save the file as UTF-8"),
        (
            b'\n[[sectors]]\nname = "x"\n',
            'broken.toml:2: sectors: there is no table called "sectors"; the tables are:',
        ),
        (b'[sector]\nname = "x"\n', "broken.toml:1: sector: write each one under a line [[sector]]"),
        (b'sector = "x"\n', "broken.toml:1: sector: write each one under a line [[sector]]"),
    ],
    ids=["not TOML", "not UTF-8", "unknown table", "single brackets", "no table"],
)
def test_a_file_that_cannot_be_read_is_named_with_its_line(folder, faults, content, expected):
    (folder / "broken.toml").write_bytes(content)
    assert [line[: len(expected)] for line in faults(folder)] == [expected]


def test_a_code_that_staff_already_use_is_refused_with_its_place(folder, load, faults, edit):
    load(folder)
    with (folder / "people.toml").open("a") as file:
        file.write(
            '\n[[service]]\nslug = "music-team"\nname = "Music team"\ncode = "MUS"\nsector = "schools"\n'
            'organisation = "exampleshire-council"\n'
        )
    team = Service.objects.get(code="PLAY")
    Service.objects.create(slug="x", name="X", code="MUS", sector=team.sector, organisation=team.organisation)
    edit(folder / "words.toml", "Every child belongs.", "Words that must not be stored.")
    assert faults(folder) == [
        "people.toml:47: service.code: a service that somebody made in the portal already has this code; choose another"
    ]
    assert not Passage.objects.filter(text="Words that must not be stored.").exists()
    assert not Service.objects.filter(slug="music-team").exists()


def test_a_second_current_strategy_is_refused_when_staff_made_the_first(folder, load, faults, edit):
    edit(folder / "plans.toml", 'status = "current"', 'status = "draft"')
    load(folder)
    Strategy.objects.create(
        slug="made", title="Made in the browser", status="current", starts=date(2026, 1, 1)
    )
    edit(folder / "plans.toml", 'status = "draft"', 'status = "current"')
    assert faults(folder) == [
        "plans.toml:5: strategy.status: the portal already holds another current strategy; mark that one as replaced "
        "first"
    ]
    assert Strategy.objects.get(slug="inclusion-plan").status == "draft"


def test_lines_are_found_past_comments_and_texts_of_several_lines():
    places = find_places('# a\n[[one]]\nkey = """\n[[two]]\nother = 1\n"""\nlast = 2\n\n[[one]]\nkey = "x"\n')
    assert list(places) == ["one"]
    assert [(place.line, place.fields) for place in places["one"]] == [
        (2, {"key": 3, "last": 7}),
        (9, {"key": 10}),
    ]


def test_a_fault_without_a_line_or_field_still_reads_well():
    assert str(Fault("a.toml", 0, "", "it is empty")) == "a.toml: it is empty"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_that_of_the_accessibility_guidelines(first, second, expected):
    assert round(contrast(first, second), 2) == expected
    assert contrast(second, first) == contrast(first, second)
