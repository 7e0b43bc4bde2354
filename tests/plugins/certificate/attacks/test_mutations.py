"""Chance against the strict rule: bits that flip, files that are cut, and changes that a program thinks of. None is accepted."""

import hashlib
import logging
import random
import tracemalloc
from collections import Counter
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspire_lms.plugins.certificate.checking import shape
from inspire_lms.plugins.certificate.verdict import Verdict
from tests.plugins.certificate.attacks import samples
from tests.plugins.certificate.attacks.bodies import MB, flipped
from tests.plugins.certificate.attacks.samples import gap, ranges
from tests.plugins.certificate.attacks.signatures import signature_of

FLIPS, CUTS = 10_000, 400


@pytest.fixture(scope="module", params=samples.ENGINES)
def sealed(fonts, request):
    return samples.made(fonts, request.param)


@pytest.fixture
def silent(caplog):
    """Nothing above a warning is logged, whatever happens in the test."""
    with caplog.at_level(logging.DEBUG):
        yield
    assert [record for record in caplog.records if record.levelno > logging.WARNING] == []


def test_of_ten_thousand_flipped_bits_none_is_accepted(sealed, silent):
    chance = random.Random(2026)
    _first, begins, ends, _rest = ranges(sealed.good)
    own = hashlib.sha256(sealed.good).hexdigest()
    verdicts, same, accepted = Counter(), 0, []
    began = process_time()
    for _ in range(FLIPS):
        place, bit = chance.randrange(len(sealed.good)), chance.randrange(8)
        pdf = flipped(sealed.good, place, bit)
        same += hashlib.sha256(pdf).hexdigest() == own
        verdict = sealed.judge(pdf).verdict
        verdicts["inside" if begins <= place < ends else "outside", verdict] += 1
        if verdict is Verdict.INTACT:
            accepted.append((place, bit))
    assert (accepted, same, sum(verdicts.values())) == ([], 0, FLIPS)
    assert verdicts["outside", Verdict.CHANGED] > FLIPS / 2
    assert verdicts["inside", Verdict.CHANGED] + verdicts["inside", Verdict.FOREIGN] > FLIPS / 100
    assert process_time() - began < 60


def test_every_bit_of_the_signature_counts(sealed, silent):
    # Where nothing outside helps: the signature itself, bit by bit, written as we write it.
    made = signature_of(sealed.good)
    for place in range(len(made)):
        changed = flipped(made, place, place % 8)
        pdf = sealed.good.replace(gap(sealed.good), b"<" + changed.hex().upper().encode().ljust(len(gap(sealed.good)) - 2, b"0") + b">")
        assert sealed.judge(pdf).verdict is not Verdict.INTACT, f"Byte {place} of the signature can be changed."


def test_cuts_are_all_refused(sealed, silent):
    chance = random.Random(7)
    lengths = {chance.randrange(len(sealed.good)) for _ in range(CUTS)} | set(range(len(sealed.good) - 20, len(sealed.good)))
    # The line end behind the end mark is the one byte that may be missing from the form, and the seal covers it all the same.
    assert [length for length in sorted(lengths) if sealed.judge(sealed.good[:length]).verdict is Verdict.INTACT] == []


PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [
            b"%%EOF\n",
            b"startxref\n0\n",
            b"/ByteRange [0 1 2 3]",
            b"/Contents <00>",
            b"endobj\n",
            b"xref\n0 1\n",
            b"<<",
            b">>",
            b"%PDF-1.7\n",
            b"0" * 64,
        ]
    ),
)
CHANGES = st.tuples(st.sampled_from(["put", "replace", "cut", "double", "swap"]), st.floats(0, 1), st.floats(0, 1), PIECES)


def changed(pdf, changes):
    """Do what was thought of, one change after the other."""
    for deed, where, width, piece in changes:
        at = int(where * len(pdf))
        until = min(len(pdf), at + int(width * width * 4000))
        match deed:
            case "put":
                pdf = pdf[:at] + piece + pdf[at:]
            case "replace":
                pdf = pdf[:at] + piece + pdf[at + len(piece) :]
            case "cut":
                pdf = pdf[:at] + pdf[until:]
            case "double":
                pdf = pdf[:until] + pdf[at:]
            case "swap":
                middle = (at + until) // 2
                pdf = pdf[:at] + pdf[middle:until] + pdf[at:middle] + pdf[until:]
    return pdf


@given(changes=st.lists(CHANGES, min_size=1, max_size=5))
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
def test_no_change_that_is_thought_of_is_accepted(sealed, changes):
    pdf = changed(sealed.good, changes)
    assert (sealed.judge(pdf).verdict is Verdict.INTACT) is (pdf == sealed.good)


@given(pdf=st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=12).map(b"".join).map(b"%PDF-1.7\n".__add__)))
@settings(max_examples=400, deadline=None, derandomize=True, database=None)
def test_no_file_that_is_thought_of_is_ours(sealed, pdf):
    found = sealed.judge(pdf)
    assert (found.verdict, found.seal) == (Verdict.FOREIGN, None)
    assert str(found.because)


@given(signature=st.binary(min_size=1, max_size=400))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_no_signature_that_is_thought_of_is_ours(sealed, signature):
    # It begins as ours do and holds what a glance looks for, so that the readers behind it get something to read.
    own = signature_of(sealed.good)
    first = len(own) // 3
    made = own[:first] + signature + own[first + len(signature) :]
    pdf = sealed.good.replace(gap(sealed.good), b"<" + made.hex().upper().encode().ljust(len(gap(sealed.good)) - 2, b"0") + b">")
    assert (sealed.judge(pdf).verdict is Verdict.INTACT) is (made == own)


def test_a_thousand_strict_looks_leave_nothing_behind(sealed):
    bad = flipped(sealed.good, len(sealed.good) // 3)
    sealed.judge(bad)
    tracemalloc.start()
    for _ in range(1000):
        sealed.judge(bad)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (kept < MB, peak < 10 * MB) == (True, True)


def test_the_digest_is_fifty_times_cheaper_than_the_strict_look(sealed):
    def cost(deed, times):
        began = process_time()
        for _ in range(times):
            deed()
        return (process_time() - began) / times

    sealed.judge(sealed.good)
    ratios = [cost(lambda: sealed.judge(sealed.good), 8) / cost(lambda: hashlib.sha256(sealed.good).hexdigest(), 400) for _ in range(3)]
    assert max(ratios) >= 50


def test_the_bounds_are_the_ones_that_the_page_says():
    assert (shape.MOST_BYTES, shape.MOST_SIGNATURE) == (5 * MB, 64 * 1024)
