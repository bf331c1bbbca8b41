"""Addresses of who we are, what we rest on, and the people who work here."""

from django.urls import path

from .views import about, brand, help, invitations, mail, memberships, people, services, sources

app_name = "partnership"

urlpatterns = [
    path("brand.css", brand.brand, name="brand"),
    path("partnership/", about.about, name="about"),
    path("timeline/", about.timeline, name="timeline"),
    path("glossary/", about.glossary, name="glossary"),
    path("help/", help.contacts, name="help"),
    path("help/safe/", help.safe, name="help_safe"),
    path("help/my-child/", help.my_child, name="help_my_child"),
    path("sources/", sources.sources, name="sources"),
    path("sources/passages/<str:ref>/", sources.passage, name="passage"),
    path("sources/passages/<str:ref>/plain/", sources.plain_edit, name="plain_edit"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("source-notes/", sources.source_notes, name="source_notes"),
    path("partnership/people/", people.people, name="people"),
    path("partnership/people/<positive:id>/", people.person, name="person"),
    path("partnership/people/<positive:id>/edit/", people.person_edit, name="person_edit"),
    path("partnership/people/<positive:id>/close/", people.person_close, name="person_close"),
    path("partnership/people/<positive:id>/reopen/", people.person_reopen, name="person_reopen"),
    path(
        "partnership/people/<positive:id>/memberships/new/", memberships.membership_new, name="membership_new"
    ),
    path("partnership/memberships/<positive:id>/end/", memberships.membership_end, name="membership_end"),
    path("partnership/services/", services.services, name="services"),
    path("partnership/services/new/", services.service_new, name="service_new"),
    path("partnership/services/<slug:slug>/edit/", services.service_edit, name="service_edit"),
    path("partnership/invitations/", invitations.invitations, name="invitations"),
    path("partnership/invitations/new/", invitations.invitation_new, name="invitation_new"),
    path(
        "partnership/invitations/<positive:id>/withdraw/",
        invitations.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("my-work/mail/", mail.mail_choice, name="mail"),
    path("invitations/<str:key>/", invitations.invitation_accept, name="invitation_accept"),
]
