"""One mail a week tells each person what waits; nothing to say, nothing sent; a second miss is told one step up (R-W5)."""

from __future__ import annotations

import datetime
import socket
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.digest import ActionDigest
from actions.models import Action, Category, Plan, Reminder, Status
from foundation.outbox import OutboxMail, send_due
from partnership.mailing import people_on
from partnership.models import BankHoliday, DigestDay, MailPreference, Service, User
from partnership.roles import Role
from portal.digest import queue_digests
from tests.factories import (
    make_action,
    make_comment,
    make_evidence,
    make_membership,
    make_partnership,
    make_plan,
    make_response,
    make_sector,
    make_service,
    make_update,
    make_user,
)
from voice.models import Response, Stage

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R-W5")]
LONDON = ZoneInfo("Europe/London")
DAY = datetime.timedelta(days=1)
MONDAY = datetime.date(2027, 3, 1)


def at(day: datetime.date, hour: int = 9) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), LONDON)


def run(day: datetime.date, hour: int = 9) -> int:
    with time_machine.travel(at(day, hour), tick=False):
        return queue_digests()


def mails(person: User | None = None) -> list[OutboxMail]:
    rows = OutboxMail.objects.order_by("pk")
    return list(rows.filter(to=person.email) if person else rows)


@pytest.fixture(autouse=True)
def the_day_before(settings: Any) -> None:
    make_partnership()
    settings.PORTAL_ADDRESS = "https://portal.example.org"
    DigestDay.objects.create(day=MONDAY - 3 * DAY)


@pytest.fixture
def service() -> Service:
    return make_service("Inclusion", code="INC")


@pytest.fixture
def late(service: Service) -> Action:
    """An action that is overdue on all the days of these tests, and was heard of lately on none."""
    return make_action(
        make_plan(service), title="Train nurseries", due=MONDAY - DAY, last_heard=MONDAY - 100 * DAY
    )


@pytest.fixture
def owner(service: Service) -> User:
    return make_user(Role.CONTRIBUTOR, service=service)


class TestWhatItSays:
    def test_it_lists_what_my_work_lists_with_dates_and_whole_addresses(
        self, service: Service, owner: User, late: Action
    ) -> None:
        plan = late.plan
        soon = make_action(plan, due=MONDAY + 10 * DAY, last_heard=MONDAY)
        today = make_action(plan, due=MONDAY, last_heard=MONDAY)
        silent = make_action(plan, due=MONDAY + 99 * DAY, last_heard=MONDAY - 35 * DAY)
        must = make_action(plan, due=MONDAY - DAY, category=Category.MUST, last_heard=MONDAY)
        assert run(MONDAY) == 1
        [mail] = mails()
        assert mail.to == owner.email
        assert mail.subject == "5 things wait for you: Borchester SEND"
        places = [mail.body.index(action.ref + ":") for action in (must, late, silent, today, soon)]
        assert places == sorted(places)
        assert f"{late.ref}: Train nurseries. Was due 28 February 2027." in mail.body
        assert f"{today.ref}: {today.title}. Due today." in mail.body
        assert f"https://portal.example.org{reverse('actions:action_update', args=[late.ref])}\n" in mail.body
        assert "https://portal.example.org/my-work/mail/" in mail.body
        assert "Today is 1 March 2027." in mail.body

    def test_numbers_stand_for_what_waits_to_be_published_signed_off_and_answered(
        self, service: Service
    ) -> None:
        plan = make_plan(service)
        make_action(plan, public=False, last_heard=MONDAY, due=None)
        make_update(make_action(plan, last_heard=MONDAY, due=None), public=False)
        make_evidence(make_action(plan, status=Status.DELIVERED))
        make_comment("canary-own-words", stage=Stage.APPROVED, service=service, published_text="canary-shown")
        make_response(service=service, status=Response.Status.DRAFT, you_said="canary-answer")
        publisher, assurance = make_user(Role.PUBLISHER, service=service), make_user(Role.ASSURANCE)
        run(MONDAY)
        [first], [second] = mails(publisher), mails(assurance)
        assert f"TO READ AND PUBLISH (2)\n- {plan.title}: 2\n" in first.body
        assert "TO ANSWER (1)" in first.body
        assert "ANSWERS TO PUBLISH (1)" in first.body
        assert "TO SIGN OFF (1)" in second.body
        assert "canary" not in first.body + second.body

    def test_no_family_words_and_nothing_of_drafts_of_others_or_written_beside_an_action(
        self, service: Service, owner: User, late: Action
    ) -> None:
        Action.objects.filter(pk=late.pk).update(problem="canary-problem", doing="canary-doing")
        make_update(late, narrative="canary-narrative", public_words="canary-words", public=False)
        draft = make_plan(service, status=Plan.Status.DRAFT, title="canary-draft")
        make_action(draft, title="canary-draft-action", due=MONDAY - DAY)
        make_action(make_plan(), title="canary-other-service", due=MONDAY - DAY)
        run(MONDAY)
        [mail] = mails(owner)
        assert late.ref in mail.body
        assert "canary" not in mail.body + mail.subject

    def test_a_long_list_says_how_many_more_there_are(self, late: Action, owner: User) -> None:
        for _ in range(11):
            make_action(late.plan, due=MONDAY - DAY)
        run(MONDAY)
        [mail] = mails()
        assert "OVERDUE (12)" in mail.body
        assert mail.body.count("Was due") == 10
        assert "- And 2 more." in mail.body

    def test_what_waits_for_sign_off_is_what_my_work_counts_for_each_person(self, service: Service) -> None:
        """The number is worked out for everybody at once; the twin on the queryset asks for one."""
        people = [make_user(Role.ASSURANCE) for _ in range(4)]
        make_membership(people[3], Role.CONTRIBUTOR, service=service)
        for plan in (make_plan(service), make_plan(), make_plan(status=Plan.Status.DRAFT)):
            make_action(plan, status=Status.DELIVERED, created_by=people[0])
            make_update(make_action(plan, status=Status.DELIVERED), author=people[1])
            make_evidence(make_action(plan, status=Status.DELIVERED), by=people[2])
            signed = make_action(plan, status=Status.DELIVERED)
            make_update(signed, author=people[0], status=Status.BLUE)
            make_action(plan, status=Status.BLUE)
        found = people_on(MONDAY)
        digest = ActionDigest(found, found, day=MONDAY)
        counts = {
            person.pk: sum(part.count for part in digest.parts_for(person) if part.heading == "To sign off")
            for person in found
            if person in people
        }
        assert counts == {person.pk: Action.objects.signable_by(person).count() for person in people}
        assert len(set(counts.values())) > 1


