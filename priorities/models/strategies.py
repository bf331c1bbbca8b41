"""Strategies and what they hold. Priorities belong to one strategy and are never merged (source note 2)."""

from django.db import models
from django.urls import reverse

from partnership.dates import Precision, describe_period
from partnership.models import Board, Passage, SourceDocument
from partnership.permissions import has_role
from partnership.roles import Role


class StrategyQuerySet(models.QuerySet["Strategy"]):
    def visible_to(self, user: object) -> "StrategyQuerySet":
        """Published ones for everybody; drafts for the programme team alone (R-C11)."""
        if has_role(user, Role.PROGRAMME):
            return self
        return self.exclude(status=Strategy.Status.DRAFT)

    def current(self) -> "StrategyQuerySet":
        """Those in force: more than one kind may be at once (a strategy, a priority action plan, a reform plan)."""
        return self.filter(status=Strategy.Status.CURRENT)

    def in_force_first(self) -> "StrategyQuerySet":
        """Those in force, then drafts, then replaced ones; within each as the partnership ordered them."""
        order = models.Case(
            models.When(status=Strategy.Status.CURRENT, then=0),
            models.When(status=Strategy.Status.DRAFT, then=1),
            default=2,
            output_field=models.PositiveSmallIntegerField(),
        )
        return self.order_by(order, "position", "title", "pk")

    def with_number_of_priorities(self) -> "StrategyQuerySet":
        """How many priorities or areas each holds."""
        return self.annotate(number_of_priorities=models.Count("priorities"))


class Strategy(models.Model):
    """A strategy, priority action plan or reform plan that the partnership published or is drafting."""

    class Kind(models.TextChoices):
        STRATEGY = "strategy", "Strategy"
        PRIORITY_ACTION_PLAN = "priority_action_plan", "Priority action plan"
        REFORM_PLAN = "reform_plan", "Reform plan"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        CURRENT = "current", "Current"
        SUPERSEDED = "superseded", "Replaced"

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=24, choices=Kind.choices, default=Kind.STRATEGY)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True, help_text="Empty where the documents do not say.")
    precision = models.CharField(max_length=10, choices=Precision.choices, default=Precision.YEAR)
    inferred = models.BooleanField(
        default=False, help_text="The year is worked out, not given in the documents."
    )
    replaced_by = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaces"
    )
    linked_to = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="linked_plans",
        help_text="For example the strategy that a priority action plan goes with.",
    )
    vision = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="vision_of"
    )
    sources = models.ManyToManyField(SourceDocument, blank=True, related_name="strategies")
    overseen_by = models.ForeignKey(
        Board, null=True, blank=True, on_delete=models.PROTECT, related_name="strategies"
    )
    areas_published = models.BooleanField(
        default=True, help_text="Off where the documents we hold do not list its areas."
    )
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_example = models.BooleanField(default=False, editable=False)

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title"]
        verbose_name_plural = "strategies"
        constraints = [
            models.UniqueConstraint(
                fields=["kind"],
                condition=models.Q(status="current", kind="strategy"),
                name="one_current_strategy",
            ),
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="strategy_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("priorities:strategy", args=[self.slug])

    @property
    def period_text(self) -> str:
        """For example "2025 to 2028", or "from 2025 (year worked out by us)" where no end is given."""
        text = describe_period(self.starts, self.ends, self.precision, inferred=self.inferred)
        return text if self.ends else f"from {text}"

    @property
    def name(self) -> str:
        """The short title where there is one."""
        return self.short_title or self.title


class StrategyPassage(models.Model):
    """A passage printed on a strategy's page, under which heading and in which order."""

    class Part(models.TextChoices):
        INTRODUCTION = "introduction", "Introduction"
        FOREWORD = "foreword", "Foreword from our leaders"
        ABOUT = "about", "What this is"
        VISION_STORY = "vision_story", "How the vision was chosen"
        PRIORITIES = "priorities", "About the priorities"
        WAYS_OF_WORKING = "ways_of_working", "Ways of working"
        GOOD_OFFER = "good_offer", "A good offer"
        INTO_ACTION = "into_action", "Priorities into action"
        GOVERNANCE = "governance", "Who keeps watch"
        NEWS = "news", "What was said about it"
        HELP = "help", "Here to help"
        GUIDE = "guide", "Why there is a guide"
        SELF_AUDIT = "self_audit", "Why services audit themselves"

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="strategy_passages")
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="strategy_passages")
    part = models.CharField(max_length=16, choices=Part.choices)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "passage", "part"], name="passage_once_per_part")
        ]

    def __str__(self) -> str:
        return f"{self.get_part_display()}: {self.passage.ref}"


