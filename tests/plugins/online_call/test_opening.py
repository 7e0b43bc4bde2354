"""A call comes from the edition file, and changes only as long as nobody rests upon it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.programmes.edition_file import read
from inspire_lms.plugins.online_call import edition, questions
from inspire_lms.plugins.online_call.applying import opening
from inspire_lms.plugins.online_call.authorising.terms import ByLink
from inspire_lms.plugins.online_call.edition import Weighed
from inspire_lms.plugins.online_call.eligibility import Check
from inspire_lms.plugins.online_call.models import Call, Criterion, Register
from inspire_lms.plugins.online_call.questions import Kind
from tests.builders import a_cohort, words
from tests.plugins.online_call.builders import CLOSES, a_call, a_draft, a_part

FILE = """
[call]
opens = 2026-11-16T09:00:00
closes = 2026-12-11T12:00:00
checked_by = 2026-12-18
ranked_by = 2027-01-15
reserve_until = 2027-02-12T12:00:00
offer_days = 7
offer_until = 12:00:00
third_evaluator_gap = 20
tie_break = ["motivation", "submitted", "draw"]
seed = "a seed"
contact = "call@inspire.example"
title = { en = "Call" }
heading = { en = "20 places" }
lede = { en = "A course" }
[[call.criterion]]
code = "motivation"
weight = 60
title = { en = "Motivation" }
about = { en = "About it" }
[[call.section]]
code = "work"
title = { en = "Work" }
[[call.section.question]]
code = "administration"
kind = "text"
title = { en = "Your administration" }
[[call.section.question]]
code = "sector"
kind = "choice"
title = { en = "Sector" }
[[call.section.question.option]]
code = "state"
title = { en = "State" }
[[call.section.question.option]]
code = "town"
title = { en = "Town" }
[[call.section.question]]
code = "letter"
kind = "file"
[[call.rule]]
code = "sector"
question = "sector"
is = ["state"]
title = { en = "Of the state" }
reason = { en = "Not of the state" }
[country]
letter_title = { en = "A letter" }
"""


def read_file(text, zone="UTC"):
    root = read(text)
    root.zone = zone
    country = root.table("country")
    parts = edition.read(root.table("call"), {"IT": country})
    return parts["IT"], [str(problem) for problem in root.mistakes()]


def test_a_call_is_read_with_what_differs_by_country():
    part, mistakes = read_file(FILE)
    assert mistakes == []
    assert [(each.code, each.kind, each.label["en"]) for each in part.form[0].questions] == [
        ("administration", Kind.TEXT, "Your administration"),
        ("sector", Kind.CHOICE, "Sector"),
        ("letter", Kind.FILE, "A letter"),
    ]
    assert (part.gap, part.offer_days, part.chain) == (20, 7, ("motivation", "submitted", "draw"))


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("closes = 2026-12-11T12:00:00", "closes = 2026-11-01T12:00:00", "The call closes before it opens."),
        ("checked_by = 2026-12-18", "checked_by = 2026-12-10", "“checked_by” lies before “closes”."),
        ("ranked_by = 2027-01-15", "ranked_by = 2026-12-17", "“ranked_by” lies before “checked_by”."),
        ("reserve_until = 2027-02-12", "reserve_until = 2027-01-14", "“reserve_until” lies before “ranked_by”."),
        ('"submitted", "draw"]', '"draw", "submitted"]', "The last step is “draw”: only a draw always decides."),
        ('"submitted", "draw"]', '"luck", "draw"]', "“tie_break” is one of: motivation, submitted, draw."),
        ('is = ["state"]', 'is = ["county"]', "has no option “county”"),
        ('is = ["state"]', "", "A rule says what it asks for"),
        ('code = "sector"\nkind', 'code = "letter"\nkind', "The code “letter” stands twice."),
        ('code = "administration"', 'code = "office"', "colleagues do not evaluate each other"),
        ('code = "sector"', 'code = "sector"\nmendable = true\ncriterion = "motivation"', "is judged by points: it cannot be mended"),
        ("offer_days = 7", "offer_days = 7\nmend_days = 31", "mend_days"),
        ("offer_days = 7", "offer_days = 7\nappeal_days = 31", "appeal_days"),
        ("offer_days = 7", "offer_days = 7\nkept_days = 59", "kept_days"),
        ("offer_days = 7", "offer_days = 7\nprivate_days = 366", "private_days"),
        ("weight = 60", "weight = 0", "weight"),
        ('letter_title = { en = "A letter" }', "", "title"),
        ('seed = "a seed"', "", "“seed” is missing."),
    ],
)
def test_a_mistake_is_said_in_words(old, new, mistake):
    assert old in FILE
    _part, mistakes = read_file(FILE.replace(old, new, 1))
    assert any(mistake in said for said in mistakes), mistakes


def linked(terms="", rule="authorised = true"):
    """The file with a letter that a superior may give by a link, and a rule that asks for it."""
    with_link = FILE.replace('kind = "file"\n', f'kind = "file"\n[call.section.question.link]\n{terms}\n', 1)
    asks = f'[[call.rule]]\ncode = "letter"\nquestion = "letter"\n{rule}\ntitle = {{ en = "A letter" }}\nreason = {{ en = "No letter" }}\n[country]\n'
    return with_link.replace("[country]\n", asks + 'letter_sentence = { en = "I agree to it" }\n', 1)


def test_a_file_may_be_replaced_by_the_word_of_a_superior_in_the_wording_of_the_country():
    part, mistakes = read_file(linked())
    assert mistakes == []
    assert questions.all_questions(part.form)[-1].link == ByLink({"en": "I agree to it"}, 10, 0, 3, 48, may_submit_open=True)
    assert (part.eligibility[-1].check, part.eligibility[-1].question) == (Check.AUTHORISED, "letter")


@pytest.mark.parametrize(
    ("terms", "rule", "mistake"),
    [
        ("days_after_close = 7", "authorised = true", None),
        ("days_after_close = 8", "authorised = true", "Superiors may then answer after “checked_by”"),
        ("days = 0", "authorised = true", "days"),
        ("times = 6", "authorised = true", "times"),
        ("", "attached = true", "write authorised = true"),
        ("seconds = 1", "authorised = true", "seconds"),
    ],
)
def test_what_a_link_cannot_be_is_said_in_words(terms, rule, mistake):
    _part, mistakes = read_file(linked(terms, rule))
    assert any(mistake in said for said in mistakes) if mistake else mistakes == [], mistakes


def test_dates_may_fall_on_one_day():
    one_day = FILE.replace("checked_by = 2026-12-18", "checked_by = 2026-12-11").replace("ranked_by = 2027-01-15", "ranked_by = 2027-02-12")
    assert read_file(one_day)[1] == []


def test_of_a_date_that_is_wrong_only_that_is_said():
    assert len(read_file(FILE.replace("ranked_by = 2027-01-15", "ranked_by = 1997-01-15", 1))[1]) == 1


@pytest.mark.usefixtures("app")
class TestLoading:
    def test_loaded_twice_it_is_one_call_and_a_new_version(self):
        call = a_call(criteria=(Weighed("motivation", words("Motivation"), words("About"), 10),))
        call_id, edition_id = call.id, call.cohort.edition_id
        opening.load(edition_id, {"IT": a_part(reason=words("The weights were wrong"))}, None)
        again = session.scalars(select(Call)).one()
        weights = [row.weight for row in session.scalars(select(Criterion).order_by(Criterion.position))]
        assert (again.id, again.version, weights) == (call_id, 2, [60, 40])
        assert [(row.country, row.last) for row in session.scalars(select(Register))] == [("IT", 0)]

    @pytest.mark.parametrize(
        "but", [{"form": ()}, {"eligibility": ()}, {"chain": ("draw",)}, {"seed": "another"}, {"gap": 5}, {"criteria": ()}], ids=lambda but: next(iter(but))
    )
    def test_what_applications_rest_upon_is_fixed_once_one_is_begun(self, but):
        call = a_call()
        a_draft(call)
        with pytest.raises(Refused):
            opening.load(call.cohort.edition_id, {"IT": a_part(**but)}, None)

    def test_a_deadline_can_be_prolonged_while_people_write(self):
        call = a_call()
        a_draft(call)
        opening.load(call.cohort.edition_id, {"IT": a_part(closes_at=CLOSES + timedelta(days=7), reason=words("A strike"))}, None)
        assert session.scalars(select(Call)).one().closes_at == CLOSES + timedelta(days=7)

    def test_a_country_that_the_file_does_not_name_gets_no_call(self):
        cohort = a_cohort("RO")
        opening.load(cohort.edition_id, {"IT": a_part()}, None)
        assert session.scalars(select(Call)).all() == []
