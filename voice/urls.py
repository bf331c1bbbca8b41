"""Addresses of the voice rooms. No code, no word and no name ever stands in one (R-P8)."""

from django.urls import path

from .views import answering, difference, following, moderation, public, safeguarding, sending

app_name = "voice"

urlpatterns = [
    path("voice/", sending.home, name="home"),
    path("voice/new/<slug:route>/", sending.new, name="new"),
    path("voice/follow/", following.follow, name="follow"),
    path("voice/you-said-we-did/", public.you_said_we_did, name="you_said_we_did"),
    path("voice/you-said-we-did/<positive:pk>/", public.answer, name="answer"),
    path("voice/actions/<slug:ref>/difference/", difference.difference, name="difference"),
    path("voice/inbox/", moderation.inbox, name="inbox"),
    path("voice/inbox/<positive:pk>/", moderation.comment, name="comment"),
    path("voice/safeguarding/", safeguarding.safeguarding, name="safeguarding"),
    path("voice/safeguarding/<positive:pk>/", safeguarding.safeguarding_item, name="safeguarding_item"),
    path("voice/answers/", answering.answers, name="answers"),
    path("voice/answers/new/", answering.answer_new, name="answer_new"),
    path("voice/answers/<positive:pk>/edit/", answering.answer_edit, name="answer_edit"),
    path("voice/answers/<positive:pk>/publish/", answering.answer_publish, name="answer_publish"),
]
