"""What the public page of a call says; kept in the process under the call's version, since it does not change."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, url_for

from inspire_lms.kernel import charts, i18n
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, ngettext
from inspire_lms.plugins.online_call.announcing.documents.texts import Part, laid_out
from inspire_lms.plugins.online_call.applying import queries
from inspire_lms.plugins.online_call.eligibility import rules_of
from inspire_lms.plugins.online_call.form.uncollected import ADJUSTMENTS, UNCOLLECTED
from inspire_lms.plugins.online_call.judging.queries import ranking_of
from inspire_lms.plugins.online_call.marking.queries import scale_of
from inspire_lms.plugins.online_call.marking.scales import Level, named
from inspire_lms.plugins.online_call.models import Call, Criterion
from inspire_lms.plugins.online_call.publishing import ending
from inspire_lms.plugins.online_call.questions import all_questions, form_of
from inspire_lms.plugins.online_call.ranking import order, told
from inspire_lms.plugins.online_call.ranking.terms import quotas_of
from inspire_lms.plugins.online_call.rules import Phase


@dataclass(frozen=True)
class Weight:
    """A criterion as the page shows it."""

    code: str
    title: Words
    about: Words
    weight: int
    levels: tuple[Level, ...]
    counts: bool

    @property
    def named(self) -> tuple[Message, ...]:
        """Its labelled levels in words."""
        return tuple(named(each) for each in self.levels)


@dataclass(frozen=True)
class Annex:
    """A longer text that belongs to the notice, in the reader's language."""

    code: str
    title: Words
    language: str
    """The one it is really in."""
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Notice:
    """The call at a moment."""

    phase: Phase
    weights: tuple[Weight, ...]
    """The criteria that make the total."""
    beside: tuple[Weight, ...]
    """Those that stand beside it."""
    chart: charts.Chart
    conditions: tuple[Words, ...]
    prepare: tuple[Words, ...]
    chain: tuple[Message, ...]
    """What separates equal totals, step by step."""
    seats: tuple[Message, ...]
    """How the places are given, sentence by sentence."""
    annexes: tuple[Annex, ...]
    uncollected: tuple[Message, ...]
    """What no form asks for; an edition file that does is refused."""
    has_adjustments: bool
    """True when the form asks what somebody needs to take part."""


def of(call: Call, at: datetime, criteria: Sequence[Criterion] | None = None) -> Notice:
    """Lay out the call in the reader's language; with *criteria*, an earlier version of it."""
    everything = _weights(call) if criteria is None else _weighed(criteria)
    weights = tuple(each for each in everything if each.counts)
    return Notice(
        phase=call.window.phase(at),
        weights=weights,
        beside=tuple(each for each in everything if not each.counts),
        chart=_chart(weights),
        conditions=tuple(Words(rule.title) for rule in rules_of(call.eligibility)),
        prepare=tuple(Words(each) for each in call.prepare),
        chain=tuple(step_in_words(step, {each.code: each.title for each in weights}) for step in call.chain),
        seats=told.seats_in_words(quotas_of(call.quotas), form_of(call.form)),
        annexes=tuple(_annex(each) for each in call.annexes),
        uncollected=tuple(each.what for each in UNCOLLECTED),
        has_adjustments=any(each.code == ADJUSTMENTS for each in all_questions(form_of(call.form))),
    )


def _annex(kept: Mapping[str, Any]) -> Annex:
    text, language = Words(kept["text"]).spoken()
    return Annex(kept["code"], Words(kept["title"]), language, laid_out(text))


def tag(call: Call, at: datetime) -> str:
    """Name what a visitor sees of a call at *at*: the same name means the same page, in the same clothes."""
    look = url_for("static", filename="look.css")
    ranking = ranking_of(call.id)
    published = (ranking is not None, ending.is_shown(call, ranking, at=at))
    parts = (call.id, call.version, call.window.phase(at), published, at > call.reserve_until, i18n.current(), look)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def settled_oneself(step: str | None, titles: dict[str, Words]) -> Message | None:
    """Say to an applicant what put the own line below one with the same total; None when there is none."""
    return Message("Somebody above has the same total. What decided: {step}.", step=step_in_words(step, titles)) if step else None


def step_in_words(step: str, titles: dict[str, Words]) -> Message:
    """Say in words what a step of the tie-break looks at."""
    if step == order.SUBMITTED:
        return Message("who submitted the application earlier")
    if step == order.DRAW:
        return Message("a draw from the seed announced in the notice, so that anybody can repeat it")
    return Message("who has more points for “{criterion}”", criterion=titles.get(step, Words(en=step)))


def _weights(call: Call) -> tuple[Weight, ...]:
    kept: dict[tuple[int, int], tuple[Weight, ...]] = current_app.extensions.setdefault("online_call_weights", {})
    key = (call.id, call.version)
    if key not in kept:
        kept[key] = _weighed(queries.criteria(call.id))
    return kept[key]


def _weighed(criteria: Sequence[Criterion]) -> tuple[Weight, ...]:
    return tuple(_weight(each) for each in criteria)


def _weight(criterion: Criterion) -> Weight:
    levels = scale_of(criterion).levels
    return Weight(criterion.code, criterion.title, criterion.about, criterion.weight, levels, criterion.counts)


def _chart(weights: tuple[Weight, ...]) -> charts.Chart:
    most = max((each.weight for each in weights), default=1)
    total = sum(each.weight for each in weights)
    return charts.bars(
        [charts.Bar(each.title.text(), each.weight, most, ngettext("{n} point", "{n} points", each.weight)) for each in weights],
        title=_("Criteria and the points that each can bring"),
        sentence=ngettext("{n} point in all.", "{n} points in all.", total),
        heads=(_("Criterion"), _("Points")),
    )
