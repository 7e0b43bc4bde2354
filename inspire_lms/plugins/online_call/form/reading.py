"""The form of an edition file: [[call.section]] with its questions, when each is asked, and what no form may ask."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.online_call.authorising.terms import ByLink
from inspire_lms.plugins.online_call.form import uncollected
from inspire_lms.plugins.online_call.form.conditions import Condition
from inspire_lms.plugins.online_call.questions import YES_OR_NO, Kind, Question, Section, Texts

MOST_OF_A_TEXT = 10_000
CHARACTERS = {Kind.TEXT: 200, Kind.LONG: 3000, Kind.WHOLE: 1_000_000}
"""The default of *most*, by kind."""
YEARS = range(1900, 2101)
"""Of which years an answer may be: those that somebody living could name."""
EMPLOYER = "administration"

IS_FREE = Reason("A consent is free: nothing can depend on it, and nobody has to give it.")
ASKED_OF_ALL = Reason("This question is asked of everybody: it cannot depend on another answer.")


def form(call: Table, criteria: Sequence[str]) -> tuple[Section, ...]:
    """Read the sections of a form in their order; conditions may look at what stands before them."""
    earlier: list[Question] = []
    return tuple(_section(call, each, criteria, earlier) for each in call.tables("section", least=1))


def _section(call: Table, table: Table, criteria: Sequence[str], earlier: list[Question]) -> Section:
    code, title, when = table.code("code"), table.words("title", most=80), _condition(table, earlier)
    if reason := uncollected.why_not_head(code, title):
        table.problem("title", reason)
    questions = []
    for each in table.tables("question", least=1):
        question = _question(call, each, criteria, _condition(each, earlier))
        if (when or question.when) and (question.link or question.code == EMPLOYER):
            (each if question.when else table).problem("when", ASKED_OF_ALL)
        earlier.append(question)
        questions.append(question)
    return Section(code=code, title=title, questions=tuple(questions), when=when)


def _condition(table: Table, earlier: Sequence[Question]) -> Condition | None:
    """Read when something is asked. Only what stands earlier can be looked at, so conditions never go round in a circle."""
    if not table.has("when"):
        return None
    when = table.table("when")
    found = Condition(when.code("question"), tuple(when.texts("is")))
    looked_at = next((each for each in earlier if each.code == found.question), None)
    if looked_at is None:
        reason = Reason("“{question}” is no question that stands earlier in the form.", question=found.question)
        when.problem("question", reason)
    elif looked_at.kind not in {Kind.CHOICE, Kind.YES_NO}:
        when.problem("question", Reason("What is asked can depend on questions of the kinds choice and yes-no."))
    elif looked_at.is_mendable:
        when.problem("question", Reason("The question “{question}” may be mended: nothing can depend on it.", question=found.question))
    else:
        options = YES_OR_NO if looked_at.kind is Kind.YES_NO else looked_at.options
        for value in found.answers:
            if value not in options:
                reason = Reason("The question “{question}” has no option “{value}”.", question=found.question, value=value)
                when.problem("is", reason)
    if when.has("is") and not found.answers:
        when.problem("is", Reason("Say after which answers it is asked."))
    return found


def _question(call: Table, table: Table, criteria: Sequence[str], when: Condition | None) -> Question:
    kind = Kind(table.choice("kind", [str(each) for each in Kind]))
    code = table.code("code")
    least, most = _limits(table, kind)
    earliest, latest = _days(table) if kind is Kind.DATE else (None, None)
    question = Question(
        code=code,
        kind=kind,
        label=_said(call, table, code, "title"),
        hint=_said(call, table, code, "hint"),
        most=most,
        least=least,
        is_optional=table.flag("optional", default=kind is Kind.CONSENT),
        options=_options(table) if kind in {Kind.CHOICE, Kind.CHOICES} else {},
        criterion=table.choice("criterion", criteria) if table.has("criterion") else None,
        is_private=table.flag("private", default=False),
        is_mendable=table.flag("mendable", default=False),
        tells_name=table.flag("tells_name", default=False),
        link=_link(call, table, code) if kind is Kind.FILE and table.has("link") else None,
        when=when,
        earliest=earliest,
        latest=latest,
    )
    _refuse(table, question)
    return question


def _refuse(table: Table, question: Question) -> None:
    """Refuse what no question of a form can be."""
    if question.is_mendable and question.criterion:
        table.problem("mendable", Reason("The question “{question}” is judged by points: it cannot be mended.", question=question.code))
    if question.kind is Kind.CONSENT:
        for key, is_wrong in {
            "optional": not question.is_optional, "criterion": question.criterion is not None, "mendable": question.is_mendable
        }.items():  # fmt: skip
            if is_wrong:
                table.problem(key, IS_FREE)
    if question.criterion and (reason := why_not_judge(question)):
        table.problem("criterion", reason)
    options = question.options.values()
    if reason := uncollected.why_not_ask(question.code, question.kind, question.label, hint=question.hint, options=options):
        table.problem("code", reason)
    if question.link and (reason := uncollected.why_not_confirm(question.code, question.link.sentence)):
        table.problem("link", reason)
    if reason := uncollected.why_not_open(question.code, is_private=question.is_private, is_optional=question.is_optional):
        table.problem("code", reason)


def why_not_judge(question: Question) -> Reason | None:
    """Say why evaluators cannot give points for the answer to a question: they do not get to see it."""
    if question.kind is Kind.FILE:
        return Reason("Evaluators open no files, so “{question}” cannot be judged: ask for what counts in a text.", question=question.code)
    if question.is_private:
        return Reason("Only the coordinator reads “{question}”: leave out “private” or “criterion”.", question=question.code)
    return None


def _limits(table: Table, kind: Kind) -> tuple[int, int]:
    """Read the least and the most of a text or a whole number; nothing for other kinds."""
    usual = CHARACTERS.get(kind, 0)
    if not usual:
        return 0, 0
    most = table.whole("most", least=1, most=MOST_OF_A_TEXT if kind is not Kind.WHOLE else usual, default=usual)
    return table.whole("least", most=MOST_OF_A_TEXT, default=0), most


def _days(table: Table) -> tuple[date | None, date | None]:
    """Read the first and the last day that will do as an answer."""
    least, most = (table.day(key, years=YEARS) if table.has(key) else None for key in ("least", "most"))
    if least and most and most < least:
        table.problem("most", Reason("“{later}” lies before “{earlier}”.", later="most", earlier="least"))
    return least, most


def _link(call: Table, table: Table, code: str) -> ByLink:
    """Read on what terms a superior may answer; the sentence that is confirmed may differ by country, as in authorisation_sentence."""
    link = table.table("link")
    made = ByLink(
        sentence=_said(call, link, code, "sentence"),
        days=link.whole("days", least=1, most=60, default=10),
        days_after=link.whole("days_after_close", most=30, default=0),
        times=link.whole("times", least=1, most=5, default=3),
        remind_hours=link.whole("remind_hours", least=1, most=240, default=48),
        may_submit_open=link.flag("submit_while_open", default=True),
    )
    if call.is_right("closes") and call.is_right("checked_by"):
        last = call.moment("closes").astimezone(ZoneInfo(call.zone)).date() + timedelta(days=made.days_after)
        if last > call.day("checked_by"):
            link.problem("days_after_close", Reason("Superiors may then answer after “checked_by”, when eligibility is decided."))
    return made


def _said(call: Table, table: Table, code: str, key: str) -> Texts:
    """Read what a question says; what differs by country stands in the country's table, as in authorisation_title."""
    if call.has(f"{code}_{key}"):
        return call.words(f"{code}_{key}", most=600)
    return table.words(key, most=600, default={} if key == "hint" else None)


def _options(table: Table) -> dict[str, Texts]:
    return {each.code("code"): each.words("title", most=300) for each in table.tables("option", least=2)}