class TestWhenItComes:
    def test_on_mondays_once_and_only_once(self, late: Action, owner: User) -> None:
        days = [MONDAY + number * DAY for number in range(14)]
        assert [run(day) for day in days] == [1, 0, 0, 0, 0, 0, 0] * 2
        assert [run(days[-1]), run(days[-1])] == [0, 0]
        assert len(mails(owner)) == 2

    def test_every_minute_of_a_monday_from_seven(self, late: Action, owner: User) -> None:
        assert [run(MONDAY, hour) for hour in (0, 6, 7, 7, 8, 23)] == [0, 0, 1, 0, 0, 0]

    @pytest.mark.parametrize("weekday", range(5))
    def test_on_the_day_that_the_person_chose(self, late: Action, owner: User, weekday: int) -> None:
        MailPreference.objects.create(person=owner, weekday=weekday)
        sent = [number for number in range(7) if run(MONDAY + number * DAY)]
        assert sent == [weekday]
        assert f"comes each {MailPreference(weekday=weekday).get_weekday_display()} when" in mails()[0].body

    def test_never_to_who_wants_none(self, late: Action, owner: User) -> None:
        MailPreference.objects.create(person=owner, is_wanted=False)
        assert [run(MONDAY + number * DAY) for number in range(7)] == [0] * 7

    def test_nothing_to_say_nothing_sent(self, service: Service, owner: User) -> None:
        plan = make_plan(service)
        make_action(plan, due=MONDAY + 200 * DAY, last_heard=MONDAY)
        make_action(plan, due=None, last_heard=MONDAY)
        make_action(plan, due=MONDAY - DAY, status=Status.DELIVERED, last_heard=MONDAY - 99 * DAY)
        make_action(plan, due=MONDAY - DAY, status=Status.CLOSED, last_heard=MONDAY - 99 * DAY)
        make_action(plan, due=MONDAY - DAY, status=Status.BLUE, last_heard=MONDAY - 99 * DAY)
        begins = make_action(
            plan,
            due=MONDAY + 200 * DAY,
            planned_start=MONDAY + DAY,
            status=Status.NOT_STARTED,
            last_heard=MONDAY - 99 * DAY,
        )
        assert run(MONDAY) == 0
        assert mails() == []
        Action.objects.filter(pk=begins.pk).update(planned_start=MONDAY + 7 * DAY)
        assert run(MONDAY + 7 * DAY) == 1

    def test_a_bank_holiday_is_made_good_on_the_next_working_day(self, late: Action, owner: User) -> None:
        BankHoliday.objects.create(date=MONDAY, name="A day off")
        BankHoliday.objects.create(date=MONDAY + DAY, name="Another")
        assert [run(MONDAY + number * DAY) for number in range(7)] == [0, 0, 1, 0, 0, 0, 0]
        assert run(MONDAY + 7 * DAY) == 1

    @pytest.mark.parametrize("missing", [1, 3, 4])
    def test_days_on_which_the_portal_did_not_run_are_made_good(
        self, late: Action, owner: User, missing: int
    ) -> None:
        assert run(MONDAY + missing * DAY) == 1
        assert run(MONDAY + (missing + 1) * DAY) == 0
        assert run(MONDAY + 7 * DAY) == 1

    def test_nobody_has_two_in_a_week(self, late: Action, owner: User) -> None:
        """A Friday's mail that came on the Tuesday after Easter; and a change of mind on the day itself."""
        MailPreference.objects.create(person=owner, weekday=4)
        good_friday, tuesday = datetime.date(2027, 3, 26), datetime.date(2027, 3, 30)
        for day in (good_friday, datetime.date(2027, 3, 29)):
            BankHoliday.objects.create(date=day, name="Easter")
        DigestDay.objects.create(day=good_friday - DAY)
        assert [run(tuesday), run(tuesday + 3 * DAY), run(tuesday + 10 * DAY)] == [1, 0, 1]
        MailPreference.objects.update(weekday=0)
        assert run(tuesday + 13 * DAY) == 1
        MailPreference.objects.update(weekday=2)
        assert run(tuesday + 15 * DAY) == 0

    def test_a_first_run_in_the_middle_of_a_week_waits_for_the_day(self, late: Action, owner: User) -> None:
        DigestDay.objects.all().delete()
        assert run(MONDAY + 2 * DAY) == 0
        assert run(MONDAY + 7 * DAY) == 1

    @pytest.mark.parametrize(
        ("instant", "sent"),
        [
            # Summer time begins on Sunday, 28 March 2027, and ends on Sunday, 31 October.
            ("2027-03-28T23:59:58", 0),  # already Monday in London, but night
            ("2027-03-29T05:59:58", 0),
            ("2027-03-29T06:00:02", 1),  # seven o’clock
            ("2027-11-01T06:59:58", 0),
            ("2027-11-01T07:00:02", 1),
            ("2028-02-28T06:59:58", 0),
            ("2028-02-28T07:00:02", 1),
            ("2026-12-28T07:00:02", 1),
            ("2027-12-27T23:59:58", 1),  # still Monday in London in winter
            ("2027-08-01T23:30:00", 0),  # already Monday, half past midnight
            ("2027-08-02T22:59:58", 1),
            ("2027-08-02T23:00:02", 0),  # Tuesday, midnight
        ],
    )
    def test_the_clock_is_that_of_london(self, owner: User, late: Action, instant: str, sent: int) -> None:
        Action.objects.filter(pk=late.pk).update(due=datetime.date(2026, 1, 1))
        moment = datetime.datetime.fromisoformat(instant).replace(tzinfo=datetime.UTC)
        DigestDay.objects.update(day=(moment - 4 * DAY).date())
        with time_machine.travel(moment, tick=False):
            assert queue_digests() == sent

    def test_an_action_is_late_by_the_day_in_london(self, service: Service, owner: User) -> None:
        """31 March, 23:59:58 UTC, is 1 April in London: what was due on 31 March is overdue."""
        MailPreference.objects.create(person=owner, weekday=3)
        action = make_action(make_plan(service), due=datetime.date(2027, 3, 31), last_heard=MONDAY)
        DigestDay.objects.update(day=datetime.date(2027, 3, 31))
        with time_machine.travel(datetime.datetime(2027, 4, 1, 6, 0, 2, tzinfo=datetime.UTC), tick=False):
            queue_digests()
        assert f"{action.ref}: {action.title}. Was due 31 March 2027." in mails()[0].body


