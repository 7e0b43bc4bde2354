"""What a trainee sees of the own results: per competence, the gain, the marker's comment."""

from collections.abc import Mapping
from typing import Any

from inspire_lms.kernel.charts import Bar, Chart, bars
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import Words, _, current, percent, show
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.plugins.assessment import grading
from inspire_lms.plugins.assessment.attempt.queries import Asked, Head, Stand, asked
from inspire_lms.plugins.assessment.bank import queries as bank
from inspire_lms.plugins.assessment.kinds import essay
from inspire_lms.plugins.assessment.kinds.known import TITLES
from inspire_lms.plugins.assessment.kinds.shape import Kind
from inspire_lms.plugins.assessment.marking.queries import Graded, graded, marks
from inspire_lms.plugins.assessment.rules import Purpose


def questions_of(stand: Stand) -> int:
    """Count the questions that an attempt will have."""
    cohort = programmes.cohort(stand.cohort_id)
    codes = list(stand.competences) or (list(bank.competences(cohort.edition.framework_id)) if cohort else [])
    return stand.questions_each * len(codes)


def rubric_of(stand: Stand) -> list[dict[str, Any]]:
    """Give the criteria by which an essay will be marked, with their levels; nothing for a test."""
    content = bank.task(stand.assessment_id) if stand.purpose == Purpose.ESSAY else None
    criteria = essay.criteria(content) if content else ()
    return [
        {"title": as_said(each.title), "levels": [(level.points, as_said(level.text)) for level in each.levels[::-1]]} for each in criteria
    ]


def in_words(kinds: Mapping[str, Kind], each: Asked) -> str:
    """Put an answer into the reader's words; empty when there is none."""
    if each.kind == "true_false" and each.answer:
        return _("True") if each.answer[0] == "true" else _("False")
    return kinds[each.kind].describe(each.content, each.answer, current())


def of_person(head: Head) -> dict[str, Any]:
    """Collect what the page of a result shows."""
    rows = graded(head.cohort_id, head.person_id)
    own = next(row for row in rows if row.attempt_id == head.id)
    titles = _titles(head)
    before = _best_pre(rows) if head.purpose == Purpose.FINAL else None
    return {
        "chart": _chart(own, before, titles),
        "gain": grading.gain(before.percent, own.percent) if before else None,
        "before": before,
        "essays": _essays(head) if head.purpose == Purpose.ESSAY else [],
        "kinds": TITLES,
    }


def _titles(head: Head) -> dict[str, str]:
    cohort = programmes.cohort(head.cohort_id)
    return {code: show(title) for code, title in bank.competences(cohort.edition.framework_id).items()} if cohort else {}


def _best_pre(rows: list[Graded]) -> Graded | None:
    found = [row for row in rows if row.purpose == Purpose.PRE]
    return max(found, key=lambda row: row.percent) if found else None


def _chart(own: Graded, before: Graded | None, titles: dict[str, str]) -> Chart | None:
    """Draw a bar for each competence; the pre-test, when there is one, as a hollow bar beneath. None when there is no competence."""
    earlier = before.by_competence if before else {}
    shown = [
        Bar(
            titles.get(code, code), reached, 100, percent(reached),
            before=earlier.get(code), before_text=percent(earlier[code]) if code in earlier else "",
        )
        for code, reached in sorted(own.by_competence.items(), key=lambda pair: list(titles).index(pair[0]) if pair[0] in titles else 99)
    ]  # fmt: skip
    heads = (_("Competence"), _("This test"), _("Pre-test")) if earlier else (_("Competence"), _("Result"))
    best = max(shown, key=lambda bar: bar.value, default=None)
    if best is None:
        return None
    sentence = _("Your strongest competence here is “{competence}”, with {percent}.", competence=best.label, percent=best.text)
    note = _("Full bar: this test. Hollow bar: your pre-test.") if earlier else ""
    return bars(shown, title=_("Result per competence"), sentence=sentence, heads=heads, note=note)


def _essays(head: Head) -> list[dict[str, Any]]:
    """Give the rubric with the levels that were chosen, and the comment."""
    found = []
    answers = asked(head.id)
    given = marks([each.id for each in answers])
    for each in answers:
        if own := given.get(each.id):
            latest = own[-1]
            criteria = [
                {"title": as_said(one.title), "text": as_said(level.text), "points": level.points, "most": one.most}
                for one in essay.criteria(each.content)
                if one.code in latest.levels and (level := one.levels[latest.levels[one.code]])
            ]
            comment = next((mark.comment for mark in reversed(own) if mark.comment), "")
            found.append({"criteria": criteria, "comment": comment, "reason": latest.reason, "points": latest.points, "most": each.most})
    return found


def as_said(text: Mapping[str, str] | Message) -> Words | Message:
    """Give what a page can show: words that people wrote, or a sentence of ours."""
    return text if isinstance(text, Message) else Words(text)
