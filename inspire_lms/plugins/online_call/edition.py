"""The part of an edition file that says what a call is: [call] for all countries, [country.call] for one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.announcing.documents import edition as texts
from inspire_lms.plugins.online_call.eligibility import Check, Rule
from inspire_lms.plugins.online_call.form import reading
from inspire_lms.plugins.online_call.marking import reading as marking
from inspire_lms.plugins.online_call.marking.reading import Correction
from inspire_lms.plugins.online_call.marking.scales import Level, Scale
from inspire_lms.plugins.online_call.posting import terms
from inspire_lms.plugins.online_call.posting.terms import Announcement
from inspire_lms.plugins.online_call.questions import YES_OR_NO, Kind, Question, Section, Texts
from inspire_lms.plugins.online_call.ranking import order, quotas
from inspire_lms.plugins.online_call.ranking.terms import Quota
from inspire_lms.plugins.online_call.seeing import reading as seeing
from inspire_lms.plugins.online_call.seeing.phases import JudgingPhase
from inspire_lms.plugins.online_call.timing import disorder
from inspire_lms.plugins.online_call.timing.disorder import Dates

MOST_POINTS = 1000

NO_EMPLOYER = Reason("One question of the kind text has the code “administration”: colleagues do not evaluate each other.")


@dataclass(frozen=True)
class Weighed:
    """A criterion as the file states it."""

    code: str
    title: Texts
    about: Texts
    weight: int
    levels: tuple[Level, ...] = ()
    counts: bool = True

    @property
    def scale(self) -> Scale:
        """What it can bring."""
        return Scale(self.weight, self.levels, self.counts)


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
    annexes: tuple[Mapping[str, Any], ...] = ()
    privacy: Mapping[str, Any] = field(default_factory=dict)
    reason: Texts = field(default_factory=dict)
    """Why the notice changes with this file; empty when it says nothing."""
    draft_remind_hours: int = 48
    explains_extremes: bool = False
    phases: tuple[JudgingPhase, ...] = ()
    correction: Correction | None = None
    appeal_days: int = 0
    public_until: date | None = None
    messages: tuple[Announcement, ...] = ()
    kept_days: int = rules.KEPT.days
    private_days: int = rules.PRIVATE.days


def read(common: Table | None, countries: Mapping[str, Table]) -> dict[str, CallPart]:
    """Read the call of each country; what a country does not say, the common table says for it."""
    return {code: _in_order(table.over(common), code) for code, table in countries.items()}


def _in_order(table: Table, country: str) -> CallPart:
    """Read a call, and refuse dates that contradict each other."""
    part = _call(table)
    disorder.refuse(table, country, Dates.of(part))
    return part


def _call(table: Table) -> CallPart:
    criteria = tuple(_criterion(each) for each in table.tables("criterion", least=1))
    codes = [each.code for each in criteria]
    form = reading.form(table, codes)
    questions = [question for section in form for question in section.questions]
    _refuse_what_lacks(table, criteria, form)
    opens_at, closes_at = table.moment("opens"), table.moment("closes")
    if table.is_right("opens") and table.is_right("closes") and closes_at <= opens_at:
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
        chain=_chain(table, [each.code for each in criteria if each.counts]),
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
        **texts.read(table),
        draft_remind_hours=table.whole("draft_remind_hours", least=1, most=240, default=48),
        explains_extremes=table.flag("reason_for_extremes", default=False),
        phases=seeing.phases(table),
        correction=marking.correction(table),
        **_told(table),
    )


def _refuse_what_lacks(table: Table, criteria: Sequence[Weighed], form: Sequence[Section]) -> None:
    """Refuse what stands twice, a total that nothing counts in, and a form that does not ask for the employer."""
    questions = [question for section in form for question in section.questions]
    _refuse_twins(table, "criterion", [each.code for each in criteria])
    if criteria and not any(each.counts for each in criteria):
        table.problem("criterion", Reason("One criterion at least counts in the total."))
    _refuse_twins(table, "section", [section.code for section in form])
    _refuse_twins(table, "section", [question.code for question in questions])
    if not any(question.code == "administration" and question.kind is Kind.TEXT for question in questions):
        table.problem("section", NO_EMPLOYER)


def _told(table: Table) -> dict[str, Any]:
    """Read for how long one may appeal, the last day of the public list, what is announced by rule, and for how long answers are kept."""
    return {
        "appeal_days": table.whole("appeal_days", most=30, default=0),
        "public_until": table.day("public_until") if table.has("public_until") else None,
        "messages": terms.read(table),
        "kept_days": table.whole("kept_days", least=60, most=1825, default=rules.KEPT.days),
        "private_days": table.whole("private_days", most=365, default=rules.PRIVATE.days),
    }


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
    weight = table.whole("weight", least=1, most=MOST_POINTS)
    return Weighed(
        code=table.code("code"),
        title=table.words("title", most=200),
        about=table.words("about"),
        weight=weight,
        levels=marking.levels(table, weight),
        counts=table.flag("counts", default=True),
    )


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
    if asked is not None and asked.kind is Kind.CONSENT:
        table.problem("question", reading.IS_FREE)
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