class TestToWhom:
    def test_nobody_who_has_left_whose_account_is_closed_or_who_has_no_address(
        self, service: Service, late: Action
    ) -> None:
        here = make_user(Role.CONTRIBUTOR, service=service)
        ended = make_user()
        make_membership(ended, Role.CONTRIBUTOR, service=service, ends=MONDAY - DAY)
        stopped = make_user()
        make_membership(stopped, Role.CONTRIBUTOR, service=service, stopped_on=MONDAY)
        coming = make_user()
        make_membership(coming, Role.CONTRIBUTOR, service=service, starts=MONDAY + DAY)
        make_user(Role.CONTRIBUTOR, service=service, is_active=False)
        unknown = make_user(Role.CONTRIBUTOR, service=service)
        User.objects.filter(pk=unknown.pk).update(email="")
        assert run(MONDAY) == 1
        assert [mail.to for mail in mails()] == [here.email]

    def test_a_family_account_gets_none(self, late: Action) -> None:
        make_user()
        make_user(Role.FAMILY)
        assert run(MONDAY) == 0

    def test_the_sectors_lead_hears_of_all_its_services(self, service: Service, late: Action) -> None:
        lead = make_user(Role.PUBLISHER, sector=service.sector)
        other = make_action(make_plan(make_service(sector=service.sector)), due=MONDAY - DAY)
        make_action(make_plan(make_service(sector=make_sector())), due=MONDAY - DAY)
        run(MONDAY)
        [mail] = mails(lead)
        assert late.ref in mail.body
        assert other.ref in mail.body
        assert mail.subject.startswith("2 things")


