import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.plugins.certificate import codes

characters = st.sampled_from(codes.ALPHABET)
bodies = st.text(characters, min_size=7, max_size=7)


@given(bodies)
def test_a_code_is_read_as_it_was_written(body):
    code = body + codes.check_character(body)
    assert codes.read_short_code(codes.grouped(code)) == code


@given(bodies, st.integers(0, 7), characters)
def test_every_single_wrong_character_is_noticed(body, where, other):
    code = body + codes.check_character(body)
    wrong = code[:where] + other + code[where + 1 :]
    assert codes.read_short_code(wrong) == (code if other == code[where] else None)


@given(bodies, st.integers(0, 7), st.integers(0, 7))
def test_every_exchange_of_two_characters_is_noticed(body, first, second):
    code = list(body + codes.check_character(body))
    same = code[first] == code[second]
    code[first], code[second] = code[second], code[first]
    assert (codes.read_short_code("".join(code)) is not None) is (same or first == second)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0000-0000", "00000000"),
        ("oooo oooo", "00000000"),
        (" 0000\u20110000 ", "00000000"),
        ("0000000", None),
        ("000000000", None),
        ("0000-000U", None),
        ("INSPIREPA-IT-2027-000001", None),
        ("", None),
    ],
)
def test_small_letters_hyphens_and_look_alikes_do_not_matter(typed, read):
    assert codes.read_short_code(typed) == read


def test_a_drawn_short_code_is_right():
    for _ in range(100):
        code = codes.short_code()
        assert codes.read_short_code(code) == code


def test_the_secret_of_a_link_has_128_bits_and_fits_an_address():
    drawn = {codes.secret_code() for _ in range(200)}
    assert len(drawn) == 200
    assert {len(one) for one in drawn} == {22}
    assert set("".join(drawn)) <= set(string.ascii_letters + string.digits + "-_")


def test_a_pasted_link_is_read_by_its_last_part():
    code = codes.secret_code()
    assert codes.read_secret_code(f" https://pilot.example/certificate/check/{code}/ ") == code
    assert codes.read_secret_code(code) == code
    assert [codes.read_secret_code(other) for other in ("", code[:-1], f"{code}x", "INSPIRE-IT-2027-000001", "7KQF-M2XD")] == [None] * 5


@pytest.mark.parametrize(
    ("typed", "read"),
    [("inspirepa-it-2027-000001", "INSPIREPA-IT-2027-000001"), (" INSPIREPA - IT - 2027 - 000001 ", "INSPIREPA-IT-2027-000001"), ("INSPIREPA–IT–2027–000001", "INSPIREPA-IT-2027-000001")],
)
def test_a_number_is_read_however_it_is_typed(typed, read):
    assert codes.read_number(typed) == read


def test_a_number_names_programme_country_year_and_serial():
    assert codes.number("INSPIREPA", "IT", 2026, 123) == "INSPIREPA-IT-2026-000123"
