"""Whose connection it is: sure by address or by a name that one person bears; everything else is asked."""

from datetime import UTC, datetime

import pytest

from inspire_lms.plugins.webinar.reports.matching import Person, matches, participants
from inspire_lms.plugins.webinar.reports.meeting import Connection

CAME, LEFT = datetime(2026, 11, 26, 14, tzinfo=UTC), datetime(2026, 11, 26, 16, tzinfo=UTC)
GROUP = [
    Person(1, ("Maria Rossi",), "maria.rossi@comune.example.it"),
    Person(2, ("Maria Rossi",), "m.rossi@regione.example.it"),
    Person(3, ("Nicolò D'Angelo",), "n.dangelo@regione.example.it"),
    Person(4, ("Luca Bianchi",), "luca.bianchi@comune.example.it"),
    Person(5, ("Γεώργιος Παπαϊωάννου", "Georgios Papaioannou"), "g.papaioannou@dimos.example.gr"),
    Person(6, ("Ștefania Țurcanu",), "stefania.turcanu@primarie.example.ro"),
    Person(7, ("Victor De",), "victor.de@comune.example.it"),
]
NAMESAKES = "More than one person here has this name."
DEVICE = "This is the name of a device or an office."
SIMILAR = "The name is similar to one of the group, and not the same."
NOBODY = "Nobody of the group has this name or address."


def match(name, email="", remembered=None):
    found = participants([Connection(name, email, CAME, LEFT)])
    one = matches(found, GROUP, remembered)[0]
    return one.person_id, one.doubt and one.doubt.text, one.proposals


@pytest.mark.parametrize(
    ("name", "email", "person"),
    [
        ("Maria Rossi", "maria.rossi@comune.example.it", 1),
        ("Maria Rossi", "m.rossi@regione.example.it", 2),
        ("Huawei P30", "n.dangelo@regione.example.it", 3),
        ("Nicolò D'Angelo", "", 3),
        ("D’Angelo Nicolò", "", 3),
        ("NICOLO DANGELO", "", 3),
        ("D'Angelo, Nicolò", "private@mail.example", 3),
        ("nico (Nicolò D'Angelo)", "", 3),
        ("Nicolò D'Angelo (Regione)", "", 3),
        ("ΓΕΩΡΓΙΟΣ ΠΑΠΑΙΩΑΝΝΟΥ", "", 5),
        ("Papaioannou Georgios", "", 5),
        ("Ştefania Ţurcanu", "", 6),
    ],
)
def test_an_address_or_the_exact_name_of_one_person_is_sure(name, email, person):
    assert match(name, email)[:2] == (person, None)


@pytest.mark.parametrize(
    ("name", "why", "proposals"),
    [
        ("Maria Rossi", NAMESAKES, (1, 2)),
        ("Rossi Maria", NAMESAKES, (1, 2)),
        ("Huawei P30", DEVICE, ()),
        ("iPhone di Luca", DEVICE, ()),
        ("Samsung SM-A515F", DEVICE, ()),
        ("Ufficio Tecnico", DEVICE, ()),
        ("+39 333 1234567", DEVICE, ()),
        ("Luca Bianci", SIMILAR, (4,)),
        ("Victor Du", SIMILAR, (7,)),
        ("Giovanna Serra", NOBODY, ()),
    ],
)
def test_everything_else_is_asked(name, why, proposals):
    assert match(name) == (None, why, proposals)


def test_two_strangers_with_the_name_of_one_person_are_both_asked_about():
    found = participants([Connection("Luca Bianchi", "a@mail.example", CAME, LEFT), Connection("Luca Bianchi", "b@mail.example", CAME, LEFT)])
    assert [(one.person_id, one.doubt and one.doubt.text) for one in matches(found, GROUP)] == [
        (None, "Two participants have this name, with different addresses."),
        (None, "Two participants have this name, with different addresses."),
    ]


def test_the_same_person_may_have_come_twice_by_address_and_by_name():
    found = participants([Connection("Luca Bianchi", "luca.bianchi@comune.example.it", CAME, LEFT), Connection("luca bianchi", "", CAME, LEFT)])
    assert [one.person_id for one in matches(found, GROUP)] == [4, 4]


def test_an_earlier_answer_is_proposed_and_asked_again():
    key = participants([Connection("Huawei P30", "", CAME, LEFT)])[0].key
    assert match("Huawei P30", remembered={key: 4}) == (
        None,
        "An earlier report had this participant too; the answer given then is chosen below.",
        (4,),
    )


def test_the_re_joins_of_one_participant_are_one_question():
    found = participants([Connection("Maria  Rossi", "", CAME, LEFT), Connection("maria rossi", "", LEFT, LEFT)])
    assert [(one.name, len(one.connections)) for one in found] == [("Maria  Rossi", 2)]
