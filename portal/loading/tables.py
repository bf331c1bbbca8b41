"""Which tables a folder of data files may hold, and which model each one fills.

A table's fields are the fields of its model, so a new field needs no change here.
"""

from dataclasses import dataclass
from functools import cached_property

from django.apps import apps
from django.db import models

# Fields that are never written in the files: the database or the portal sets them.
NEVER = {"id", "author", "written_at", "is_example"}


@dataclass(frozen=True)
class Table:
    """One noun of the data files."""

    name: str
    label: str
    key: tuple[str, ...]
    only: tuple[str, ...] = ()  # where set, no other field of the model may stand in the file
    virtual: tuple[str, ...] = ()  # fields of the file that the model does not have
    spread: tuple[str, str] | None = None  # a list in the file that makes one row for each entry
    precisions: tuple[tuple[str, str], ...] = ()  # date field, and the field for how exactly it is known
    single: bool = False  # exactly one, written [name] instead of [[name]]
    fixed: bool = False  # published words: what the file says is always put back

    @cached_property
    def model(self) -> type[models.Model]:
        return apps.get_model(self.label)

    @cached_property
    def fields(self) -> dict[str, models.Field]:
        """The fields that a row may have, by name."""
        found: dict[str, models.Field] = {}
        for field in [*self.model._meta.concrete_fields, *self.model._meta.many_to_many]:
            if field.editable and field.name not in NEVER and (not self.only or field.name in self.only):
                found[field.name] = field
        return found

    @property
    def words(self) -> str:
        """The table's name as a person reads it."""
        return self.name.replace("_", " ")


PERIOD = (("starts", "precision"), ("ends", "precision"))
EXISTED = (("started", "started_precision"), ("ended", "ended_precision"))

# In the order in which they are written: a table may point at those above it, and at itself.
TABLES = [
    Table(
        "source",
        "partnership.SourceDocument",
        ("slug",),
        precisions=(("published_from", "precision"), ("published_to", "precision")),
        fixed=True,
    ),
    Table("passage", "partnership.Passage", ("ref",), fixed=True),
    Table("plain", "partnership.PlainSummary", ("passage",), only=("passage", "text")),
    Table("source_note", "partnership.SourceNote", ("number",), fixed=True),
    Table("partnership", "partnership.Partnership", ("slug",), virtual=("slug",), single=True),
    Table("answer_rules", "voice.AnswerRules", ("slug",), virtual=("slug",), single=True),
    Table("district", "partnership.District", ("slug",)),
    Table("bank_holiday", "partnership.BankHoliday", ("date",)),
    Table("glossary", "partnership.GlossaryTerm", ("term",)),
    Table("contact", "partnership.Contact", ("slug",)),
    Table("safety_word", "voice.SafetyWord", ("word",), only=("word",)),
    Table("sector", "partnership.Sector", ("slug",)),
    Table("organisation", "partnership.Organisation", ("slug",), precisions=EXISTED),
    Table(
        "listing",
        "partnership.OrganisationListing",
        ("organisation", "passage"),
        precisions=(("as_at", "as_at_precision"),),
    ),
    Table("service", "partnership.Service", ("slug",), precisions=EXISTED),
    Table("board", "partnership.Board", ("slug",), precisions=EXISTED),
    Table("role_holding", "partnership.RoleHolding", ("person_name", "role"), precisions=EXISTED),
    Table("accountability", "partnership.Accountability", ("board", "to_name"), precisions=EXISTED),
    Table("event", "partnership.TimelineEvent", ("ref",), precisions=PERIOD),
    Table("strategy", "priorities.Strategy", ("slug",), precisions=PERIOD),
    Table(
        "strategy_passages",
        "priorities.StrategyPassage",
        ("strategy", "part", "passage"),
        spread=("passages", "passage"),
    ),
    Table("priority", "priorities.Priority", ("strategy", "number")),
    Table("commitment", "priorities.Commitment", ("strategy", "kind", "number")),
    Table("category", "priorities.CategoryDefinition", ("category",)),
    Table("duty", "actions.StatutoryDuty", ("slug",)),
    Table("measure", "priorities.Measure", ("slug",)),
    Table(
        "reading",
        "priorities.Reading",
        ("ref",),
        precisions=(("period_start", "precision"), ("period_end", "precision")),
    ),
    Table("worked_out", "priorities.WorkedOutFigure", ("measure", "label")),
]
BY_NAME = {table.name: table for table in TABLES}

# Which table a link in the files points at, for each model that a link may lead to.
BY_MODEL = {table.label: table for table in reversed(TABLES)}

END_FIELDS = {"ended", "ends", "published_to", "period_end"}
