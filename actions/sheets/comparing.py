"""Rows of a file against the plan as it is now: new, changed, not changed, or refused and why (R-W3).

The same comparison is made twice: for the preview, and again behind the locks of saving. What comes out different the
second time is not saved.
"""

from typing import Any

from openpyxl.utils import get_column_letter

from actions.models import Action, Category, Milestone, PlanImport, PlanImportRow
from actions.reasons import why_not_edit_action, why_not_edit_plan
from foundation.text import clean_line
from partnership.models import User

from .columns import EDITABLE, row_name, version_of
from .reading import LISTS, CellFault, Choices, in_words, read_cell
from .rows import with_links
from .steps import Step
from .verdicts import Cell, Outcome, Verdict

FIELDS = tuple(column.field for column in EDITABLE if column.field not in ("ref", "due_reason"))
JOINED = ("problem", "doing", "difference", "resources")
"""Fields of several lines, into which several columns of a table may go together."""

UNKNOWN = "There is no action with this reference in this plan."
TWICE = "This reference stands in more than one row. Keep one of them."
SAME_TITLE = (
    "An action of this title is in the plan already. Give this one another title, or take the row out."
)
TITLE_TWICE = "A row above has the same title. Give this one another title, or take the row out."
CHANGED_SINCE = (
    "Somebody changed this action since the file was made. Take the plan out again and change the new file."
)
NO_VERSION = "The version is missing, so we cannot tell what changed since. Take the plan out again and change the new file."


