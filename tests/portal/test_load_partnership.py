"""Loading a folder of data files: again, changed, and for another area."""

import datetime

import pytest
from django.apps import apps
from django.core.management.base import CommandError
from django.utils import timezone

from foundation import content_version
from partnership.models import Contact, Organisation, Partnership, Passage, PlainSummary, Service, User
from portal.loading import PARTNERSHIPS
from priorities.models import Priority, Reading, Strategy

OURS = ["partnership", "priorities", "actions", "voice", "board"]


def every_row() -> dict[str, list]:
    """All rows of all our tables, field by field."""
    models = [
        model for name in OURS for model in apps.get_app_config(name).get_models(include_auto_created=True)
    ]
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in models}


@pytest.mark.requirement("R-C9")
@pytest.mark.parametrize("name", sorted(path.name for path in PARTNERSHIPS.iterdir() if path.is_dir()))
def test_loading_twice_leaves_every_row_as_it_was(load, name):
    first = load(name)
    before = every_row()
    assert "rows added" in first
    assert len(before["partnership.Passage"]) > 0
    assert "Nothing has changed since it was last loaded." in load(name)
    assert every_row() == before


@pytest.mark.requirement("R-F4")
def test_another_partnership_loads_from_its_folder_alone(load, folder):
    said = load(folder)
    assert said.splitlines()[0] == (
        "Exampleshire Area SEND Partnership: 2 source documents, 7 passages, 1 strategy or plan, 1 measure, "
        "2 organisations, 1 service, 2 contacts, 1 source note."
    )
    partnership = Partnership.objects.get()
    assert (partnership.area_name, partnership.stale_after_days) == ("Exampleshire", 60)
    assert str(Priority.objects.get(number=1)) == (
        "Exampleshire Inclusion Plan 2026-2029, priority 1: Help without waiting"
    )
    reading = Reading.objects.get()
    assert (reading.value_text, reading.period_text) == (
        "about 20% lower",
        "Spring 2025 (year worked out by us)",
    )
    assert reading.measure.owner.code == "PLAY"
    old = Organisation.objects.get(slug="old-health-group")
    assert (old.ended, old.successor.slug) == (datetime.date(2022, 6, 30), "exampleshire-council")


@pytest.mark.requirement("R-F4")
def test_public_facts_come_with_every_partnership(load, folder):
    load(folder)
    assert Contact.objects.get(purpose="emergency").value == "999"
    holidays = apps.get_model("partnership", "BankHoliday").objects.filter(date__year=2026)
    assert holidays.count() == 8
    assert not holidays.filter(checked_on__isnull=True).exists()
    assert not apps.get_model("actions", "StatutoryDuty").objects.filter(source="").exists()


def test_without_a_name_the_only_partnership_there_is_is_loaded(load):
    names = [path.name for path in PARTNERSHIPS.iterdir() if path.is_dir()]
    assert len(names) == 1
    load("")
    assert "Nothing has changed since it was last loaded." in load(names[0])


def test_a_second_partnership_in_the_same_portal_is_refused(load, folder, faults):
    load(folder)
    before = every_row()
    name = next(path.name for path in PARTNERSHIPS.iterdir() if path.is_dir())
    assert faults(PARTNERSHIPS / name) == [
        f'partnership.toml:4: partnership.slug: this portal already holds the partnership "exampleshire"; '
        f'use an empty database for "{name}"'
    ]
    assert every_row() == before


def test_changed_words_are_changed_and_told(load, folder, edit):
    load(folder)
    edit(folder / "words.toml", "Every child belongs.", "Every child and young person belongs.")
    said = load(folder)
    assert Passage.objects.get(ref="EX-2").text == "Every child and young person belongs."
    assert said.splitlines()[1:] == ["Changed: passage EX-2: text"]
    assert "Nothing has changed" in load(folder)


@pytest.mark.requirement("R-C2")
def test_published_words_are_put_back_to_what_the_file_says(load, folder):
    load(folder)
    Passage.objects.filter(ref="EX-2").update(text="Something else.")
    assert "Changed: passage EX-2: text" in load(folder)
    assert Passage.objects.get(ref="EX-2").text == "Every child belongs."


@pytest.mark.requirement("R-C9")
def test_what_staff_made_or_changed_stays(load, folder):
    load(folder)
    team = Service.objects.get(code="PLAY")
    Service.objects.create(
        slug="new-team", name="New team", code="NEW", sector=team.sector, organisation=team.organisation
    )
    Contact.objects.filter(slug="council-desk").update(
        status="verified",
        last_checked=datetime.date(2026, 11, 1),
        checked_against="We rang",
        value="a@b.example",
    )
    Strategy.objects.update(title="Renamed in the browser")
    before = every_row()
    assert "Nothing has changed" in load(folder)
    assert every_row() == before


