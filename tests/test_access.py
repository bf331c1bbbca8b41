# ruff: noqa: E501  (a row of the table is one line)
"""The one table of who may do what: every address, every kind of person, every method (R-A7, R-S2, R-P5).

The cells are typed by hand from what the partnership decided. They are never worked out from the rules they check. An
address that is not in the table fails.
"""

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access_world import PEOPLE, World, build_world

pytestmark = pytest.mark.django_db

# A cell: . page or form shown (422 when the form is shown again)   > sent on elsewhere   L sent to sign in   x told no (403)   0 no such page (404)
#         - that method is not for this page (405)     c conflict page (409)
# Columns: visitor, family; contributor, other contributor, publisher; moderator, safeguarding; programme, assurance;
#          board, chair, adviser; auditor, administrator; deactivated.
#
# ADDRESS | name | GET and HEAD | POST with nothing in it | OPTIONS, PUT, PATCH, DELETE, TRACE
TABLE = """
/                                        | portal:home               | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/privacy/                                | portal:privacy            | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/accessibility/                          | portal:accessibility      | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/cookies/                                | portal:cookies            | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/healthz                                 | portal:healthz            | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/readyz                                  | portal:readyz             | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/thread/action/INC-1/                    | portal:thread             | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/thread/action/INC-2/                    | portal:thread             | 00 .0. 00 .0 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/thread/action/INC-3/                    | portal:thread             | 00 ... .. .. ... .. 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/thread/measure/plans-issued/            | portal:thread             | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/thread/measure/hidden-measure/          | portal:thread             | 00 ... .. .. ... .. 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/thread/comment/{approved}/              | portal:thread             | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/thread/comment/{unread}/                | portal:thread             | 00 000 00 00 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/thread/comment/{flagged}/               | portal:thread             | 00 000 00 00 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/thread/answer/{answer}/                 | portal:thread             | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/thread/answer/{draft_answer}/           | portal:thread             | 00 000 00 00 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/thread/nothing/1/                       | portal:thread             | 00 000 00 00 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/my-work/                                | portal:my_work            | L. ... .. .. ... .. L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/my-work/mail/                           | partnership:mail          | Lx ... .. .. ... .. L | Lx ... .. .. ... .. L | L- --- -- -- --- -- L
/brand.css                               | partnership:brand         | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/partnership/                            | partnership:about         | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/timeline/                               | partnership:timeline      | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/glossary/                               | partnership:glossary      | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/help/                                   | partnership:help          | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/help/safe/                              | partnership:help_safe     | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/help/my-child/                          | partnership:help_my_child | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/sources/                                | partnership:sources       | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/sources/document/                       | partnership:source        | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/sources/passages/P1/                    | partnership:passage       | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/sources/passages/P1/plain/              | partnership:plain_edit    | Lx xxx xx .x xxx xx L | Lx xxx xx .x xxx xx L | L- --- -- -- --- -- L
/source-notes/                           | partnership:source_notes  | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/partnership/people/                     | partnership:people        | Lx xxx xx .x xxx .. L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/partnership/people/{someone}/           | partnership:person        | L0 000 00 .0 000 .. L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/partnership/people/{someone}/edit/      | partnership:person_edit   | L0 000 00 .0 000 x. L | L0 000 00 .0 000 x. L | L- --- -- -- --- -- L
/partnership/people/{someone}/close/     | partnership:person_close  | L- --- -- -- --- -- L | L0 000 00 x0 000 x> L | L- --- -- -- --- -- L
/partnership/people/{someone}/reopen/    | partnership:person_reopen | L- --- -- -- --- -- L | L0 000 00 x0 000 x> L | L- --- -- -- --- -- L
/partnership/people/{someone}/memberships/new/ | partnership:membership_new | L0 000 00 .0 000 x. L | L0 000 00 .0 000 x. L | L- --- -- -- --- -- L
/partnership/memberships/{membership}/end/ | partnership:membership_end | L0 000 00 .0 000 x. L | L0 000 00 .0 000 x. L | L- --- -- -- --- -- L
/partnership/services/                   | partnership:services      | Lx xxx xx .x xxx x. L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/partnership/services/new/               | partnership:service_new   | Lx xxx xx .x xxx x. L | Lx xxx xx .x xxx x. L | L- --- -- -- --- -- L
/partnership/services/inclusion/edit/    | partnership:service_edit  | Lx xxx xx .x xxx x. L | Lx xxx xx .x xxx x. L | L- --- -- -- --- -- L
/partnership/invitations/                | partnership:invitations   | Lx xxx xx .x xxx .. L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/partnership/invitations/new/            | partnership:invitation_new | Lx xxx xx .x xxx x. L | Lx xxx xx .x xxx x. L | L- --- -- -- --- -- L
/partnership/invitations/{invitation}/withdraw/ | partnership:invitation_withdraw | L- --- -- -- --- -- L | L0 000 00 >0 000 x> L | L- --- -- -- --- -- L
/invitations/not-a-key/                  | partnership:invitation_accept | 00 000 00 00 000 00 0 | 00 000 00 00 000 00 0 | -- --- -- -- --- -- -
/strategy/                               | priorities:current        | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/strategies/                             | priorities:strategies     | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/strategies/now/                         | priorities:strategy       | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/strategies/draft-strategy/              | priorities:strategy       | 00 000 00 .0 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/strategies/now/priorities/1/            | priorities:priority       | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/strategies/draft-strategy/priorities/1/ | priorities:priority       | 00 000 00 .0 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/measures/                               | priorities:measures       | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/measures/plans-issued/                  | priorities:measure        | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/measures/hidden-measure/                | priorities:measure        | 00 ... .. .. ... .. 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/actions/                                | actions:actions           | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/actions/updates/                        | actions:updates           | Lx ... xx xx xxx xx L | Lx ... xx xx xxx xx L | L- --- -- -- --- -- L
/actions/export.csv                      | actions:actions_export    | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/actions/export.xlsx                     | actions:actions_export    | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/actions/owners/                         | actions:owners            | Lx xxx xx .x xxx xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/actions/bulk/                           | actions:bulk              | Lx xxx xx .x xxx xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/actions/bulk/move/?which=all            | actions:bulk_change       | Lx xxx xx .x xxx xx L | Lx xxx xx .x xxx xx L | L- --- -- -- --- -- L
/actions/bulk/redate/?which=all          | actions:bulk_change       | Lx xxx xx .x xxx xx L | Lx xxx xx .x xxx xx L | L- --- -- -- --- -- L
/actions/bulk/serve/?which=all           | actions:bulk_change       | Lx xxx xx .x xxx xx L | Lx xxx xx .x xxx xx L | L- --- -- -- --- -- L
/actions/bulk/nothing/                   | actions:bulk_change       | Lx xxx xx 0x xxx xx L | Lx xxx xx 0x xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/                          | actions:action            | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/actions/INC-2/                          | actions:action            | 00 .0. 00 .0 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/actions/INC-3/                          | actions:action            | 00 ... .. .. ... .. 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/actions/INC-1/edit/                     | actions:action_edit       | Lx xx. xx xx xxx xx L | Lx xx. xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-2/edit/                     | actions:action_edit       | L0 .0. 00 x0 000 00 L | L0 .0. 00 x0 000 00 L | L- --- -- -- --- -- L
/actions/INC-1/update/                   | actions:action_update     | Lx .x. xx xx xxx xx L | Lx .x. xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/due-date/                 | actions:due_date          | Lx .x. xx xx xxx xx L | Lx .x. xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/due-date/{due_request}/   | actions:due_date_decide   | Lx xx. xx xx xxx xx L | Lx xx. xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/due-date/{due_request}/withdraw/ | actions:due_date_withdraw | L- --- -- -- --- -- L | Lx >x> xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/evidence/new/             | actions:evidence_new      | Lx .x. xx xx xxx xx L | Lx .x. xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/evidence/{evidence_file}/file/ | actions:evidence_file | Lx ... .. .. ... .. L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/actions/INC-1/history/                  | actions:action_history    | Lx ... .. .. ... .. L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/actions/INC-2/history/                  | actions:action_history    | L0 .0. 00 .0 000 00 L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/actions/INC-1/milestones/new/           | actions:milestone_new     | Lx xx. xx xx xxx xx L | Lx xx. xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/milestones/{milestone}/edit/ | actions:milestone_edit | Lx .x. xx xx xxx xx L | Lx .x. xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/measures/new/             | actions:measure_new       | Lx xx. xx xx xxx xx L | Lx xx. xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/measures/{action_measure}/remove/ | actions:measure_remove | L- --- -- -- --- -- L | Lx xx> xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/waiting-for/new/          | actions:waiting_new       | Lx .x. xx xx xxx xx L | Lx .x. xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/waiting-for/{waiting}/end/ | actions:waiting_end      | L- --- -- -- --- -- L | Lx >x> xx xx xxx xx L | L- --- -- -- --- -- L
/actions/INC-4/sign-off/                 | actions:sign_off          | Lx xxx xx x. xxx xx L | Lx xxx xx x. xxx xx L | L- --- -- -- --- -- L
/actions/INC-1/close/                    | actions:action_close      | Lx xxx xx .x xxx xx L | Lx xxx xx .x xxx xx L | L- --- -- -- --- -- L
/plans/                                  | actions:plans             | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/plans/new/                              | actions:plan_new          | Lx ... xx xx xxx xx L | Lx ... xx xx xxx xx L | L- --- -- -- --- -- L
/plans/import/                           | actions:plan_import_new   | Lx ... xx xx xxx xx L | Lx ... xx xx xxx xx L | L- --- -- -- --- -- L
/plans/imports/{import}/                 | actions:plan_import       | L0 .0. 00 .0 000 00 L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/plans/imports/{import_of_a_table}/      | actions:plan_import       | L0 >0. 00 .0 000 00 L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/plans/imports/{import_of_a_table}/columns/ | actions:plan_import_columns | L0 .0x 00 x0 000 00 L | L0 .0x 00 x0 000 00 L | L- --- -- -- --- -- L
/plans/imports/{import_of_a_table}/words/ | actions:plan_import_words | L0 .0x 00 x0 000 00 L | L0 .0x 00 x0 000 00 L | L- --- -- -- --- -- L
/plans/imports/{import}/check/           | actions:plan_import_check | L- --- -- -- --- -- L | L0 >0x 00 x0 000 00 L | L- --- -- -- --- -- L
/plans/imports/{import}/confirm/         | actions:plan_import_confirm | L- --- -- -- --- -- L | L0 .0x 00 x0 000 00 L | L- --- -- -- --- -- L
/plans/imports/{import_to_drop}/drop/    | actions:plan_import_drop  | L- --- -- -- --- -- L | L0 >0x 00 x0 000 00 L | L- --- -- -- --- -- L
/plans/open-plan/imports/                | actions:plan_imports      | Lx .x. xx .x xxx xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/plans/open-plan/                        | actions:plan              | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/plans/draft-plan/                       | actions:plan              | 00 .0. 00 .0 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/plans/open-plan/plan.pdf                | actions:plan_pdf          | L. ... .. .. ... .. L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/plans/open-plan/export.csv              | actions:plan_export       | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/plans/draft-plan/export.xlsx            | actions:plan_export       | 00 .0. 00 .0 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/plans/open-plan/edit/                   | actions:plan_edit         | Lx .x. xx xx xxx xx L | Lx .x. xx xx xxx xx L | L- --- -- -- --- -- L
/plans/draft-plan/publish/               | actions:plan_publish      | L0 x0. 00 x0 000 00 L | L0 x0c 00 x0 000 00 L | L- --- -- -- --- -- L
/plans/open-plan/waiting/                | actions:plan_waiting      | Lx xx. xx xx xxx xx L | Lx xx. xx xx xxx xx L | L- --- -- -- --- -- L
/plans/open-plan/review/                 | actions:plan_review       | Lx .x. xx .x xxx xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/plans/draft-plan/review/                | actions:plan_review       | L0 x0x 00 x0 000 00 L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/plans/open-plan/review/actions/INC-1/   | actions:plan_review_action | Lx .x. xx xx xxx xx L | Lx .x. xx xx xxx xx L | L- --- -- -- --- -- L
/plans/open-plan/review/finish/          | actions:plan_review_finish | Lx xx. xx xx xxx xx L | Lx xx. xx xx xxx xx L | L- --- -- -- --- -- L
/plans/open-plan/history/                | actions:plan_history      | Lx ... .. .. ... .. L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/plans/draft-plan/history/               | actions:plan_history      | L0 .0. 00 .0 000 00 L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/plans/open-plan/archive/                | actions:plan_archive      | Lx xx. xx xx xxx xx L | Lx xx> xx xx xxx xx L | L- --- -- -- --- -- L
/plans/open-plan/actions/new/            | actions:action_new        | Lx .x. xx xx xxx xx L | Lx .x. xx xx xxx xx L | L- --- -- -- --- -- L
/guide/                                  | actions:guide             | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/audits/                                 | actions:audits            | Lx ... .. .. ... .. L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/audits/new/                             | actions:audit_new         | Lx ... xx xx xxx xx L | Lx ... xx xx xxx xx L | L- --- -- -- --- -- L
/audits/{audit}/                         | actions:audit             | L0 ... .. .. ... .. L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/audits/{draft_audit}/                   | actions:audit             | L0 .0. 00 .0 000 00 L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/audits/{draft_audit}/edit/              | actions:audit_edit        | L0 .0. 00 x0 000 00 L | L0 .0. 00 x0 000 00 L | L- --- -- -- --- -- L
/audits/{draft_audit}/drop/              | actions:audit_drop        | L0 .0. 00 x0 000 00 L | L0 c0c 00 x0 000 00 L | L- --- -- -- --- -- L
/audits/{audit}/drop/                    | actions:audit_drop        | L0 xxx xx xx xxx xx L | L0 xxx xx xx xxx xx L | L- --- -- -- --- -- L
/audits/{draft_audit}/finish/            | actions:audit_finish      | L0 .0. 00 x0 000 00 L | L0 c0c 00 x0 000 00 L | L- --- -- -- --- -- L
/audits/{draft_audit}/findings/{to_find}/edit/ | actions:finding_edit | L0 .0. 00 x0 000 00 L | L0 .0. 00 x0 000 00 L | L- --- -- -- --- -- L
/audits/{audit}/findings/{gap}/edit/     | actions:finding_edit      | L0 xxx xx xx xxx xx L | L0 xxx xx xx xxx xx L | L- --- -- -- --- -- L
/audits/{audit}/findings/{gap}/action/   | actions:gap_action        | L0 .x. xx xx xxx xx L | L0 .x. xx xx xxx xx L | L- --- -- -- --- -- L
/audits/{audit}/findings/{gap}/link/     | actions:gap_link          | L0 .x. xx xx xxx xx L | L0 .x. xx xx xxx xx L | L- --- -- -- --- -- L
/audits/{audit}/findings/{gap}/links/{gap_link}/end/ | actions:gap_unlink | L- --- -- -- --- -- L | L0 >x> xx xx xxx xx L | L- --- -- -- --- -- L
/voice/                                  | voice:home                | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/new/child/                        | voice:new                 | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/new/parent-carer/                 | voice:new                 | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/new/child/face/                   | voice:question            | .. ... .. .. ... .. . | >> >>> >> >> >>> >> > | -- --- -- -- --- -- -
/voice/new/parent-carer/words/           | voice:question            | .. ... .. .. ... .. . | .. ... .. .. ... .. . | -- --- -- -- --- -- -
/voice/new/parent-carer/check/           | voice:check               | .. ... .. .. ... .. . | cc ccc cc cc ccc cc c | -- --- -- -- --- -- -
/voice/exit/                             | voice:exit                | -- --- -- -- --- -- - | .. ... .. .. ... .. . | -- --- -- -- --- -- -
/voice/follow/                           | voice:follow              | .. ... .. .. ... .. . | .. ... .. .. ... .. . | -- --- -- -- --- -- -
/voice/mine/                             | voice:mine                | L. xxx xx xx xxx xx L | L. xxx xx xx xxx xx L | L- --- -- -- --- -- L
/voice/mine/{kept}/                      | voice:mine_one            | L. xxx xx xx xxx xx L | L. xxx xx xx xxx xx L | L- --- -- -- --- -- L
/voice/mine/{approved}/                  | voice:mine_one            | L0 xxx xx xx xxx xx L | L0 xxx xx xx xxx xx L | L- --- -- -- --- -- L
/voice/easy-read/                        | voice:easy_read           | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/you-said-we-did/                  | voice:you_said_we_did     | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/you-said-we-did/easy-read/        | voice:easy_answers        | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/you-said-we-did/{answer}/         | voice:answer              | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/you-said-we-did/{draft_answer}/   | voice:answer              | 00 000 00 00 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/you-said-we-did/feed.xml          | voice:answers_feed        | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/reports/                          | voice:reports             | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/reports/2023/                     | voice:report              | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/reports/2022/                     | voice:report              | 00 000 00 00 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/reports/2023/editions/1/          | voice:report_edition      | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/reports/2023/editions/2/          | voice:report_edition      | 00 000 00 00 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/reports/2023/report.pdf           | voice:report_pdf          | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/reports/2023/publish/             | voice:report_publish      | Lx xxx xx .x xxx xx L | Lx xxx xx .x xxx xx L | L- --- -- -- --- -- L
/voice/reports/2022/publish/             | voice:report_publish      | Lx xxx xx 0x xxx xx L | Lx xxx xx 0x xxx xx L | L- --- -- -- --- -- L
/voice/reach/                            | voice:reach               | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/reach/exact/                      | voice:reach_exact         | Lx xxx xx .. ... xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/voice/reach/reach.csv                   | voice:reach_csv           | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/voice/actions/INC-4/difference/         | voice:difference          | .. ... .. .. ... .. . | .. ... .. .. ... .. . | -- --- -- -- --- -- -
/voice/actions/INC-1/difference/         | voice:difference          | >> >>> >> >> >>> >> > | >> >>> >> >> >>> >> > | -- --- -- -- --- -- -
/voice/actions/INC-2/difference/         | voice:difference          | 00 000 00 00 000 00 0 | 00 000 00 00 000 00 0 | -- --- -- -- --- -- -
/voice/inbox/                            | voice:inbox               | Lx xxx .x xx xxx xx L | Lx xxx .x xx xxx xx L | L- --- -- -- --- -- L
/voice/inbox/new/                        | voice:inbox_new           | Lx xxx .x xx xxx xx L | Lx xxx .x xx xxx xx L | L- --- -- -- --- -- L
/voice/inbox/log/                        | voice:inbox_log           | Lx xxx .x xx xxx .x L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/voice/inbox/themes/                     | voice:themes              | Lx xxx .x xx xxx xx L | Lx xxx .x xx xxx xx L | L- --- -- -- --- -- L
/voice/inbox/themes/{theme}/             | voice:theme               | Lx xxx .x xx xxx xx L | Lx xxx .x xx xxx xx L | L- --- -- -- --- -- L
/voice/inbox/themes/999999/              | voice:theme               | Lx xxx 0x xx xxx xx L | Lx xxx 0x xx xxx xx L | L- --- -- -- --- -- L
/voice/inbox/wordings/                   | voice:wordings            | Lx xxx .x xx xxx xx L | Lx xxx .x xx xxx xx L | L- --- -- -- --- -- L
/voice/inbox/wordings/{wording}/         | voice:wording             | Lx xxx .x xx xxx xx L | Lx xxx .x xx xxx xx L | L- --- -- -- --- -- L
/voice/inbox/{unread}/                   | voice:comment             | L0 000 .0 00 000 00 L | L0 000 >0 00 000 00 L | L- --- -- -- --- -- L
/voice/inbox/{approved}/                 | voice:comment             | L0 000 .0 00 000 00 L | L0 000 >0 00 000 00 L | L- --- -- -- --- -- L
/voice/inbox/{flagged}/                  | voice:comment             | L0 000 00 00 000 00 L | L0 000 00 00 000 00 L | L- --- -- -- --- -- L
/voice/show-changes/{wider}/             | voice:show_change         | Lx xxx .x xx xxx xx L | Lx xxx .x xx xxx xx L | L- --- -- -- --- -- L
/voice/safeguarding/                     | voice:safeguarding        | Lx xxx x. xx xxx xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/voice/safeguarding/{flag}/              | voice:safeguarding_item   | L0 000 0. 00 000 00 L | L0 000 0. 00 000 00 L | L- --- -- -- --- -- L
/voice/safeguarding/999999/              | voice:safeguarding_item   | L0 000 00 00 000 00 L | L0 000 00 00 000 00 L | L- --- -- -- --- -- L
/voice/safeguarding/words/               | voice:safety_words        | Lx xxx x. xx xxx xx L | Lx xxx x. xx xxx xx L | L- --- -- -- --- -- L
/voice/safeguarding/words/{safety_word}/off/ | voice:safety_word_off | L- --- -- -- --- -- L | L0 000 0> 00 000 00 L | L- --- -- -- --- -- L
/voice/help-numbers/                     | voice:help_numbers        | Lx xxx x. .x xxx xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/voice/help-numbers/{help_number}/checked/ | voice:help_number_checked | L- --- -- -- --- -- L | Lx xxx x> >x xxx xx L | L- --- -- -- --- -- L
/voice/erase/                            | voice:erase               | Lx xxx .x xx xxx xx L | Lx xxx .x xx xxx xx L | L- --- -- -- --- -- L
/voice/removals/                         | voice:removals            | Lx xxx xx xx xxx .x L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/voice/answers/                          | voice:answers             | Lx ... xx xx xxx xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/voice/answers/new/                      | voice:answer_new          | Lx >>> xx xx xxx xx L | Lx >>> xx xx xxx xx L | L- --- -- -- --- -- L
/voice/answers/new/?comment={approved}   | voice:answer_new          | Lx .>. xx xx xxx xx L | Lx .>. xx xx xxx xx L | L- --- -- -- --- -- L
/voice/answers/{draft_answer}/edit/      | voice:answer_edit         | L0 .0. 00 x0 000 00 L | L0 .0. 00 x0 000 00 L | L- --- -- -- --- -- L
/voice/answers/{draft_answer}/publish/   | voice:answer_publish      | L- --- -- -- --- -- L | L0 x0> 00 x0 000 00 L | L- --- -- -- --- -- L
/voice/answers/{waiting_answer}/ask/     | voice:answer_ask          | L- --- -- -- --- -- L | L0 >0> 00 x0 000 00 L | L- --- -- -- --- -- L
/voice/answers/{waiting_answer}/check/   | voice:answer_check        | Lx 00. .x xx xxx xx L | Lx 00c cx xx xxx xx L | L- --- -- -- --- -- L
/events/                                 | voice:events              | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/events/coming/                          | voice:event               | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/events/past/                            | voice:event               | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/events/draft/                           | voice:event               | 00 000 00 .0 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/events/coming/calendar.ics              | voice:event_calendar      | .. ... .. .. ... .. . | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/events/draft/calendar.ics               | voice:event_calendar      | 00 000 00 00 000 00 0 | -- --- -- -- --- -- - | -- --- -- -- --- -- -
/events/coming/book/                     | voice:event_book          | .. ... .. .. ... .. . | .. ... .. .. ... .. . | -- --- -- -- --- -- -
/events/past/book/                       | voice:event_book          | >> >>> >> >> >>> >> > | >> >>> >> >> >>> >> > | -- --- -- -- --- -- -
/events/draft/book/                      | voice:event_book          | 00 000 00 00 000 00 0 | 00 000 00 00 000 00 0 | -- --- -- -- --- -- -
/events/booking/                         | voice:booking_find        | .. ... .. .. ... .. . | .. ... .. .. ... .. . | -- --- -- -- --- -- -
/events/booking/{booking_code}/          | voice:booking             | .. ... .. .. ... .. . | >> >>> >> >> >>> >> > | -- --- -- -- --- -- -
/events/booking/not-a-code/              | voice:booking             | 00 000 00 00 000 00 0 | 00 000 00 00 000 00 0 | -- --- -- -- --- -- -
/voice/events/                           | voice:event_list          | Lx xxx .x .x xxx xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/voice/events/new/                       | voice:event_new           | Lx xxx xx .x xxx xx L | Lx xxx xx .x xxx xx L | L- --- -- -- --- -- L
/voice/events/{event}/                   | voice:event_desk          | Lx xxx .x .x xxx xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/voice/events/{draft_event}/             | voice:event_desk          | L0 000 00 .0 000 00 L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/voice/events/{event}/edit/              | voice:event_edit          | Lx xxx xx .x xxx xx L | Lx xxx xx .x xxx xx L | L- --- -- -- --- -- L
/voice/events/{draft_event}/edit/        | voice:event_edit          | L0 000 00 .0 000 00 L | L0 000 00 .0 000 00 L | L- --- -- -- --- -- L
/voice/events/{draft_event}/publish/     | voice:event_publish       | L- --- -- -- --- -- L | L0 000 00 >0 000 00 L | L- --- -- -- --- -- L
/voice/events/{event_to_cancel}/publish/ | voice:event_publish       | L- --- -- -- --- -- L | Lx xxx xx >x xxx xx L | L- --- -- -- --- -- L
/voice/events/{event_to_cancel}/cancel/  | voice:event_cancel        | Lx xxx xx .x xxx xx L | Lx xxx xx .x xxx xx L | L- --- -- -- --- -- L
/voice/events/{past_event}/said/         | voice:event_said          | Lx xxx .x .x xxx xx L | Lx xxx .x .x xxx xx L | L- --- -- -- --- -- L
/voice/events/{draft_event}/said/        | voice:event_said          | L0 000 00 >0 000 00 L | L0 000 00 .0 000 00 L | L- --- -- -- --- -- L
/voice/events/bookings/{booking_to_ring}/rung/ | voice:booking_rung        | L- --- -- -- --- -- L | L0 000 00 >0 000 00 L | L- --- -- -- --- -- L
/voice/events/bookings/{booking_to_cancel}/cancel/ | voice:booking_cancel      | L0 000 00 >0 000 00 L | L0 000 00 >0 000 00 L | L- --- -- -- --- -- L
/board/                                  | board:overview            | Lx xxx xx .. ... xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/board/exceptions/                       | board:exceptions          | Lx xxx xx .. ... xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/board/actions/                          | board:actions             | Lx xxx xx .. ... xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/board/audits/                           | board:audits              | Lx xxx xx .. ... xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/board/gaps/                             | board:gaps                | Lx xxx xx .. ... xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/board/actions/INC-1/rating/             | board:rating              | Lx xxx xx xx ..x xx L | Lx xxx xx xx ..x xx L | L- --- -- -- --- -- L
/board/actions/INC-2/rating/             | board:rating              | L0 x0x 00 x0 000 00 L | L0 x0x 00 x0 000 00 L | L- --- -- -- --- -- L
/board/reviews/                          | board:reviews             | Lx xxx xx .. ... xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/board/unanswered/                       | board:unanswered          | Lx xxx xx .. ... xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/board/changes/                          | board:changes             | Lx xxx xx .. ... xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
/board/strategies/now/priorities/1/      | board:priority            | Lx xxx xx .. ... xx L | L- --- -- -- --- -- L | L- --- -- -- --- -- L
"""

