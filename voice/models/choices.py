"""The fixed lists of the voice rooms: ways in, topics, what may be shown, where it stands."""

from django.db import models


class Route(models.TextChoices):
    """Which way in somebody took (R-V1). The value is the word in the address."""

    CHILD = "child", "I am a child"
    YOUNG_PERSON = "young-person", "I am a young person"
    PARENT_CARER = "parent-carer", "I am a parent or carer"
    PRACTITIONER = "practitioner", "I work with children and young people"
    SOMEONE_ELSE = "someone-else", "Someone else"


SAID_BY = {
    Route.CHILD: "A child",
    Route.YOUNG_PERSON: "A young person",
    Route.PARENT_CARER: "A parent or carer",
    Route.PRACTITIONER: "Somebody who works with children and young people",
    Route.SOMEONE_ELSE: "Somebody else",
}


class WhoseWords(models.TextChoices):
    """Whose words these are: some adults have filled in what was meant for children (R-V3)."""

    MINE = "mine", "My own words"
    MINE_WITH_HELP = "mine_with_help", "My own words, with help from someone"
    FOR_SOMEONE = "for_someone", "I am writing for someone else"


class Topic(models.TextChoices):
    """What it is about: the topics of regulation 56, and how it felt and what went well (R-V4)."""

    QUALITY = "quality", "How good the help or support is"
    MISSING = "missing", "Something that is missing"
    INFORMATION = "information", "Finding or using information"
    INVOLVED = "involved", "How you were involved"
    FELT = "felt", "How it felt"
    WENT_WELL = "went_well", "Something that went well"


class Feeling(models.TextChoices):
    """The faces on the child's route."""

    HAPPY = "happy", "Happy"
    OK = "ok", "OK"
    SAD = "sad", "Sad"
    CROSS = "cross", "Cross"
    WORRIED = "worried", "Worried"


class AgeBand(models.TextChoices):
    """Age of the child or young person it is about, never a date of birth (R-V2)."""

    UNDER_5 = "under-5", "Under 5"
    FROM_5 = "5-10", "5 to 10"
    FROM_11 = "11-15", "11 to 15"
    FROM_16 = "16-18", "16 to 18"
    FROM_19 = "19-25", "19 to 25"


class MayShow(models.TextChoices):
    """What the sender lets us show (R-V5). A summary is the default."""

    SUMMARY = "summary", "Only a summary, not my words"
    WORDS = "words", "My words, without my name"
    NOTHING = "nothing", "Do not show it to anyone outside"


class Channel(models.TextChoices):
    """How it came in (R-V11)."""

    ONLINE = "online", "This website"
    PAPER = "paper", "On paper"
    PHONE = "phone", "By phone"
    EVENT = "event", "At an event"
    FORUM = "forum", "Through a parent carer forum"
    GROUP = "group", "Through a group of young people"


class Stage(models.TextChoices):
    """Where it stands. The label is what staff see; the sender sees plain sentences."""

    RECEIVED = "received", "To be read"
    SECOND_CHECK = "second_check", "Waiting for a second moderator"
    APPROVED = "approved", "With the service"
    ANSWERED = "answered", "Answered"
    NOT_PUBLISHED = "not_published", "Read, not published"
    WITHDRAWN = "withdrawn", "Taken back by the sender"
