"""What the partnership has promised: strategies, their priorities and commitments, and the measures that show it."""

from .measures import Measure, Reading, WorkedOutFigure
from .strategies import CategoryDefinition, Commitment, Priority, Strategy, StrategyPassage

__all__ = [
    "CategoryDefinition",
    "Commitment",
    "Measure",
    "Priority",
    "Reading",
    "Strategy",
    "StrategyPassage",
    "WorkedOutFigure",
]