ELSEWHERE = {
    "admin": "reference data for administrators: its own test below",
    "account_": "signing in and out, by django-allauth",
    "mfa_": "two-step sign-in, by django-allauth",
    "portal:demo": "only while the demo switch is on: tests/portal/test_demo.py",
    "portal:components": "only while the demo switch is on: tests/foundation/test_components.py",
}
"""Addresses that other tests speak of, and why."""

ADMIN_MODELS = {
    "bankholiday": "partnership",
    "contact": "partnership",
    "district": "partnership",
    "glossaryterm": "partnership",
    "statusdefinition": "actions",
    "measure": "priorities",
    "statutoryduty": "actions",
}
"""All that the admin pages hold: reference data. Comments, contacts of senders, people and flags never (R-V6)."""


def rows() -> list[tuple[str, str, str, str, str]]:
    """The table as rows of address, name and three strings of cells, one sign a person."""
    found = []
    for line in TABLE.strip().splitlines():
        address, name, *cells = (part.strip() for part in line.split("|"))
        reading, posting, others = (cell.replace(" ", "") for cell in cells)
        assert {len(reading), len(posting), len(others)} == {len(PEOPLE)}, line
        found.append((address, name, reading, posting, others))
    return found


def sign(response: object) -> str:
    """The cell that an answer makes."""
    code = response.status_code  # type: ignore[attr-defined]
    if code in (301, 302, 303):
        return "L" if response.url.startswith("/accounts/login/") else ">"  # type: ignore[attr-defined]
    return {200: ".", 422: ".", 403: "x", 404: "0", 405: "-", 409: "c"}.get(code, str(code))


