"""Addresses of strategies, priorities and measures. Families and board papers link to them, so they stay."""

from django.urls import path

from . import views

app_name = "priorities"

urlpatterns = [
    path("strategy/", views.current, name="current"),
    path("strategies/", views.strategies, name="strategies"),
    path("strategies/<slug:slug>/", views.strategy, name="strategy"),
    path("strategies/<slug:slug>/priorities/<positive:number>/", views.priority, name="priority"),
    path("measures/", views.measures, name="measures"),
    path("measures/<slug:slug>/", views.measure, name="measure"),
]
