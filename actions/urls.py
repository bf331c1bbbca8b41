"""Addresses of plans and actions: nouns first, verbs last."""

from django.urls import path, re_path, register_converter

from foundation.ids import PositiveIdConverter

from .views import (
    actions,
    audits,
    bulk,
    due_dates,
    evidence,
    exports,
    guide,
    imports,
    owners,
    past,
    plans,
    records,
    reviews,
    updates,
    waiting,
)

app_name = "actions"
register_converter(PositiveIdConverter, "row")

urlpatterns = [
    path("actions/", actions.actions, name="actions"),
    path("actions/updates/", updates.updates, name="updates"),
    re_path(r"^actions/export\.(?P<ending>csv|xlsx)$", exports.actions_export, name="actions_export"),
    path("actions/owners/", owners.owners, name="owners"),
    path("actions/bulk/", bulk.bulk, name="bulk"),
    path("actions/bulk/<slug:kind>/", bulk.bulk_change, name="bulk_change"),
    path("actions/<slug:ref>/", actions.action, name="action"),
    path("actions/<slug:ref>/edit/", actions.action_edit, name="action_edit"),
    path("actions/<slug:ref>/update/", records.action_update, name="action_update"),
    path("actions/<slug:ref>/evidence/new/", evidence.evidence_new, name="evidence_new"),
    path("actions/<slug:ref>/evidence/<row:pk>/file/", evidence.evidence_file, name="evidence_file"),
    path("actions/<slug:ref>/due-date/", due_dates.due_date, name="due_date"),
    path("actions/<slug:ref>/due-date/<row:pk>/", due_dates.due_date_decide, name="due_date_decide"),
    path(
        "actions/<slug:ref>/due-date/<row:pk>/withdraw/",
        due_dates.due_date_withdraw,
        name="due_date_withdraw",
    ),
    path("actions/<slug:ref>/history/", past.action_past, name="action_history"),
    path("actions/<slug:ref>/milestones/new/", records.milestone_new, name="milestone_new"),
    path("actions/<slug:ref>/milestones/<row:pk>/edit/", records.milestone_edit, name="milestone_edit"),
    path("actions/<slug:ref>/measures/new/", records.measure_new, name="measure_new"),
    path("actions/<slug:ref>/measures/<row:pk>/remove/", records.measure_remove, name="measure_remove"),
    path("actions/<slug:ref>/waiting-for/new/", waiting.waiting_new, name="waiting_new"),
    path("actions/<slug:ref>/waiting-for/<row:pk>/end/", waiting.waiting_end, name="waiting_end"),
    path("actions/<slug:ref>/sign-off/", actions.sign_off, name="sign_off"),
    path("actions/<slug:ref>/close/", actions.action_close, name="action_close"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/import/", imports.plan_import_new, name="plan_import_new"),
    path("plans/imports/<row:pk>/", imports.plan_import, name="plan_import"),
    path("plans/imports/<row:pk>/columns/", imports.plan_import_columns, name="plan_import_columns"),
    path("plans/imports/<row:pk>/words/", imports.plan_import_words, name="plan_import_words"),
    path("plans/imports/<row:pk>/check/", imports.plan_import_check, name="plan_import_check"),
    path("plans/imports/<row:pk>/confirm/", imports.plan_import_confirm, name="plan_import_confirm"),
    path("plans/imports/<row:pk>/drop/", imports.plan_import_drop, name="plan_import_drop"),
    path("plans/<slug:slug>/imports/", imports.plan_imports, name="plan_imports"),
    path("plans/<slug:slug>/", plans.plan, name="plan"),
    path("plans/<slug:slug>/plan.pdf", plans.plan_pdf, name="plan_pdf"),
    re_path(
        r"^plans/(?P<slug>[-a-zA-Z0-9_]+)/export\.(?P<ending>csv|xlsx)$",
        exports.plan_export,
        name="plan_export",
    ),
    path("plans/<slug:slug>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<slug:slug>/publish/", plans.plan_publish, name="plan_publish"),
    path("plans/<slug:slug>/waiting/", plans.plan_waiting, name="plan_waiting"),
    path("plans/<slug:slug>/review/", reviews.plan_review, name="plan_review"),
    path("plans/<slug:slug>/review/finish/", reviews.plan_review_finish, name="plan_review_finish"),
    path(
        "plans/<slug:slug>/review/actions/<slug:ref>/", reviews.plan_review_action, name="plan_review_action"
    ),
    path("plans/<slug:slug>/history/", past.plan_past, name="plan_history"),
    path("plans/<slug:slug>/archive/", plans.plan_archive, name="plan_archive"),
    path("plans/<slug:slug>/actions/new/", actions.action_new, name="action_new"),
    path("guide/", guide.guide, name="guide"),
    path("audits/", audits.audits, name="audits"),
    path("audits/new/", audits.audit_new, name="audit_new"),
    path("audits/<row:pk>/", audits.audit, name="audit"),
    path("audits/<row:pk>/edit/", audits.audit_edit, name="audit_edit"),
    path("audits/<row:pk>/finish/", audits.audit_finish, name="audit_finish"),
    path("audits/<row:pk>/findings/<row:finding>/edit/", audits.finding_edit, name="finding_edit"),
    path("audits/<row:pk>/findings/<row:finding>/action/", audits.gap_action, name="gap_action"),
    path("audits/<row:pk>/findings/<row:finding>/link/", audits.gap_link, name="gap_link"),
]
