"""Addresses of the voice rooms. No word and no name ever stands in one, and no code but that of a booking, which its holder
is given as a link (R-P8, `docs/decisions/017-places-are-given-under-the-lock-of-the-event.md`)."""

from django.urls import path

from .views import (
    answering,
    bookings,
    checking,
    difference,
    event_staff,
    events,
    families,
    following,
    moderation,
    public,
    safeguarding,
    sending,
    showing,
)

app_name = "voice"

urlpatterns = [
    path("voice/", sending.home, name="home"),
    path("voice/new/<slug:route>/", sending.new, name="new"),
    path("voice/follow/", following.follow, name="follow"),
    path("voice/mine/", families.mine, name="mine"),
    path("voice/mine/<positive:pk>/", families.mine_one, name="mine_one"),
    path("voice/you-said-we-did/", public.you_said_we_did, name="you_said_we_did"),
    path("voice/you-said-we-did/<positive:pk>/", public.answer, name="answer"),
    path("voice/actions/<slug:ref>/difference/", difference.difference, name="difference"),
    path("voice/inbox/", moderation.inbox, name="inbox"),
    path("voice/inbox/<positive:pk>/", moderation.comment, name="comment"),
    path("voice/show-changes/<positive:pk>/", showing.show_change, name="show_change"),
    path("voice/safeguarding/", safeguarding.safeguarding, name="safeguarding"),
    path("voice/safeguarding/<positive:pk>/", safeguarding.safeguarding_item, name="safeguarding_item"),
    path("voice/answers/", answering.answers, name="answers"),
    path("voice/answers/new/", answering.answer_new, name="answer_new"),
    path("voice/answers/<positive:pk>/edit/", answering.answer_edit, name="answer_edit"),
    path("voice/answers/<positive:pk>/publish/", answering.answer_publish, name="answer_publish"),
    path("voice/answers/<positive:pk>/ask/", checking.answer_ask, name="answer_ask"),
    path("voice/answers/<positive:pk>/check/", checking.answer_check, name="answer_check"),
    path("events/", events.events, name="events"),
    path("events/booking/", bookings.find, name="booking_find"),
    path("events/booking/<str:code>/", bookings.booking, name="booking"),
    path("events/<slug:slug>/", events.event, name="event"),
    path("events/<slug:slug>/book/", bookings.book, name="event_book"),
    path("events/<slug:slug>/calendar.ics", events.calendar, name="event_calendar"),
    path("voice/events/", event_staff.event_list, name="event_list"),
    path("voice/events/new/", event_staff.event_new, name="event_new"),
    path("voice/events/<positive:pk>/", event_staff.event_desk, name="event_desk"),
    path("voice/events/<positive:pk>/edit/", event_staff.event_edit, name="event_edit"),
    path("voice/events/<positive:pk>/publish/", event_staff.event_publish, name="event_publish"),
    path("voice/events/<positive:pk>/cancel/", event_staff.event_cancel, name="event_cancel"),
    path("voice/events/<positive:pk>/said/", event_staff.event_said, name="event_said"),
    path("voice/events/bookings/<positive:pk>/rung/", event_staff.booking_rung, name="booking_rung"),
    path("voice/events/bookings/<positive:pk>/cancel/", event_staff.booking_cancel, name="booking_cancel"),
]
