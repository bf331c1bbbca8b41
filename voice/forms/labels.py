"""The same questions in words for each way in (R-V1)."""

from typing import Any

from voice.models import MayShow, Route, WhoseWords

LABELS: dict[str, dict[str, dict[str, Any]]] = {
    Route.CHILD: {
        "text": {
            "label": "Tell us more",
            "help_text": "You can write a little or a lot. Please do not write names.",
        },
        "whose_words": {
            "label": "Who is writing this?",
            "choices": [
                (WhoseWords.MINE, "Me"),
                (WhoseWords.MINE_WITH_HELP, "Me, and someone helps me"),
                (WhoseWords.FOR_SOMEONE, "I am writing it for a child"),
            ],
        },
        "may_show": {
            "label": "Who can read it?",
            "help_text": "Two people read it first. We never show your name.",
            "choices": [
                (MayShow.SUMMARY, "Other people can read what it is about"),
                (MayShow.WORDS, "Other people can read my words"),
                (MayShow.NOTHING, "Only the people who help"),
            ],
        },
        "unsafe": {
            "label": "I do not feel safe, or someone else is not safe",
            "help_text": "Then only people who help keep children safe read it. They cannot come at once.",
        },
        "age_band": {"label": "How old are you?", "help_text": "You do not have to say."},
        "district": {"label": "Where do you live?", "help_text": "You do not have to say."},
        "email": {
            "label": "An e-mail address",
            "help_text": "Ask a grown-up you trust first. We use it only to say that there is an answer.",
        },
    },
    Route.YOUNG_PERSON: {
        "age_band": {"label": "How old are you?"},
    },
    Route.PRACTITIONER: {
        "text": {
            "help_text": "Tell us what you see in your work. Please write nothing that could tell who a child or a family is."
        },
        "whose_words": {"help_text": "If a child or a family told you this, choose the last one."},
        "district": {"label": "Which part of the area is it about?"},
    },
}
