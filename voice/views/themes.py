"""The moderators' own lists: themes and wordings, to add to, rename, merge and drop."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from foundation.history import versions_of
from foundation.pages import form_page
from foundation.pagination import paginate
from foundation.refusals import NOT_YOUR_ROLE, refused, typed_in
from foundation.versions import VersionConflict, conflict_response
from voice.forms.moderation import VersionForm
from voice.forms.themes import MergeForm, RenameForm, ThemeForm, WordingForm
from voice.models import Theme, Wording
from voice.operations import drop_wording
from voice.operations.errors import CannotDo
from voice.permissions import can_keep_themes

NO_NEWS = ("version", "key", "is_example", "made_by", "made_at")
CHANGED = "Somebody else changed this while you had it open. Look at it again, then try once more."
GONE = "Somebody took this wording out of the list."


@form_page
def themes(request: HttpRequest) -> HttpResponse:
    """All themes with how many comments speak of each; add one."""
    form = ThemeForm(request.POST if request.method == "POST" else None)
    if not can_keep_themes(request.user):
        return _refused(request, form)
    if request.method == "POST" and form.is_valid():
        saved = form.save(by=request.user)
        messages.success(request, f"“{saved.name}” is in the list.")
        return redirect("voice:themes")
    standing = Q(comment_rows__ended_at__isnull=True, comment_rows__comment__is_flagged=False)
    themes = Theme.objects.current()
    rows = themes.annotate(number=Count("comment_rows", filter=standing)).order_by("key")
    context = {
        "form": form,
        "page": paginate(request, rows.prefetch_related("merged"), count=themes.count()),
        "heading": "Themes",
    }
    return render(request, "voice/themes.html", context, status=422 if form.errors else 200)


@form_page
def theme(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a theme, or merge it into another. A merged one says where it leads."""
    if not can_keep_themes(request.user):
        return _refused(request, RenameForm(request.POST or None))
    found = get_object_or_404(Theme.objects.select_related("merged_into", "made_by"), pk=pk)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    first = {"name": found.name, "version": found.version}
    rename = RenameForm(request.POST if step == "rename" else None, initial=first)
    merge = MergeForm(request.POST if step == "merge" else None, initial=first, theme=found)
    posted = rename if step == "rename" else merge if step == "merge" else None
    if posted is not None and posted.is_valid():
        try:
            saved = (
                rename.save_to(found, by=request.user) if posted is rename else merge.save(by=request.user)
            )
        except VersionConflict as conflict:
            if posted is rename:
                return conflict_response(request, form=rename, conflict=conflict, fields=["name"])
            messages.error(request, CHANGED)
            return redirect("voice:theme", pk=found.pk)
        except CannotDo as why:
            posted.add_error("name" if posted is rename else "into", str(why))
        else:
            messages.success(
                request, "Saved." if posted is rename else f"Merged. It leads to “{saved.name}” now."
            )
            return redirect("voice:themes")
    context = {
        "theme": found,
        "rename": rename,
        "merge": merge,
        "form": posted,
        "changes": list(reversed(versions_of(found.history.all(), leave_out=NO_NEWS))),
    }
    return render(request, "voice/theme.html", context, status=422 if posted and posted.errors else 200)


@form_page
def wordings(request: HttpRequest) -> HttpResponse:
    """The wordings that are kept; add one."""
    form = WordingForm(request.POST if request.method == "POST" else None)
    if not can_keep_themes(request.user):
        return _refused(request, form)
    if request.method == "POST" and form.is_valid():
        try:
            form.save(wording=None, by=request.user)
        except CannotDo as why:
            form.add_error("name", str(why))
        else:
            messages.success(request, "Kept. You can choose it when you write a summary.")
            return redirect("voice:wordings")
    context = {
        "form": form,
        "page": paginate(request, Wording.objects.select_related("by")),
        "heading": "Wordings",
    }
    return render(request, "voice/wordings.html", context, status=422 if form.errors else 200)


@form_page
def wording(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a wording, or take it out of the list."""
    bound = request.method == "POST" and request.POST.get("step") != "drop"
    form = WordingForm(request.POST if bound else None)
    if not can_keep_themes(request.user):
        return _refused(request, form)
    found = Wording.objects.filter(pk=pk).first()
    if found is None:
        return _gone(request, form)
    if request.method == "POST" and not bound:
        return _drop(request, found)
    form = WordingForm(
        request.POST if bound else None,
        initial={"name": found.name, "text": found.text, "version": found.version},
    )
    if bound and form.is_valid():
        try:
            form.save(wording=found, by=request.user)
        except VersionConflict as conflict:
            return conflict_response(request, form=form, conflict=conflict, fields=["name", "text"])
        except CannotDo as why:
            form.add_error("name", str(why))
        else:
            messages.success(request, "Saved.")
            return redirect("voice:wordings")
    context = {"form": form, "wording": found, "heading": "Change a wording"}
    return render(request, "voice/wording.html", context, status=422 if form.errors else 200)


def _drop(request: HttpRequest, found: Wording) -> HttpResponse:
    form = VersionForm(request.POST)
    form.is_valid()
    try:
        drop_wording(wording=found, version=form.cleaned_data["version"])
    except (VersionConflict, Wording.DoesNotExist):
        messages.error(request, CHANGED)
        return redirect("voice:wording", pk=found.pk)
    messages.success(request, "Taken out of the list. Summaries made with it stay as they are.")
    return redirect("voice:wordings")


def _gone(request: HttpRequest, form: WordingForm) -> HttpResponse:
    """Nobody loses what they typed because somebody else took the wording away meanwhile."""
    typed = typed_in(form)
    if not typed:
        messages.info(request, GONE)
        return redirect("voice:wordings")
    return refused(
        request, why=GONE, typed=typed, url=reverse("voice:wordings"), link_text="Back to the wordings"
    )


def _refused(request: HttpRequest, form: ThemeForm | WordingForm) -> HttpResponse:
    if request.method != "POST":
        raise PermissionDenied
    url = reverse("portal:my_work")
    return refused(request, why=NOT_YOUR_ROLE, typed=typed_in(form), url=url, link_text="My work")