class Checker:
    """Compares rows of one import. What it needs of the plan is read once for each piece of rows."""

    def __init__(self, by: User, plan_import: PlanImport) -> None:
        self.by, self.plan_import, self.plan = by, plan_import, plan_import.plan
        self.columns: dict[str, list[tuple[int, str]]] = {}
        for column in plan_import.columns.all():
            if column.field:
                self.columns.setdefault(column.field, []).append((column.position, column.heading))
        words = plan_import.words.values_list("field", "text", "means")
        self.choices = Choices(by, self.plan, words)
        self.why_not_add = why_not_edit_plan(by, self.plan)

    def check(self, rows: list[PlanImportRow]) -> list[Verdict]:
        """The verdict on each row, in order."""
        found = Action.objects.visible_to(self.by).filter(plan=self.plan, ref__in=[row.ref for row in rows])
        self.actions = {action.ref: action for action in with_links(found, self.by)}
        others = self.plan_import.rows.exclude(ref="")
        mine = [row.ref for row in rows if row.ref]
        numbers: dict[str, set[int]] = {}
        for ref, number in others.filter(ref__in=mine).values_list("ref", "number"):
            numbers.setdefault(ref, set()).add(number)
        self.twice = {ref for ref, found_in in numbers.items() if len(found_in) > 1}
        seen = Action.objects.visible_to(self.by).filter(plan=self.plan)
        self.titles = {clean_line(title).casefold() for title in seen.values_list("title", flat=True)}
        above = self.plan_import.rows.filter(number__lt=rows[0].number, ref="") if rows else []
        self.above = {title.casefold() for title in above.values_list("title", flat=True)} if rows else set()
        return [self._existing(row) if row.ref else self._new(row) for row in rows]

    # --- Reading the cells of one row ---------------------------------------------------------------------------------

    def _place(self, name: str, row: PlanImportRow) -> str:
        columns = self.columns.get(name)
        return f"{get_column_letter(columns[0][0])}{row.number}" if columns else f"row {row.number}"

    def _text(self, name: str, row: PlanImportRow) -> str:
        """The words of a field. Several columns in one field are headed by their names."""
        columns = self.columns.get(name, [])
        texts = [(heading, row.words[place - 1]) for place, heading in columns if place <= len(row.words)]
        texts = [(heading, text) for heading, text in texts if text.strip()]
        if len(columns) > 1:
            return "\n\n".join(f"{heading}: {text}" for heading, text in texts)
        return texts[0][1] if texts else ""

    def _read(self, name: str, text: str, verdict: Verdict) -> Any:
        try:
            return read_cell(name, text, self.choices, verdict.action)
        except CellFault as fault:
            self._refuse(verdict, name, str(fault), new=text)
            return None

    def _refuse(self, verdict: Verdict, name: str, fault: str, *, new: str = "") -> None:
        verdict.outcome = Outcome.REFUSED
        verdict.cells.append(Cell(name, self._place(name, verdict.row), new=new[:2000], fault=fault))

    # --- An action that is there --------------------------------------------------------------------------------------

    def _existing(self, row: PlanImportRow) -> Verdict:
        action = self.actions.get(row.ref)
        verdict = Verdict(row, action=action, title=action.title if action else "")
        if action is None or row.ref in self.twice:
            self._refuse(verdict, "ref", UNKNOWN if action is None else TWICE, new=row.ref)
            verdict.action = None
            return verdict
        for name in FIELDS:
            if name in self.columns:
                self._compare(verdict, action, name)
        if not verdict.cells:
            return verdict
        if verdict.outcome != Outcome.REFUSED:
            verdict.outcome = Outcome.CHANGED
        if why := why_not_edit_action(self.by, action):
            self._refuse(verdict, "ref", why, new=row.ref)
        version = self._text("version", row)
        if version != version_of(action):
            self._refuse(verdict, "version", CHANGED_SINCE if version else NO_VERSION, new=version)
        self._rules(verdict, action)
        return verdict

    def _compare(self, verdict: Verdict, action: Action, name: str) -> None:
        text = self._text(name, verdict.row)
        old = current(action, name)
        if clean_line(text) == clean_line(in_words(name, old)) and name not in JOINED:
            return  # it says what it said, whatever may be chosen today
        value = self._read(name, text, verdict)
        if any(cell.field == name for cell in verdict.cells):
            return
        if name == "milestones":
            value = self._steps(verdict, old, value)
            if value is None:
                return
        elif _same(name, old, value):
            return
        verdict.values[name] = value
        new = [step for _, step in value] if name == "milestones" else value
        place = self._place(name, verdict.row)
        verdict.cells.append(Cell(name, place, in_words(name, old), in_words(name, new)))

    def _steps(
        self, verdict: Verdict, old: list[Step], steps: list[Step]
    ) -> list[tuple[Milestone | None, Step]] | None:
        """Each step with the row it changes, or None for a new one. Steps are never lost: one that is missing is told."""
        if sorted(map(repr, old)) == sorted(map(repr, steps)):
            return None
        left = list(getattr(verdict.action, "shown_steps", ()))
        pairs: list[tuple[Milestone | None, Step]] = []
        for step in steps:
            same = next((row for row in left if clean_line(row.title) == step.title), None)
            if same is not None:
                left.remove(same)
            pairs.append((same, step))
        if left:
            says = f"The step “{left[0].title}” is missing. Steps are not taken out here. Change them on the action’s page."
            self._refuse(verdict, "milestones", says)
            return None
        return pairs

    # --- An action that is not there yet ------------------------------------------------------------------------------

    def _new(self, row: PlanImportRow) -> Verdict:
        verdict = Verdict(row, outcome=Outcome.NEW)
        for name in FIELDS:
            text = self._text(name, row) or self._otherwise(name, row)
            if not text and name not in self.columns and name not in ("title", "category", "priority"):
                continue
            value: Any = self._read(name, text, verdict)
            if name == "milestones" and value is not None:
                value = [(None, step) for step in value]
            verdict.values[name] = value
            if value not in (None, "", []) and not any(cell.field == name for cell in verdict.cells):
                shown = [step for _, step in value] if name == "milestones" else value
                verdict.cells.append(Cell(name, self._place(name, row), new=in_words(name, shown)))
        verdict.title = str(verdict.values.get("title") or "")
        self._same_title(verdict)
        if self.why_not_add:
            self._refuse(verdict, "ref", self.why_not_add)
        self._rules(verdict, None)
        return verdict

    def _otherwise(self, name: str, row: PlanImportRow) -> str:
        """What the person chose for rows that do not say it; and a title, where the table has none."""
        made = self.plan_import
        if name == "category" and made.default_category:
            return str(Category(made.default_category).label)
        if name == "priority" and made.default_priority is not None:
            return row_name(made.default_priority)
        if name == "title" and "title" not in self.columns:
            return title_from(self._text("doing", row) or self._text("problem", row))
        return ""

    def _same_title(self, verdict: Verdict) -> None:
        title = verdict.title.casefold()
        if not title:
            return
        if title in self.titles or title in self.above:
            self._refuse(
                verdict, "title", SAME_TITLE if title in self.titles else TITLE_TWICE, new=verdict.title
            )
        self.above.add(title)

    # --- Rules that several cells keep together -----------------------------------------------------------------------

    def _rules(self, verdict: Verdict, action: Action | None) -> None:
        """The rules of the form of an action, and of saving it (R-A3, R-A5)."""

        def now(name: str) -> Any:
            return verdict.values.get(name, getattr(action, name, None))

        if now("planned_start") and now("due") and now("due") < now("planned_start"):
            self._refuse(verdict, "due", "The due date cannot be before the planned start.")
        if now("duty") and now("category") not in (None, Category.MUST):
            self._refuse(
                verdict, "duty", "Only a must-do meets a legal duty. Write must, or leave this empty."
            )
        if action is None or action.published_at is None:
            return
        self._published(verdict, action)

    def _published(self, verdict: Verdict, action: Action) -> None:
        """What families read already keeps what it needs, and its date moves with a reason alone."""
        before = action.fields_to_publish()
        after = Action(
            **{
                name: verdict.values.get(name, getattr(action, name))
                for name in FIELDS
                if name not in LISTS and name != "milestones"
            }
        )
        for name, words in after.fields_to_publish().items():
            if name not in before and not any(cell.field == name and cell.fault for cell in verdict.cells):
                self._refuse(verdict, name, f"Families already read this action, so it needs {words}.")
        if "due" in verdict.values:
            reason = self._text("due_reason", verdict.row)
            verdict.due_reason = self._read("due_reason", reason, verdict) or ""
            if not verdict.due_reason:
                self._refuse(
                    verdict,
                    "due_reason",
                    "Say why the due date moves. Families and the board see the reason.",
                )
            else:
                place = self._place("due_reason", verdict.row)
                verdict.cells.append(Cell("due_reason", place, new=verdict.due_reason))


def current(action: Action, name: str) -> Any:
    """What an action says now in a field, as a file says it."""
    if name == "milestones":
        return [Step(clean_line(step.title), step.due, step.done_on) for step in action.shown_steps]
    if name in LISTS:
        return list(getattr(action, LISTS[name]))
    return getattr(action, name)


def _same(name: str, old: Any, new: Any) -> bool:
    if name in LISTS:
        return {row.pk for row in old} == {row.pk for row in new}
    if isinstance(old, str) and isinstance(new, str):
        return old == new or read_as_typed(name, old) == new
    return bool(old == new)


def read_as_typed(name: str, old: str) -> str:
    """Older words as the form would keep them today, so that white space alone is no change."""
    try:
        return str(read_cell(name, old, _NO_CHOICES))
    except CellFault:
        return old


_NO_CHOICES: Any = None


def title_from(text: str) -> str:
    """The first sentence of what will be done, shortened at a word, where a table has no titles."""
    line = clean_line(text)
    first = line.split(". ")[0].rstrip(".")
    if len(first) <= 120:
        return first
    return f"{first[:119].rsplit(' ', 1)[0]}…"
