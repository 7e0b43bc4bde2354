"""The quotas of an edition file: [[call.quota]] says who belongs to a group, and how many seats are kept for it or may go to it."""

from collections.abc import Sequence

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.online_call.questions import YES_OR_NO, Kind, Question, Section, all_questions
from inspire_lms.plugins.online_call.ranking.terms import Quota

MOST_SEATS = 10_000


def read(call: Table, questions: Sequence[Question]) -> tuple[Quota, ...]:
    """Read the quotas of a call; none when it has none."""
    found = tuple(_quota(each, {question.code: question for question in questions}) for each in call.tables("quota"))
    codes = [each.code for each in found]
    for code in sorted({code for code in codes if codes.count(code) > 1 and code}):
        call.problem("quota", Reason("The code “{code}” stands twice.", code=code))
    return found


def _quota(table: Table, known: dict[str, Question]) -> Quota:
    asked = known.get(table.choice("question", tuple(known) or ("",)))
    answers = tuple(table.texts("is")) if table.has("is") else ()
    if asked is not None:
        _refuse_answers(table, asked, answers)
    if table.has("least") == table.has("most"):
        table.problem("", Reason("A quota says either “least”, the seats that are reserved, or “most”, the limit."))
    return Quota(
        code=table.code("code"),
        title=table.words("title", most=200),
        question=asked.code if asked else "",
        answers=answers,
        least=table.whole("least", least=1, most=MOST_SEATS) if table.has("least") else None,
        most=table.whole("most", least=1, most=MOST_SEATS) if table.has("most") else None,
        is_written=asked is not None and asked.kind is Kind.TEXT,
    )


def _refuse_answers(table: Table, asked: Question, answers: Sequence[str]) -> None:
    """Refuse a group that nobody could be told to belong to."""
    if asked.kind is Kind.TEXT:
        if answers or table.has("least"):
            table.problem("question", Reason("A text makes groups only by itself: with “most”, and without “is”."))
    elif asked.kind is Kind.YES_NO and not answers:
        table.problem("question", Reason("A question of yes or no makes one group: say by “is” which answer does."))
    elif asked.kind not in {Kind.CHOICE, Kind.YES_NO}:
        table.problem("question", Reason("Quotas look at questions of the kinds choice, yes-no and text."))
    else:
        for value in answers:
            if value not in (YES_OR_NO if asked.kind is Kind.YES_NO else asked.options):
                reason = Reason("The question “{question}” has no option “{value}”.", question=asked.code, value=value)
                table.problem("question", reason)


def reserved(quotas: Sequence[Quota], form: Sequence[Section]) -> int:
    """Count the reserved seats of all groups."""
    asked = {question.code: question for question in all_questions(form)}
    return sum(each.least * (1 if each.answers else len(asked[each.question].options)) for each in quotas if each.least is not None)


def why_not_reserve(quotas: Sequence[Quota], form: Sequence[Section], *, seats: int) -> Reason | None:
    """Say why so many seats cannot be reserved."""
    if (number := reserved(quotas, form)) <= seats:
        return None
    return Reason("{n} places are reserved, but there are only {seats}.", n=number, seats=seats)
