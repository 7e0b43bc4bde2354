"""What holds of every scheme and of every evidence, and not only of the cases that somebody thought of."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.contracts.attendance import Share
from inspire_lms.contracts.survey import Participation
from inspire_lms.plugins.certificate.earning import rules
from inspire_lms.plugins.certificate.earning.rules import Completion, Criterion, Evidence, Needed, Wanted
from inspire_lms.plugins.certificate.rules import Kind
from tests.plugins.certificate.builders import a_result

CODES, COMPETENCES = ("final-test", "case-work", "essay"), ("ethics", "systems", "strategy")
RANK = {None: 0, Kind.ATTENDANCE: 1, Kind.COMPETENCE: 2}
percents = st.decimals(0, 100, places=2)
marks = st.integers(1, 100)


@st.composite
def shares(draw):
    scheduled = draw(st.integers(0, 1000))
    held = draw(st.integers(0, scheduled))
    minutes = draw(st.integers(0, held))
    return Share(minutes=minutes, held=held, scheduled=scheduled, webinars=8, webinars_scheduled=8, threshold=draw(st.integers(0, 100)))


@st.composite
def surveys(draw):
    owed = draw(st.integers(0, 3))
    answered = draw(st.integers(0, owed))
    return Participation(answered=answered, owed=owed, closed=draw(st.integers(0, owed - answered)))


@st.composite
def raw(draw):
    """Draw what was graded: the assessments that are asked for, and the results of one trainee."""
    needed = tuple(Needed(code, "essay" if code == "essay" else "final", code, draw(marks)) for code in draw(st.sets(st.sampled_from(CODES))))
    results = {
        code: a_result(code, percent=draw(percents), by_competence=draw(st.dictionaries(st.sampled_from(COMPETENCES), percents)))
        for code in draw(st.sets(st.sampled_from(CODES)))
    }
    return needed, results


def made(needed, results, base):
    """Put results into evidence as earning/evidence.py does."""
    shown = rules.shown_in(results.values(), needed)
    return replace(
        base, needed=needed, results={code: one.percent for code, one in results.items()}, shown={code: one.percent for code, one in shown.items()}
    )


@st.composite
def bases(draw):
    """Draw what is demanded, and what is on record beside results."""
    demanded = frozenset(draw(st.sets(st.sampled_from(("attendance", "competences", "survey")))))
    wanted = tuple(Wanted(code, {"en": code}) for code in draw(st.sets(st.sampled_from(COMPETENCES))))
    over = frozenset(draw(st.sets(st.sampled_from(CODES))))
    return Evidence(demanded, draw(st.none() | shares()), surveys=draw(st.none() | surveys()), over=over, wanted=wanted, least=draw(marks))


@st.composite
def evidences(draw):
    needed, results = draw(raw())
    return made(needed, results, draw(bases()))


def is_whole(one):
    """Say by other means than the rules whether everything is met."""
    attended = one.share is not None and one.share.scheduled > 0 and Fraction(one.share.minutes) * 100 >= one.share.threshold * one.share.scheduled
    answered = one.surveys is not None and 0 < one.surveys.owed <= one.surveys.answered
    reached = bool(one.wanted) and all(one.shown.get(wanted.code, Decimal(-1)) >= one.least for wanted in one.wanted)
    by_name = {"attendance": attended, "competences": reached, "survey": answered}
    passed = [one.results.get(needed.code, Decimal(-1)) >= needed.pass_mark for needed in one.needed]
    asked_for = [*passed, *(by_name[name] for name in one.demanded)]
    is_more_than_a_survey = bool(one.needed) or bool(one.demanded - {"survey"})
    return is_more_than_a_survey and all(asked_for)


@st.composite
def grown(draw):
    """Draw evidence, and the same with more of everything: minutes, results, answers; what is demanded stays."""
    one = draw(evidences())
    better = {code: draw(st.decimals(percent, 100, places=2)) for code, percent in one.results.items()}
    more = {code: draw(percents) for code in draw(st.sets(st.sampled_from(CODES))) if code not in better}
    shown = {code: draw(st.decimals(percent, 100, places=2)) for code, percent in one.shown.items()}
    fresh = {code: draw(percents) for code in draw(st.sets(st.sampled_from(COMPETENCES))) if code not in shown}
    share = one.share and replace(one.share, minutes=draw(st.integers(one.share.minutes, max(one.share.minutes, one.share.held))))
    answered = one.surveys and replace(one.surveys, answered=draw(st.integers(one.surveys.answered, one.surveys.owed)), closed=0)
    return one, replace(one, results=better | more, shown=shown | fresh, share=share or draw(st.none() | shares()), surveys=answered)


@given(grown())
def test_more_evidence_never_takes_away_what_was_earned_or_met(pair):
    before, after = (rules.standing(one) for one in pair)
    assert RANK[after.earned] >= RANK[before.earned]
    assert all(later.is_met for earlier, later in zip(before.lines, after.lines, strict=True) if earlier.is_met)


@given(raw(), bases(), st.data())
def test_a_result_that_comes_later_never_takes_away_what_was_earned(graded, base, data):
    needed, results = graded
    fewer = {code: results[code] for code in data.draw(st.sets(st.sampled_from(sorted(results))) if results else st.just(set()))}
    before, after = (rules.standing(made(needed, known, base)) for known in (fewer, results))
    assert RANK[after.earned] >= RANK[before.earned]


@given(evidences())
def test_everything_is_met_exactly_when_each_line_is_and_other_arithmetic_agrees(one):
    found = rules.standing(one)
    assert found.is_complete is is_whole(one)
    assert (found.earned is Kind.ATTENDANCE) <= any(line.criterion == "attendance" and line.is_met for line in found.lines)
    assert (found.earned is Kind.COMPETENCE) is (found.is_complete and any(line.criterion not in {"attendance", "survey"} for line in found.lines))


@given(evidences())
def test_each_line_explains_itself_and_what_is_met_is_not_open(one):
    for line in rules.standing(one).lines:
        assert str(line.title)
        assert str(line.how).endswith(".")
        assert not (line.is_met and line.is_open)


@given(evidences())
def test_every_criterion_that_is_demanded_has_its_line_and_no_other_has(one):
    lines = [line.criterion for line in rules.standing(one).lines]
    competences = max(1, len(one.wanted)) if "competences" in one.demanded else 0
    assert {name: lines.count(Criterion(name)) for name in ("attendance", "survey", "competences")} == {
        "attendance": int("attendance" in one.demanded), "survey": int("survey" in one.demanded), "competences": competences,
    }  # fmt: skip
    assert len(lines) == len(one.needed) + len(one.demanded - {"competences"}) + competences


@given(evidences())
def test_completion_agrees_with_what_is_met_and_with_what_still_can_be(one):
    found = rules.standing(one)
    counted_in = [line for line in found.lines if line.criterion != "survey"]
    assert (found.completion is Completion.MET) is (bool(counted_in) and all(line.is_met for line in counted_in))
    if found.completion is Completion.MISSED:
        assert not any(line.is_open for line in found.lines)
    assert not (found.is_complete and found.is_out_of_reach)


@given(shares(), surveys(), st.dictionaries(st.sampled_from(CODES), percents))
def test_nobody_completes_a_scheme_that_asks_for_nothing(share, answered, results):
    found = rules.standing(Evidence(frozenset(), share, (), results, answered))
    assert (found.is_complete, found.earned, found.completion) == (False, None, Completion.OPEN)


@given(marks, st.sampled_from(("assessment", "competence")))
def test_the_border_of_a_percentage_belongs_to_those_who_reach_it(mark, what):
    def is_met(percent):
        if what == "assessment":
            evidence = Evidence(frozenset(), needed=(Needed("essay", "essay", "Essay", mark),), results={"essay": percent})
        else:
            evidence = Evidence(frozenset({"competences"}), wanted=(Wanted("ethics", {"en": "Ethics"}),), least=mark, shown={"ethics": percent})
        (line,) = rules.standing(evidence).lines
        return line.is_met

    assert [is_met(Decimal(mark) + one) for one in (Decimal("-0.01"), Decimal(0), Decimal("0.01"))] == [False, True, True]
