"""The twelve roles, each in the words shown to whoever grants it. Roles live here and nowhere else."""

from django.db import models


class Role(models.TextChoices):
    """What a person may do. A membership says for whom: a service, a sector or the whole partnership."""

    CONTRIBUTOR = "contributor", "Service contributor"
    PUBLISHER = "publisher", "Service publisher or sector lead"
    MODERATOR = "moderator", "Moderator"
    SAFEGUARDING = "safeguarding", "Safeguarding lead or deputy"
    PROGRAMME = "programme", "Programme team"
    ASSURANCE = "assurance", "Assurance"
    BOARD = "board", "Board member"
    CHAIR = "chair", "Independent chair"
    ADVISER = "adviser", "Adviser"
    AUDITOR = "auditor", "Auditor or data protection officer"
    ADMINISTRATOR = "administrator", "Administrator"
    FAMILY = "family", "Family"


ROLE_DESCRIPTIONS: dict[str, str] = {
    Role.CONTRIBUTOR: "Writes and updates actions and drafts answers for one service, or every service of a sector.",
    Role.PUBLISHER: "All that a contributor does, and makes plans, actions and answers public. "
    "For a whole sector, this is the sector lead.",
    Role.MODERATOR: "Reads what families sent, takes out what could identify someone, approves it or not, "
    "and sends it to a service.",
    Role.SAFEGUARDING: "Reads what was marked as someone may be unsafe, and nothing else. Lead or deputy.",
    Role.PROGRAMME: "Runs the programme: sees all plans, services and people. Never sees families’ original words, "
    "their contact details or safeguarding items.",
    Role.ASSURANCE: "Checks the evidence and signs off that an action made a difference. Never its owner.",
    Role.BOARD: "Sees progress, exceptions and redacted feedback. Changes no plan.",
    Role.CHAIR: "As a board member, from outside the partnership’s bodies.",
    Role.ADVISER: "From the department or the health service: sees what the board sees and changes nothing.",
    Role.AUDITOR: "Sees who changed what and who may do what. Changes nothing.",
    Role.ADMINISTRATOR: "Looks after accounts and settings. Sees no families’ words and no safeguarding items.",
    Role.FAMILY: "A parent carer or young person with an account of their own. Sees what they sent.",
}

SERVICE_ROLES = (Role.CONTRIBUTOR, Role.PUBLISHER)
"""Roles held for a service or a sector; the others are held for the whole partnership."""

STAFF_ROLES = tuple(role for role in Role if role is not Role.FAMILY)
"""Roles that come by invitation and need two-step sign-in (R-P5)."""

BOARD_ROLES = (Role.BOARD, Role.CHAIR, Role.ADVISER, Role.PROGRAMME, Role.ASSURANCE)
"""Roles that read the board's pages."""

GRANTED_BY_PROGRAMME = (
    Role.CONTRIBUTOR,
    Role.PUBLISHER,
    Role.ASSURANCE,
    Role.BOARD,
    Role.CHAIR,
    Role.ADVISER,
)
"""What the programme team may grant. Only an administrator grants the rest, so nobody widens their own view."""
