"""The filters of the public list: every value stands in the address, so that a list can be kept and sent."""

import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef

from actions.models import Action, Category, Status
from actions.models.action_queries import ActionQuerySet
from partnership.models import Service
from priorities.models import Priority

ANY = ("", "All")


class ActionFilterForm(forms.Form):
    """Priority, sector, service, category, status. What is not on the list is a message; the rest still counts."""

    priority = forms.ChoiceField(required=False)
    sector = forms.ChoiceField(required=False)
    service = forms.ChoiceField(required=False)
    category = forms.ChoiceField(required=False, choices=[ANY, *((c.slug, c.label) for c in Category)])
    status = forms.ChoiceField(required=False, choices=[ANY, *Status.choices])

    def __init__(self, data: Any, *, user: object) -> None:
        super().__init__(data)
        self.user = user
        # Asked of each service, which are few: the first action found is enough.
        seen = Action.objects.visible_to(user).filter(service=OuterRef("pk")).order_by()
        services = list(Service.objects.filter(Exists(seen)).select_related("sector"))
        sectors = {service.sector.slug: service.sector.name for service in services}
        priorities = Priority.objects.visible_to(user).for_new_actions().select_related("strategy", "title")
        chosen = {
            "priority": [(str(priority.pk), str(priority)) for priority in priorities],
            "sector": list(sectors.items()),
            "service": [(service.slug, service.name) for service in services],
        }
        for name, choices in chosen.items():
            self.fields[name].choices = [ANY, *choices]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = "Choose one from the list."

    def narrow(self, actions: ActionQuerySet, *, today: datetime.date, public: bool) -> ActionQuerySet:
        """The actions that fit every filter that is set."""
        self.is_valid()
        wanted = self.cleaned_data
        if wanted.get("priority"):
            actions = actions.serving(int(wanted["priority"]))
        if wanted.get("sector"):
            actions = actions.filter(service__sector__slug=wanted["sector"])
        if wanted.get("service"):
            actions = actions.filter(service__slug=wanted["service"])
        if wanted.get("category"):
            actions = actions.filter(category=Category[wanted["category"].upper()])
        if wanted.get("status"):
            actions = actions.shown_as(wanted["status"], today, public=public)
        return actions

    @property
    def query(self) -> str:
        """The filters that are set, as the end of an address: `?category=must`, or nothing."""
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""

    @property
    def is_set(self) -> bool:
        """Whether any filter is set."""
        return any(self.data.get(name) for name in self.fields)
