"""Addresses of the SEND Improvement Board's pages."""

from django.urls import path

from . import views

app_name = "board"

urlpatterns = [
    path("board/", views.overview, name="overview"),
    path("board/exceptions/", views.exceptions, name="exceptions"),
    path("board/actions/", views.actions, name="actions"),
    path("board/audits/", views.audits, name="audits"),
    path("board/gaps/", views.gaps, name="gaps"),
    path("board/actions/<slug:ref>/rating/", views.rating, name="rating"),
    path("board/reviews/", views.reviews, name="reviews"),
    path("board/unanswered/", views.unanswered, name="unanswered"),
    path("board/changes/", views.changes, name="changes"),
    path("board/strategies/<slug:slug>/priorities/<positive:number>/", views.priority, name="priority"),
]
