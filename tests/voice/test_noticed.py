"""What in somebody's words could tell who they are: tables of what is noticed and of what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories as make
from voice.noticed import Kind, Noticed, notice, own_names

NOTICED = """
name          | Jack             | My son Jack cannot go.
name          | Amy Lee          | She is her friend, Amy Lee, I think.
name          | Mrs Smith        | We saw Mrs Smith.
name          | Mr. Smith        | Mr. Smith said no.
name          | Dr Ann Jones     | Then Dr Ann Jones wrote.
name          | Miss Patel       | I like Miss Patel's class.
name          | mr smith         | then mr smith said no
name          | Amy              | a girl called Amy hit me
name          | jack             | my name is jack and i am sad
name          | Jack             | My name's Jack
name          | Sarah Green      | They gave us Sarah Green for a year.
name          | O’Brien Walsh    | it was O’Brien Walsh who came
name          | Zoë Núñez        | we met Zoë Núñez there
name          | Jack             | our social worker Jack never rang
name          | lily             | my daughter lily is sad
name          | tom              | and our son tom hasn't slept
phone         | 07700 900123     | ring 07700 900123 please
phone         | 7700 900123      | ring 7700 900123 please
phone         | 07700900123      | ring 07700900123 please
phone         | 07700-900-123    | ring 07700-900-123 please
phone         | (01632) 960 001  | ring (01632) 960 001 please
phone         | 020 7946 0018    | ring 020 7946 0018 please
phone         | +44 7700 900123  | ring +44 7700 900123 please
phone         | +44 (0)7700 900 123 | ring +44 (0)7700 900 123 please
phone         | 0044 7700 900123 | ring 0044 7700 900123 please
phone         | 01632960001      | on 2 days ring 01632960001.
postcode      | ZE1 9ZZ          | we live at ZE1 9ZZ now
postcode      | sw1a 1aa         | it is sw1a 1aa
postcode      | SW1A1AA          | it is SW1A1AA
postcode      | pr1 9zz          | near pr1 9zz.
nhs_number    | 943 476 5919     | his number is 943 476 5919
nhs_number    | 9434765919       | his number is 9434765919
nhs_number    | 943-476-5919     | NHS 943-476-5919
email         | me@example.org   | write to me@example.org.
email         | a.b+c@mail.example.co.uk | <a.b+c@mail.example.co.uk>
school        | St Mary's Primary School | He is at St Mary's Primary School now.
school        | St Mary’s CE Primary School | He is at St Mary’s CE Primary School now.
school        | St. Anne's School | He is at St. Anne's School now.
school        | Oakfield Academy | We left Oakfield Academy.
school        | Moor Hill High School | Moor Hill High School is good.
school        | Moor Hill Primary | she goes to Moor Hill Primary and likes it
school        | Holy Rood College | at Church of the Holy Rood College
school        | Willow Lane Primary School | She goes to Willow Lane Primary School.
school        | Oakfield Academy | our bus stops at Oakfield Academy Court
school        | Park Academy     | he is at Park Academy Way
school        | Oakfield Nursery | The Oakfield Nursery helped.
school        | st mary's school | he hates st mary's school
school        | st peters primary | he is in year 3 at st peters primary
school        | oakfield primary school | she goes to oakfield primary school
date_of_birth | 3 March 2015     | born on 3 March 2015
date_of_birth | 03/03/2015       | dob 03/03/2015
date_of_birth | 3.3.15           | D.O.B. 3.3.15
date_of_birth | 2015-03-03       | date of birth: 2015-03-03
date_of_birth | March 3rd, 2015  | she was born on March 3rd, 2015.
date_of_birth | 3rd of May       | his birthday is the 3rd of May
date_of_birth | April 2015       | born in April 2015
address       | 12 Oak Road      | we live at 12 Oak Road
address       | 12b oak road     | we live at 12b oak road
address       | 4 Long Barn Close | our house is 4 Long Barn Close
address       | 3 Old College Road | our house is 3 Old College Road
address       | Mill Lane        | our house in Mill Lane is cold
"""

LEFT_ALONE = """
my son never has a place. my daughter still is at home. our child needed is not there
my friend group was mean. my tutor group is loud. my doctor appointment was late. my daughter anxiety is bad
my daughter who is nine waits. the boy playing is happy. his mum said was it. her key worker got ill
My son cannot go to school.
The Education Health and Care Plan came late.
Our Education, Health and Care Plan is late. The Annual Review was good.
We waited for the Speech and Language Therapy Service.
The Local Offer is hard to find.
He has Down's Syndrome and Autism Spectrum Disorder.
I Am Not Happy.
Every Monday Morning we wait. In March April was fine.
Thank You for the Short Breaks.
I miss school. We miss him.
I go to primary school. He is at a special school.
My school is good. The School was kind. She left mainstream school.
We want a Special School. High School is hard. Sunday School too.
It was called off. They called me a liar. He was called stupid.
My name is not here.
My mum and dad help me. My Mum and Dad help me.
MY SON IS NOT HELPED BY ANYONE
We met on 3 March 2026 and again on 04/05/2026 at 10.30.
She is in Year 7 and was in KS2 3rd set.
There were 1234567890 reasons and 12 months.
It took 20 minutes drive down the road. It is a 10 minute drive.
It is @home and @ the clinic. a@b is nothing.
Ring 999. Ring 111. Ring Childline on 0800 1111.
Reference 9434765918 is no such number.
The doctor said no. dr who?
A 2 way street. The main road is busy.
The North District Council said so.
He is born to run. Birth was in the hospital.
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def seen(text: str, **options: object) -> list[tuple[str, str]]:
    return [(one.kind.value, text[one.start : one.end]) for one in notice(text, **options)]


