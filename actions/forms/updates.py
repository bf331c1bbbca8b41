"""Many updates from one page: one row for each action, each saved on its own (R-W2)."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms

from actions import operations, progress, reasons
from actions.models import Action, ActionUpdate
from foundation.tokens import was_spent
from partnership.models import User

from .evidence import WithEvidence
from .records import UpdateForm


class RowForm(UpdateForm):
    """The short form of one row. Its names carry the reference, because all rows stand in one form of the page."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, action=action, prefix=action.ref, **kwargs)
        for name in (*self.more, "evidence_file"):
            del self.fields[name]
        self.fields["narrative"].widget.attrs["rows"] = 3
        self.fields["public_words"].widget.attrs["rows"] = 2
        self.initial["was"] = self.initial["status"]

    def status_widget(self) -> forms.RadioSelect:
        """Without the meanings: the key stands on the page once."""
        return forms.RadioSelect(attrs={"small": True})

    proof = WithEvidence.proof

    @property
    def is_touched(self) -> bool:
        """Whether the person wrote in this row or chose another status than the page showed."""
        words = ("reason", "narrative", "public_words", "next_step", *self.proof)
        if any(str(self[name].value() or "").strip() for name in words):
            return True
        chosen = self["status"].value()
        return bool(chosen) and chosen != self["was"].value()


class UpdateRow:
    """One action on the page: its form, what was said last, and what became of it when it was sent.

    `state` is open, saved, twice (sent before) or refused. `faults` are sentences that belong to no field.
    """

    def __init__(
        self,
        action: Action,
        *,
        today: datetime.date,
        last: ActionUpdate | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.action, self.last, self.data, self.today = action, last, data, today
        self.form = RowForm(data, action=action)
        self.state = "open"
        self.faults: list[str] = []
        self.made: ActionUpdate | None = None

    @property
    def shown_status(self) -> str:
        """How it stands: what was just saved, or else what the page showed."""
        return self.made.status if self.made else self.form.initial["status"]

    @property
    def may_say_nothing_changed(self) -> bool:
        """Whether the one click is honest today (R-A4)."""
        action = self.action
        return not progress.nothing_changed_faults(status=action.status, due=action.due, today=self.today)

    @property
    def has_faults(self) -> bool:
        return bool(self.faults) or (self.state == "refused" and bool(self.form.errors))

    @property
    def is_open(self) -> bool:
        """Whether its boxes are shown unfolded: something in it is wrong, or was written and is not saved yet."""
        return self.has_faults or (self.data is not None and self.state == "open" and self.form.is_touched)

    def save(self, *, by: User, nothing_changed: bool = False) -> None:
        """Save this row alone. What stands in its way is told beside its field; what was written stays in the boxes."""
        token = self.form["token"].value()
        if was_spent(token, purpose="action update"):
            self.state = "twice"
            return
        if why := reasons.why_not_update_action(by, self.action):
            self._refuse([why])
            return
        try:
            if nothing_changed:
                made = operations.add_update(
                    by=by, action=self.action, nothing_changed=True, token=token or ""
                )
            elif self.form.is_valid():
                made = self.form.save(by=by)
            else:
                self._refuse([])
                return
        except operations.RuleBroken as broken:
            self._refuse(broken.faults)
            return
        self.state, self.made = ("saved", made) if made is not None else ("twice", None)

    def _refuse(self, faults: list[str]) -> None:
        self.state, self.faults = "refused", faults
