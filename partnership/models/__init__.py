"""Who the partnership is, and the published words that everything else rests on."""

from .invitations import Invitation
from .loaded import DataFileEntry
from .mail import DigestDay, MailPreference, Weekday
from .organisations import (
    Accountability,
    Board,
    Organisation,
    OrganisationListing,
    RoleHolding,
    Sector,
    Service,
)
from .people import AccountChange, Membership, User
from .reference import BankHoliday, Contact, District, GlossaryTerm, Partnership
from .sources import Passage, PlainSummary, SourceDocument, SourceNote
from .timeline import TimelineEvent

__all__ = [
    "AccountChange",
    "Accountability",
    "BankHoliday",
    "Board",
    "Contact",
    "DataFileEntry",
    "DigestDay",
    "District",
    "GlossaryTerm",
    "Invitation",
    "MailPreference",
    "Membership",
    "Organisation",
    "OrganisationListing",
    "Partnership",
    "Passage",
    "PlainSummary",
    "RoleHolding",
    "Sector",
    "Service",
    "SourceDocument",
    "SourceNote",
    "TimelineEvent",
    "User",
    "Weekday",
]