class PriorityQuerySet(models.QuerySet["Priority"]):
    def visible_to(self, user: object) -> "PriorityQuerySet":
        """Priorities of the strategies this person may see."""
        return self.filter(strategy__in=Strategy.objects.visible_to(user))

    def for_new_actions(self) -> "PriorityQuerySet":
        """Only those of what is in force can be chosen for a new action (R-C4)."""
        return self.filter(strategy__status=Strategy.Status.CURRENT)

    def with_words(self) -> "PriorityQuerySet":
        """Everything a priority's card shows, in a fixed number of queries."""
        return self.select_related("strategy", "title", "ambition", "short_title").prefetch_related(
            "title__plain_summaries", "ambition__plain_summaries"
        )

    def with_names(self) -> "PriorityQuerySet":
        """What a priority is called: strategy, number and title, never a bare number (R-C4)."""
        return self.select_related("strategy", "title")

    def with_every_passage(self) -> "PriorityQuerySet":
        """All published words of a priority, and the strategies that came after it, in one query."""
        return self.select_related(
            "strategy__replaced_by",
            "title",
            "ambition",
            "short_title",
            "alternative_title",
            "benefit",
            "meaning",
        )


class Priority(models.Model):
    """One priority of a strategy, or one area of a plan, in its published words."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="priorities")
    number = models.PositiveSmallIntegerField()
    title = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="title_of")
    alternative_title = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="alternative_title_of"
    )
    short_title = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="short_title_of"
    )
    ambition = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="ambition_of"
    )
    benefit = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="benefit_of"
    )
    meaning = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="meaning_of"
    )

    objects = PriorityQuerySet.as_manager()

    class Meta:
        ordering = ["strategy__position", "number"]
        verbose_name_plural = "priorities"
        constraints = [models.UniqueConstraint(fields=["strategy", "number"], name="one_priority_per_number")]

    def __str__(self) -> str:
        return f"{self.strategy.name}, priority {self.number}: {self.title.text}"

    def get_absolute_url(self) -> str:
        return reverse("priorities:priority", args=[self.strategy.slug, self.number])

    @property
    def promised(self) -> Passage | None:
        """Its ambition; where the document gives none, the benefit that it names."""
        return self.ambition or self.benefit

    @property
    def passages(self) -> list[Passage]:
        """Every passage of its published words that it has."""
        every = [
            self.title,
            self.alternative_title,
            self.short_title,
            self.ambition,
            self.benefit,
            self.meaning,
        ]
        return [passage for passage in every if passage is not None]


class Commitment(models.Model):
    """Something else the strategy promises: an ambition, a way of working, a statement of a good offer."""

    class Kind(models.TextChoices):
        AMBITION = "ambition", "Ambition"
        WORKING_TOGETHER = "working_together", "Working together: we will"
        PROMISE = "promise", "Promise: a way of working"
        GOOD_OFFER = "good_offer", "What a good offer looks like"

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="commitments")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()
    group = models.PositiveSmallIntegerField(default=1)
    group_label = models.CharField(
        max_length=100, blank=True, help_text="The portal's own label where the document gives none."
    )
    title = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="commitment_title_of")
    meaning = models.ForeignKey(
        Passage, null=True, blank=True, on_delete=models.PROTECT, related_name="commitment_meaning_of"
    )

    class Meta:
        ordering = ["kind", "number"]
        constraints = [
            models.UniqueConstraint(fields=["strategy", "kind", "number"], name="one_commitment_per_number")
        ]

    def __str__(self) -> str:
        return self.title.text


class CategoryDefinition(models.Model):
    """The official words for must, should or could, in their order of priority (R-A3)."""

    category = models.CharField(max_length=6, unique=True)
    label = models.CharField(max_length=40)
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, related_name="category_definitions")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.label
