"""Forms: from what was typed to values, or to a sentence about what is wrong."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from inspire_lms.kernel.errors import Invalid, Message, Reason, Refused
from inspire_lms.kernel.web.forms import (
    Choice,
    Choices,
    DayField,
    DecimalField,
    Email,
    Form,
    LongText,
    MomentField,
    Password,
    Text,
    Tick,
    Whole,
)

LABEL = Message("Label")
OPTIONS = {"a": Message("A"), "b": Message("B")}
FIGURES = "Write day, month and year in figures, for example 15 9 2026."
YEARS = "Write the year with four digits, from 2000 to 2100."


def read(app, field, sent):
    with app.test_request_context("/", method="POST", data=sent):
        form = Form.built({"x": field})
        form.accepted()
        return form.values.get("x"), form["x"].error and str(form["x"].error)


@pytest.mark.parametrize(
    ("field", "sent", "value"),
    [
        (Text(LABEL), {"x": "  Nicolò   D'Angelo "}, "Nicolò D'Angelo"),
        (Text(LABEL), {"x": "Ţiriac"}, "Țiriac"),
        (Text(LABEL, optional=True), {"x": " "}, None),
        (LongText(LABEL), {"x": "one\r\n two\r\nthree"}, "one\ntwo\nthree"),
        (Email(LABEL), {"x": " a.b@office.example "}, "a.b@office.example"),
        (Password(LABEL), {"x": " with spaces "}, " with spaces "),
        (Whole(LABEL, least=0, most=10), {"x": "10"}, 10),
        (DecimalField(LABEL, least=0, most=10), {"x": "7,25"}, Decimal("7.25")),
        (Choice(LABEL, options=OPTIONS), {"x": "b"}, "b"),
        (Choices(LABEL, options=OPTIONS), {"x": ["b", "a"]}, ["a", "b"]),
        (Choices(LABEL, options=OPTIONS, optional=True), {}, []),
        (Tick(LABEL), {}, False),
        (Tick(LABEL, must=Reason("Tick it.")), {"x": "yes"}, True),
        (DayField(LABEL), {"x_day": "29", "x_month": "2", "x_year": "2028"}, date(2028, 2, 29)),
        (
            MomentField(LABEL, zone="Europe/Rome"),
            {"x_day": "11", "x_month": "12", "x_year": "2026", "x_time": "12:00"},
            datetime(2026, 12, 11, 11, tzinfo=UTC),
        ),
    ],
)
def test_what_was_typed_becomes_a_value(app, field, sent, value):
    assert read(app, field, sent) == (value, None)


@pytest.mark.parametrize(
    ("field", "sent", "reason"),
    [
        (Text(LABEL), {}, "This is still missing."),
        (Text(LABEL, most=3), {"x": "four"}, "Write at most 3 characters; there are 4 now."),
        (Text(LABEL), {"x": "a\x00b"}, "This contains characters that cannot be printed. Please type it again."),
        (Email(LABEL), {"x": "not an address"}, "Write an e-mail address, for example name@office.example."),
        (Email(LABEL), {"x": "a@b.example\nBcc: c@d.example"}, "Write an e-mail address, for example name@office.example."),
        (Whole(LABEL, least=0, most=50), {"x": "twelve"}, "Write a whole number, for example 12."),
        (Whole(LABEL, least=0, most=10), {"x": "11"}, "Write a number from 0 to 10."),
        (DecimalField(LABEL, least=0, most=10), {"x": "1,234"}, "Write at most 2 decimals."),
        (DecimalField(LABEL, least=0, most=10), {"x": "NaN"}, "Write a number from 0 to 10."),
        (Choice(LABEL, options=OPTIONS), {}, "Choose one."),
        (Choice(LABEL, options=OPTIONS), {"x": "c"}, "Choose one of those offered."),
        (Choices(LABEL, options=OPTIONS), {}, "Choose at least one."),
        (Tick(LABEL, must=Reason("Tick it.")), {}, "Tick it."),
        (DayField(LABEL), {"x_day": "31", "x_month": "2", "x_year": "2015"}, "The date 31/2/2015 does not exist."),
        (DayField(LABEL), {"x_day": "x", "x_month": "2", "x_year": "2015"}, FIGURES),
        (DayField(LABEL), {"x_day": "1/2", "x_month": "2", "x_year": "2027"}, FIGURES),
        (DayField(LABEL), {"x_day": "²", "x_month": "2", "x_year": "2027"}, FIGURES),
        (DayField(LABEL), {"x_day": "١", "x_month": "2", "x_year": "2027"}, FIGURES),
        (DayField(LABEL), {"x_day": "1", "x_month": "2"}, FIGURES),
        (DayField(LABEL), {"x_day": "15", "x_month": "9", "x_year": "26"}, YEARS),
        (DayField(LABEL), {"x_day": "31", "x_month": "12", "x_year": "1999"}, YEARS),
        (DayField(LABEL), {"x_day": "1", "x_month": "1", "x_year": "2101"}, YEARS),
        (MomentField(LABEL, zone="Europe/Rome"), {"x_day": "1", "x_month": "1", "x_year": "1", "x_time": "00:00"}, YEARS),
        (
            MomentField(LABEL, zone="Europe/Rome"),
            {"x_day": "1", "x_month": "2", "x_year": "2027", "x_time": "25:00"},
            "Write the time in hours and minutes, for example 14:30.",
        ),
        (
            MomentField(LABEL, zone="Europe/Rome"),
            {"x_day": "28", "x_month": "3", "x_year": "2027", "x_time": "02:30"},
            "This hour does not exist, because the clocks go forward.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_remedy(app, field, sent, reason):
    assert read(app, field, sent)[1] == reason


def test_what_was_typed_is_shown_again_and_a_password_is_not(app):
    with app.test_request_context("/", method="POST", data={"name": "Ana", "secret": "x", "age": "old"}):
        form = Form.built({"name": Text(LABEL), "secret": Password(LABEL), "age": Whole(LABEL, least=0, most=99)})
        assert form.accepted() is False
    assert (form["name"].value, form["secret"].value, form["age"].value, form.status) == ("Ana", "", "old", 422)


@pytest.mark.parametrize("parts", [("1/2", "2", "2027"), ("15", "9", "26"), ("²", "", "")])
def test_a_day_that_was_typed_wrongly_stands_in_the_same_boxes_again(app, parts):
    sent = dict(zip(("x_day", "x_month", "x_year"), parts, strict=True))
    with app.test_request_context("/", method="POST", data=sent):
        form = Form.built({"x": DayField(LABEL)})
        assert form.accepted() is False
    assert tuple(form["x"].parts.values()) == parts


def test_a_change_of_language_does_nothing_else(app):
    with app.test_request_context("/", method="POST", data={"name": "Ana", "_language": "el"}):
        form = Form.built({"name": Text(LABEL)})
        assert form.accepted() is False
    assert (form["name"].value, form.is_refused, form.status) == ("Ana", False, 200)


@pytest.mark.parametrize(
    ("no", "status", "errors"),
    [
        (Invalid({"name": Reason("Not this one.")}), 422, [("f-name", "Not this one.")]),
        (Invalid({"elsewhere": Reason("Hm.")}), 422, [("", "Hm.")]),
        (Refused(Reason("Too late.")), 409, [("", "Too late.")]),
    ],
)
def test_what_an_action_refuses_is_said_in_the_form(app, no, status, errors):
    def deed():
        raise no

    with app.test_request_context("/", method="POST", data={"name": "Ana"}):
        form = Form.built({"name": Text(LABEL)})
        assert form.accepted()
        assert form.perform(deed) is False
    assert form.status == status
    assert [(id, str(reason)) for id, _label, reason in form.errors] == errors