# Who may read and who may send is asked of the database. The other methods are refused before that, on every database alike.
ASKED_OF_THE_DATABASE = 3
METHODS = (
    ("get", 2),
    ("head", 2),
    ("post", 3),
    ("options", 4),
    ("put", 4),
    ("patch", 4),
    ("delete", 4),
    ("trace", 4),
)


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.mark.great_table
@pytest.mark.requirement("R-A7", "R-S2", "R-B7")
@pytest.mark.parametrize("person", range(len(PEOPLE)), ids=PEOPLE)
def test_every_address_answers_every_person_and_method_as_the_table_says(world: World, person: int) -> None:
    client = world.clients[PEOPLE[person]]
    wrong = []
    methods = METHODS if connection.vendor == "sqlite" else METHODS[:ASKED_OF_THE_DATABASE]
    for row in rows():
        for method, column in reversed(methods):
            path = row[0].format(**world.paths)
            answer = sign(getattr(client, method)(path))
            if answer != row[column][person]:
                wrong.append(
                    f"{method.upper()} {row[0]}: the table says {row[column][person]}, it was {answer}"
                )
    assert wrong == []


def addresses(resolver: URLResolver, space: str = "") -> set[str]:
    """The names of all addresses below a resolver."""
    names: set[str] = set()
    for part in resolver.url_patterns:
        if isinstance(part, URLPattern):
            names.add(f"{space}{part.name}")
        elif part.app_name == "admin":
            names.add("admin")
        else:
            names |= addresses(part, f"{space}{part.namespace}:" if part.namespace else space)
    return names


def test_no_address_is_missing_from_the_table() -> None:
    listed = {name for _, name, *_ in rows()}
    spoken_of = {name for name in addresses(get_resolver()) if name.startswith(tuple(ELSEWHERE))}
    assert addresses(get_resolver()) - spoken_of == listed


def test_admin_pages_hold_reference_data_alone() -> None:
    registered = {model._meta.model_name: model._meta.app_label for model in admin.site._registry}
    assert registered == ADMIN_MODELS


@pytest.mark.parametrize("person", PEOPLE)
def test_only_an_administrator_opens_the_admin_pages(world: World, person: str) -> None:
    client = world.clients[person]
    for path in ["/admin/", *(f"/admin/{app}/{model}/" for model, app in ADMIN_MODELS.items())]:
        last = client.get(path, follow=True)
        where = last.redirect_chain[-1][0].partition("?")[0] if last.redirect_chain else path
        if person == "administrator":
            assert (where, sign(last)) == (path, ".")
        elif person in ("visitor", "deactivated"):
            assert (where, sign(last)) == ("/accounts/login/", ".")
        else:
            assert sign(last) == "x", path
