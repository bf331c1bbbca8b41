"""The list of requirements and the report of what proves them."""

from tests.requirements_index import known_requirements, lines_of_report


def test_the_list_names_every_requirement_once() -> None:
    known = known_requirements()
    groups = {
        "C": 11,
        "A": 14,
        "B": 9,
        "K": 8,
        "V": 14,
        "S": 6,
        "P": 8,
        "X": 10,
        "W": 9,
        "E": 3,
        "F": 4,
        "Z": 10,
    }
    assert known == [
        f"R-{letter}{number}" for letter, last in groups.items() for number in range(1, last + 1)
    ]


def test_the_report_names_each_proof_and_says_what_is_not_proven() -> None:
    proofs = {"R-A1": ["tests/a.py::test_one", "tests/a.py::test_two"]}
    assert lines_of_report(["R-A1", "R-A2"], proofs) == [
        "R-A1   tests/a.py::test_one",
        "       tests/a.py::test_two",
        "R-A2   not proven",
        "",
        "1 of 2 requirements have a test that proves them.",
    ]