def test_a_line_changed_in_the_file_reaches_a_row_that_staff_changed_elsewhere(load, folder, edit):
    load(folder)
    Contact.objects.filter(slug="council-desk").update(
        status="verified", last_checked=datetime.date(2026, 11, 1), checked_against="We rang"
    )
    edit(folder / "people.toml", "desk@exampleshire.example", "hello@exampleshire.example")
    assert "Changed: contact council-desk: value" in load(folder)
    contact = Contact.objects.get(slug="council-desk")
    assert (contact.value, contact.status) == ("hello@exampleshire.example", "verified")


def test_a_form_open_on_a_row_is_told_that_the_files_changed_it(load, folder, edit):
    load(folder)
    assert (Service.objects.get().version, Partnership.objects.get().version) == (1, 1)
    edit(folder / "people.toml", 'name = "Play team"', 'name = "Play and music team"')
    load(folder)
    assert (Service.objects.get().name, Service.objects.get().version) == ("Play and music team", 2)
    assert Partnership.objects.get().version == 1


def test_a_line_taken_out_of_the_file_is_emptied(load, folder, edit):
    load(folder)
    edit(folder / "words.toml", 'editor_note = "The article does not say which spring."\n', "")
    assert "Changed: passage EX-7: editor_note" in load(folder)
    assert Passage.objects.get(ref="EX-7").editor_note == ""
    assert "Nothing has changed" in load(folder)


def test_a_strategy_can_be_replaced_by_a_new_one_in_one_run(load, folder, edit):
    load(folder)
    edit(
        folder / "plans.toml",
        'status = "current"\n',
        'status = "superseded"\nreplaced_by = "next-plan"\n',
    )
    with (folder / "plans.toml").open("a") as file:
        file.write(
            '\n[[strategy]]\nslug = "next-plan"\ntitle = "Next plan"\nkind = "strategy"\n'
            'status = "current"\nstarts = "2029"\nends = "2032"\n'
        )
    load(folder)
    assert Strategy.objects.get(slug="inclusion-plan").replaced_by.slug == "next-plan"
    assert list(Strategy.objects.current().values_list("slug", flat=True)) == ["next-plan"]


@pytest.mark.requirement("R-C2")
def test_plain_words_keep_every_version_and_never_cover_what_staff_wrote(load, folder, edit):
    load(folder)
    edit(folder / "words.toml", "Every child is one of us.", "We want every child here.")
    load(folder)
    passage = Passage.objects.get(ref="EX-2")
    assert [row.text for row in passage.plain_summaries.all()] == [
        "We want every child here.",
        "Every child is one of us.",
    ]
    writer = User.objects.create_user("programme@example.org", name="Programme")
    PlainSummary.objects.create(
        passage=passage, text="All are welcome.", author=writer, written_at=timezone.now()
    )
    edit(folder / "words.toml", "We want every child here.", "Nobody is left out.")
    assert "Kept: the plain words of passage EX-2 that staff wrote" in load(folder)
    assert passage.plain_summaries.count() == 3
    assert Passage.objects.get(ref="EX-2").plain.text == "All are welcome."


def test_pages_kept_by_the_server_are_made_anew_after_loading(
    load, folder, edit, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        load(folder)
    before = content_version.read()
    with django_capture_on_commit_callbacks(execute=True):
        load(folder)
    assert content_version.read() == before
    edit(folder / "words.toml", "Every child belongs.", "Every child is at home here.")
    with django_capture_on_commit_callbacks(execute=True):
        load(folder)
    assert content_version.read() > before


def test_a_folder_that_is_not_there_is_named(db, faults, tmp_path):
    assert faults(tmp_path / "nowhere") == [
        *[f"(folder): {name}: the folder holds no {name}; add at least one" for name in NEEDED],
        f"{tmp_path / 'nowhere'}: there are no .toml files here; give a folder that holds some",
    ]


NEEDED = ["partnership", "passage", "sector", "source", "strategy"]


def test_a_portal_with_no_partnership_of_its_own_asks_for_one(db, load, monkeypatch, tmp_path):
    monkeypatch.setattr("portal.management.commands.load_partnership.PARTNERSHIPS", tmp_path)
    with pytest.raises(CommandError, match="Say which partnership to load: a path to its folder"):
        load("")