def weeks(number: int) -> datetime.date:
    return MONDAY + 7 * number * DAY


TOLD = "NO UPDATE, THOUGH WE ASKED TWICE"


class TestMissedTwice:
    @pytest.fixture
    def silent(self, service: Service) -> Action:
        plan = make_plan(service)
        return make_action(plan, due=MONDAY + 300 * DAY, last_heard=MONDAY - 40 * DAY)

    @pytest.fixture
    def publisher(self, service: Service) -> User:
        return make_user(Role.PUBLISHER, service=service)

    def told(self, person: User, action: Action) -> list[int]:
        """In which of the person's mails the action stands as missed twice, counted from 1."""
        return [
            number
            for number, mail in enumerate(mails(person), 1)
            if TOLD in mail.body and action.ref in mail.body.split(TOLD)[1].split("\n\n")[0]
        ]

    def test_the_publisher_is_told_at_the_second_miss_and_once(
        self, owner: User, publisher: User, silent: Action
    ) -> None:
        for number in range(4):
            run(weeks(number))
        assert self.told(publisher, silent) == [2]
        assert self.told(owner, silent) == []
        kinds = list(Reminder.objects.order_by("on", "pk").values_list("person", "kind", "on"))
        assert kinds == [
            (owner.pk, "mailed", weeks(0)),
            (owner.pk, "mailed", weeks(1)),
            (publisher.pk, "missed_twice", weeks(1)),
        ]

    def test_an_update_ends_the_silence_and_a_new_one_is_told_anew(
        self, owner: User, publisher: User, silent: Action
    ) -> None:
        run(weeks(0))
        Action.objects.filter(pk=silent.pk).update(last_heard=weeks(0) + DAY)
        for number in range(1, 10):
            run(weeks(number))
        assert Reminder.objects.filter(on__gt=weeks(5), kind="mailed").count() == 2
        assert len(self.told(publisher, silent)) == 1
        assert Reminder.objects.get(kind="missed_twice").on == weeks(7)

    def test_a_finished_action_is_no_miss(self, owner: User, publisher: User, silent: Action) -> None:
        run(weeks(0))
        Action.objects.filter(pk=silent.pk).update(status=Status.CLOSED)
        run(weeks(1))
        assert self.told(publisher, silent) == []

    def test_a_publishers_own_miss_goes_to_the_sector_and_else_to_the_programme_team(
        self, service: Service, publisher: User, silent: Action
    ) -> None:
        programme = make_user(Role.PROGRAMME)
        run(weeks(0))
        run(weeks(1))
        assert self.told(programme, silent) == [1]
        lead = make_user(Role.PUBLISHER, sector=service.sector)
        run(weeks(2))
        assert self.told(lead, silent) == [1]
        assert self.told(publisher, silent) == []
        assert self.told(programme, silent) == [1]

    def test_who_wants_no_mail_misses_all_the_same_and_the_next_one_up_is_told(
        self, owner: User, publisher: User, silent: Action
    ) -> None:
        programme = make_user(Role.PROGRAMME)
        MailPreference.objects.create(person=owner, is_wanted=False)
        MailPreference.objects.create(person=publisher, is_wanted=False)
        run(weeks(0))
        run(weeks(1))
        assert mails(owner) == mails(publisher) == []
        assert self.told(programme, silent) == [1]
        assert set(Reminder.objects.filter(person=owner).values_list("kind", flat=True)) == {"no_mail"}

    def test_two_contributors_are_one_miss_each_and_not_two(
        self, service: Service, owner: User, publisher: User, silent: Action
    ) -> None:
        other = make_user(Role.CONTRIBUTOR, service=service)
        MailPreference.objects.create(person=other, weekday=2)
        run(weeks(0))
        run(weeks(0) + 2 * DAY)
        run(weeks(0) + 3 * DAY)
        assert self.told(publisher, silent) == []
        run(weeks(1))
        assert self.told(publisher, silent) == [2]

    def test_it_is_told_with_the_link_to_read_it_and_nothing_written_in_it(
        self, owner: User, silent: Action
    ) -> None:
        programme = make_user(Role.PROGRAMME)
        Action.objects.filter(pk=silent.pk).update(problem="canary")
        run(weeks(0))
        run(weeks(1))
        [mail] = mails(programme)
        assert f"https://portal.example.org{silent.get_absolute_url()}\n" in mail.body
        assert "canary" not in mail.body


