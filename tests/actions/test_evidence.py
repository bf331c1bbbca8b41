"""Evidence: a link or a file with one line that says what it shows; files are looked into, kept apart and only handed out (R-W8)."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actions import operations
from actions.models import Evidence, Status
from foundation.file_field import EvidenceFileField
from foundation.tokens import new_token
from partnership.roles import Role
from tests.factories import (
    make_action,
    make_partnership,
    make_plan,
    make_service,
    make_two_step,
    make_user,
    pdf,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(db):
    make_partnership()
    return make_service(code="SALT")


@pytest.fixture
def contributor(service):
    return make_user(Role.CONTRIBUTOR, service=service)


@pytest.fixture
def action(service):
    return make_action(make_plan(service), title="Open a drop-in", status=Status.GREEN)


def send(client, action, **changed):
    data = {"statement": "Minutes of the visit", "kind": "document", "link": "", "token": new_token()}
    return client.post(reverse("actions:evidence_new", args=[action.ref]), data | changed)


def stored() -> list[str]:
    return sorted(default_storage.listdir("evidence")[1]) if default_storage.exists("evidence") else []


@pytest.mark.requirement("R-W8")
def test_a_file_is_kept_with_what_it_shows_and_comes_back_as_a_download_of_its_own_kind(
    client, contributor, action
):
    client.force_login(contributor)
    response = send(client, action, file=pdf("Visit in March.pdf"))
    assert response.url == action.get_absolute_url()
    row = Evidence.objects.get()
    assert (row.statement, row.file_name, row.file_type) == (
        "Minutes of the visit",
        "Visit in March.pdf",
        "application/pdf",
    )
    assert "Visit" not in row.file.name  # where it is kept says nothing of what it is

    url = reverse("actions:evidence_file", args=[action.ref, row.pk])
    page = client.get(action.get_absolute_url()).content.decode()
    assert f'href="{url}"' in page and "Visit in March.pdf" in page
    answer = client.get(url)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Visit in March.pdf"'
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == pdf().read()


@pytest.mark.requirement("R-W8")
@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("page.html", b"<script>alert(1)</script>", "Choose a PDF"),
        ("report.pdf", b"<script>alert(1)</script>", "Choose a PDF"),
        ("report.pdf", b"%PDF-1.7\n<</OpenAction<</S/JavaScript/JS(app.alert())>>>>\n%%EOF\n", "program"),
        ("report.docx", b"PK\x03\x04 not a whole file", "damaged"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old kind of Office file"),
        ("empty.pdf", b"", "empty"),
    ],
)
def test_a_bad_file_is_refused_beside_its_field_and_nothing_is_kept(
    client, contributor, action, name, content, told
):
    client.force_login(contributor)
    before = stored()
    response = send(client, action, file=SimpleUploadedFile(name, content, content_type="application/pdf"))
    assert response.status_code == 422
    assert told in str(response.context["form"].errors["file"])
    assert "Minutes of the visit" in response.content.decode()
    assert not Evidence.objects.exists()
    assert stored() == before
    # The same words with a good file are taken: it was the file that was refused.
    assert send(client, action, file=pdf()).status_code == 302


def test_a_good_file_beside_something_wrong_must_be_chosen_again_and_says_so(client, contributor, action):
    client.force_login(contributor)
    response = send(client, action, statement="", file=pdf())
    assert response.context["form"].errors["file"] == [
        "Choose the file again. It could not be kept while something else needs mending."
    ]
    assert not Evidence.objects.exists()


@pytest.mark.requirement("R-W8")
def test_files_leave_only_for_people_inside_the_partnership_who_may_see_the_action(
    client, contributor, service, action
):
    hidden = make_action(make_plan(service, status="draft"), title="In a draft")
    urls = []
    for one in (action, hidden):
        row = operations.add_evidence(
            by=contributor, action=one, kind="data", statement="Figures", file=checked(pdf())
        )
        urls.append(reverse("actions:evidence_file", args=[one.ref, row.pk]))

    def codes():
        return [client.get(url).status_code for url in urls]

    assert codes() == [302, 302]  # asked to sign in
    family = make_user()
    make_two_step(family)
    client.force_login(family)
    assert codes() == [403, 404]
    client.force_login(make_user(Role.BOARD))
    assert codes() == [200, 404]
    client.force_login(contributor)
    assert codes() == [200, 200]
    # Not by the number of another action's evidence either.
    other = reverse("actions:evidence_file", args=[action.ref, hidden.evidence.get().pk])
    assert client.get(other).status_code == 404


def test_a_file_whose_row_cannot_be_stored_is_not_left_behind(contributor, action):
    before = stored()
    with pytest.raises(ValidationError):
        operations.evidence.keep_evidence(
            action=action,
            kind="data",
            statement="Figures",
            file=checked(pdf()),
            added_by=contributor,
            added_at="no moment at all",
        )
    assert stored() == before


def test_a_file_that_is_gone_from_the_disk_is_no_error_of_ours(client, contributor, action):
    client.force_login(contributor)
    send(client, action, file=pdf())
    row = Evidence.objects.get()
    default_storage.delete(row.file.name)
    assert client.get(reverse("actions:evidence_file", args=[action.ref, row.pk])).status_code == 404


@pytest.mark.requirement("R-A4", "R-W8")
def test_an_update_says_delivered_with_a_file_as_its_evidence(client, contributor, action):
    client.force_login(contributor)
    data = {
        "status": "delivered",
        "narrative": "It is open.",
        "evidence_statement": "Photograph of the open door",
        "evidence_kind": "document",
        "token": new_token(),
    }
    url = reverse("actions:action_update", args=[action.ref])
    assert client.post(url, data | {"evidence_statement": "", "evidence_kind": ""}).status_code == 422
    assert client.post(url, data | {"evidence_file": pdf("door.pdf")}).status_code == 302
    action.refresh_from_db()
    row = action.evidence.get()
    assert (action.status, row.file_name, row.update.status) == ("delivered", "door.pdf", "delivered")


def checked(file):
    """A file as the form's field hands it on."""
    return EvidenceFileField().clean(file)
