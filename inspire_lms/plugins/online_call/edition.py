"""The part of an edition file that says what a call is: [call] for all countries, [country.call] for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.online_call.authorising.terms import ByLink
from inspire_lms.plugins.online_call.eligibility import Check, Rule
from inspire_lms.plugins.online_call.posting import terms
from inspire_lms.plugins.online_call.posting.terms import Announcement
from inspire_lms.plugins.online_call.questions import YES_OR_NO, Kind, Question, Section, Texts
from inspire_lms.plugins.online_call.ranking import order, quotas
from inspire_lms.plugins.online_call.ranking.terms import Quota

MOST_POINTS = 1000
MOST_OF_A_TEXT = 10_000
CHARACTERS = {Kind.TEXT: 200, Kind.LONG: 3000, Kind.WHOLE: 1_000_000}
"""The default of *most*, by kind."""

NO_EMPLOYER = Reason("One question of the kind text has the code “administration”: colleagues do not evaluate each other.")


@dataclass(frozen=True)
class Weighed:
    """A criterion as the file states it."""

    code: str
    title: Texts
    about: Texts
    weight: int


@dataclass(frozen=True)
class CallPart:
    """The call of one country as the file states it."""

    title: Texts
    heading: Texts
    lede: Texts
    opens_at: datetime
    closes_at: datetime
    checked_by: date
    ranked_by: date
    reserve_until: datetime
    contact: str
    seed: str
    criteria: tuple[Weighed, ...]
    chain: tuple[str, ...]
    quotas: tuple[Quota, ...]
    form: tuple[Section, ...]
    eligibility: tuple[Rule, ...]
    prepare: tuple[Texts, ...]
    suitable_from: Decimal
    gap: Decimal
    offer_days: int
    offer_until: time
    remind_hours: int
    mend_days: int = 5
    messages: tuple[Announcement, ...] = ()


def read(common: Table | None, countries: Mapping[str, Table]) -> dict[str, CallPart]:
    """Read the call of each country; what a country does not say, the common table says for it."""
    return {code: _call(table.over(common)) for code, table in countries.items()}


def _call(table: Table) -> CallPart:
    criteria = tuple(_criterion(each) for each in table.tables("criterion", least=1))
    codes = [each.code for each in criteria]
    form = tuple(_section(table, each, codes) for each in table.tables("section", least=1))
    questions = [question for section in form for question in section.questions]
    _refuse_twins(table, "criterion", codes)
    _refuse_twins(table, "section", [section.code for section in form])
    _refuse_twins(table, "section", [question.code for question in questions])
    if not any(question.code == "administration" and question.kind is Kind.TEXT for question in questions):
        table.problem("section", NO_EMPLOYER)
    opens_at, closes_at = table.moment("opens"), table.moment("closes")
    if table.has("closes") and closes_at <= opens_at:
        table.problem("closes", Reason("The call closes before it opens."))
    _refuse_disorder(table)
    return CallPart(
        title=table.words("title", most=200),
        heading=table.words("heading", most=200),
        lede=table.words("lede"),
        opens_at=opens_at,
        closes_at=closes_at,
        checked_by=table.day("checked_by"),
        ranked_by=table.day("ranked_by"),
        reserve_until=table.moment("reserve_until"),
        contact=table.text("contact"),
        seed=table.text("seed"),
        criteria=criteria,
        chain=_chain(table, codes),
        quotas=quotas.read(table, questions),
        form=form,
        eligibility=tuple(_rule(each, questions) for each in table.tables("rule", least=1)),
        prepare=tuple(table.words_list("prepare", default=())),
        suitable_from=table.decimal("suitable_from", most=Decimal(MOST_POINTS), default=Decimal(0)),
        gap=table.decimal("third_evaluator_gap", least=Decimal(1), most=Decimal(MOST_POINTS)),
        offer_days=table.whole("offer_days", least=1, most=60),
        offer_until=table.clock_time("offer_until"),
        remind_hours=table.whole("remind_hours", least=1, most=240, default=48),
        mend_days=table.whole("mend_days", least=1, most=30, default=5),
        messages=terms.read(table),
    )


def _refuse_disorder(table: Table) -> None:
    """Refuse days of the selection that do not follow each other; they may fall on one day of the country."""
    zone = ZoneInfo(table.zone)
    days = {
        "closes": table.moment("closes").astimezone(zone).date(),
        "checked_by": table.day("checked_by"),
        "ranked_by": table.day("ranked_by"),
        "reserve_until": table.moment("reserve_until").astimezone(zone).date(),
    }
    for earlier, later in pairwise(key for key in days if table.is_right(key)):
        if days[later] < days[earlier]:
            table.problem(later, Reason("“{later}” lies before “{earlier}”.", later=later, earlier=earlier))


def _refuse_twins(table: Table, key: str, codes: Sequence[str]) -> None:
    for code in sorted({code for code in codes if codes.count(code) > 1 and code}):
        table.problem(key, Reason("The code “{code}” stands twice.", code=code))


def _chain(table: Table, codes: Sequence[str]) -> tuple[str, ...]:
    chain = tuple(table.choices("tie_break", (*codes, order.SUBMITTED, order.DRAW)))
    if chain and chain[-1] != order.DRAW:
        table.problem("tie_break", Reason("The last step is “draw”: only a draw always decides."))
    return chain


def _criterion(table: Table) -> Weighed:
    return Weighed(
        code=table.code("code"),
        title=table.words("title", most=200),
        about=table.words("about"),
        weight=table.whole("weight", least=1, most=MOST_POINTS),
    )


def _section(call: Table, table: Table, criteria: Sequence[str]) -> Section:
    return Section(
        code=table.code("code"),
        title=table.words("title", most=80),
        questions=tuple(_question(call, each, criteria) for each in table.tables("question", least=1)),
    )


def _question(call: Table, table: Table, criteria: Sequence[str]) -> Question:
    kind = Kind(table.choice("kind", [str(each) for each in Kind]))
    code = table.code("code")
    if table.flag("mendable", default=False) and table.has("criterion"):
        table.problem("mendable", Reason("The question “{question}” is judged by points: it cannot be mended.", question=code))
    most = CHARACTERS.get(kind, 0)
    return Question(
        code=code,
        kind=kind,
        label=_said(call, table, code, "title"),
        hint=_said(call, table, code, "hint"),
        most=table.whole("most", least=1, most=MOST_OF_A_TEXT if kind is not Kind.WHOLE else most, default=most) if most else 0,
        least=table.whole("least", most=MOST_OF_A_TEXT, default=0) if most else 0,
        is_optional=table.flag("optional", default=False),
        options=_options(table) if kind in {Kind.CHOICE, Kind.CHOICES} else {},
        criterion=table.choice("criterion", criteria) if table.has("criterion") else None,
        is_private=table.flag("private", default=False),
        is_mendable=table.flag("mendable", default=False),
        link=_link(call, table, code) if kind is Kind.FILE and table.has("link") else None,
    )


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


def _rule(table: Table, questions: Sequence[Question]) -> Rule:
    check, values = _check(table)
    known = {question.code: question for question in questions}
    question = None if check is Check.MAIL_ENDS else table.choice("question", tuple(known) or ("",))
    unsure = tuple(table.texts("unsure", default=[]))
    asked = known.get(question or "")
    if check is Check.ONE_OF and asked is not None:
        options = YES_OR_NO if asked.kind is Kind.YES_NO else asked.options
        for value in (*values, *unsure):
            if value not in options:
                table.problem("question", Reason("The question “{question}” has no option “{value}”.", question=asked.code, value=value))
    if check is Check.ATTACHED and asked is not None and asked.link:
        table.problem("attached", Reason("A superior may answer “{question}” by a link: write authorised = true.", question=asked.code))
    return Rule(
        code=table.code("code"),
        check=check,
        question=question,
        values=values,
        unsure=unsure,
        title=table.words("title", most=400),
        reason=table.words("reason", most=600),
    )


def _check(table: Table) -> tuple[Check, tuple[str, ...]]:
    """Read what a rule asks for: is, least, mail_ends, attached, authorised or declared."""
    if table.has("is"):
        return Check.ONE_OF, tuple(table.texts("is"))
    if table.has("least"):
        return Check.AT_LEAST, (str(table.whole("least")),)
    if table.has("mail_ends"):
        return Check.MAIL_ENDS, tuple(table.texts("mail_ends"))
    if table.flag("attached", default=False):
        return Check.ATTACHED, ()
    if table.flag("authorised", default=False):
        return Check.AUTHORISED, ()
    if not table.flag("declared", default=False):
        table.problem("", Reason("A rule says what it asks for: is, least, mail_ends, attached, authorised or declared."))
    return Check.TICKED, ()