class TestAtScale:
    def test_as_many_questions_for_one_person_as_for_thirty(self, service: Service) -> None:
        def crowd(number: int) -> None:
            for _ in range(number):
                other = make_service(sector=service.sector)
                make_user(Role.CONTRIBUTOR, service=other)
                make_user(Role.PUBLISHER, service=other)
                make_user(Role.ASSURANCE)
                make_action(make_plan(other), due=MONDAY - DAY, last_heard=MONDAY - 99 * DAY)
                make_action(make_plan(other), public=False)
                make_evidence(make_action(make_plan(other), status=Status.DELIVERED))
                make_comment(stage=Stage.APPROVED, service=other)

        def asked(day: datetime.date) -> int:
            with CaptureQueriesContext(connection) as caught:
                assert run(day) > 0
            return len(caught)

        crowd(1)
        asked(weeks(0))
        few = asked(weeks(1))
        crowd(10)
        asked(weeks(2))
        assert asked(weeks(3)) == few
        assert few <= 32

    def test_a_minute_with_nothing_due_asks_next_to_nothing(self, late: Action, owner: User) -> None:
        run(MONDAY)
        with CaptureQueriesContext(connection) as caught:
            assert [run(MONDAY), run(MONDAY, 3), run(MONDAY + 5 * DAY)] == [0, 0, 0]
        assert len(caught) == 1


class TestTheMailServer:
    @pytest.fixture
    def real_mail(self, settings: Any) -> Callable[[int], None]:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_TIMEOUT = 0.2

        def use(port: int) -> None:
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port

        return use

    @pytest.mark.parametrize("kind", ["refuses", "is silent"])
    def test_one_that_refuses_or_is_silent_loses_nothing(
        self, late: Action, owner: User, real_mail: Callable[[int], None], kind: str, settings: Any
    ) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            if kind == "refuses":
                server.close()
            real_mail(port)
            with time_machine.travel(at(MONDAY), tick=False):
                call_command("run_due_jobs", verbosity=0)
                call_command("run_due_jobs", verbosity=0)
        [mail] = mails()
        assert (mail.sent_at, mail.attempts) == (None, 1)
        assert late.ref in mail.body
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        with time_machine.travel(at(MONDAY, 10), tick=False):
            assert send_due() == 1
            call_command("run_due_jobs", verbosity=0)
        assert OutboxMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_queue_each_mail_once(together: Callable[..., list[Any]]) -> None:
    service = make_service()
    people = [make_user(Role.CONTRIBUTOR, service=service) for _ in range(5)]
    make_action(make_plan(service), due=MONDAY - DAY, last_heard=MONDAY - 99 * DAY)
    DigestDay.objects.filter(day__gte=MONDAY).delete()
    found = together(*[lambda: queue_digests(now=at(MONDAY))] * 4)
    assert sorted(found, key=str) == [0, 0, 0, 5]
    [rows] = together(
        lambda: (OutboxMail.objects.count(), Reminder.objects.count(), DigestDay.objects.count())
    )
    assert rows == (len(people), len(people), 2)