@pytest.mark.parametrize(("kind", "words", "text"), rows(NOTICED), ids=lambda cell: cell)
def test_it_notices(kind: str, words: str, text: str) -> None:
    assert seen(text) == [(kind, words)]


@pytest.mark.parametrize("text", LEFT_ALONE.strip().splitlines(), ids=lambda text: text)
def test_it_leaves_alone(text: str) -> None:
    assert seen(text) == []


def test_all_of_a_text_is_noticed_in_its_order() -> None:
    text = "I am Mrs Smith, 07700 900123. My son Jack (born 3 May 2014) is at St Mary's School, PR1 9ZZ."
    assert seen(text) == [
        ("name", "Mrs Smith"),
        ("phone", "07700 900123"),
        ("name", "Jack"),
        ("date_of_birth", "3 May 2014"),
        ("school", "St Mary's School"),
        ("postcode", "PR1 9ZZ"),
    ]


def test_two_numbers_side_by_side_are_two() -> None:
    assert seen("07700 900123 07700 900124") == [("phone", "07700 900123"), ("phone", "07700 900124")]


@pytest.mark.parametrize("text", ["We saw the Harbour Lights team.", "He is at Harbour Lights School."])
def test_what_the_partnership_itself_is_called_is_nobodys_name(text: str) -> None:
    assert seen(text) != []
    assert seen(text, known=["The Harbour Lights School"]) == []


def test_a_district_in_somebodys_name_does_not_hide_it() -> None:
    assert seen("we saw Moor Smith", known=["Moor"]) == [("name", "Moor Smith")]


@pytest.mark.django_db
def test_the_partnerships_own_names_are_data() -> None:
    service = make.make_service(name="Harbour Lights Outreach")
    assert {"Harbour Lights Outreach", service.sector.name} <= set(own_names())


PIECES = [text for _kind, _words, text in rows(NOTICED)] + LEFT_ALONE.strip().splitlines()
HOSTILE = [
    "a@",
    "@",
    "07",
    "0 ",
    "(",
    "+",
    "A ",
    "Aa ",
    "a-",
    "a'",
    "Aa of ",
    "Primary ",
    "born 1/1/1 ",
    "School ",
    "\u0301",
]


@given(st.lists(st.sampled_from(PIECES + HOSTILE) | st.text(max_size=30), max_size=12).map(" ".join))
def test_what_is_noticed_stands_in_the_text_in_order_and_never_overlaps(text: str) -> None:
    end = 0
    for one in notice(text):
        assert isinstance(one, Noticed) and one.kind in Kind
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end].strip()
        end = one.end


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_long_hostile_text_comes_to_an_end(piece: str) -> None:
    """Twenty times the longest text that is taken: with a pattern that goes back, this would not end."""
    text = piece * (100_000 // len(piece))
    assert len(notice(text)) <= len(text)
