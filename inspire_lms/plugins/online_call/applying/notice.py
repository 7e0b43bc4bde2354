"""What the public page of a call says; kept in the process under the call's version, since it does not change."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, url_for

from inspire_lms.kernel import charts, i18n
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, ngettext
from inspire_lms.plugins.online_call.applying import queries
from inspire_lms.plugins.online_call.eligibility import rules_of
from inspire_lms.plugins.online_call.judging.queries import ranking_of
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.publishing import ending
from inspire_lms.plugins.online_call.questions import form_of
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


@dataclass(frozen=True)
class Notice:
    """The call at a moment."""

    phase: Phase
    weights: tuple[Weight, ...]
    chart: charts.Chart
    conditions: tuple[Words, ...]
    prepare: tuple[Words, ...]
    chain: tuple[Message, ...]
    """What separates equal totals, step by step."""
    seats: tuple[Message, ...]
    """How the places are given, sentence by sentence."""


def of(call: Call, at: datetime) -> Notice:
    """Lay out the call in the reader's language."""
    weights = _weights(call)
    return Notice(
        phase=call.window.phase(at),
        weights=weights,
        chart=_chart(weights),
        conditions=tuple(Words(rule.title) for rule in rules_of(call.eligibility)),
        prepare=tuple(Words(each) for each in call.prepare),
        chain=tuple(step_in_words(step, {each.code: each.title for each in weights}) for step in call.chain),
        seats=told.seats_in_words(quotas_of(call.quotas), form_of(call.form)),
    )


def tag(call: Call, at: datetime) -> str:
    """Name what a visitor sees of a call at *at*: the same name means the same page, in the same clothes."""
    look = url_for("static", filename="look.css")
    ranking = ranking_of(call.id)
    published = (ranking is not None, ending.is_shown(call, ranking, at=at))
    parts = (call.id, call.version, call.window.phase(at), published, at > call.reserve_until, i18n.current(), look)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def step_in_words(step: str, titles: dict[str, Words]) -> Message:
    """Say in words what a step of the tie-break looks at."""
    if step == order.SUBMITTED:
        return Message("who submitted the application earlier")
    if step == order.DRAW:
        return Message("a draw that starts from the seed announced here, so that anybody can repeat it")
    return Message("who has more points for “{criterion}”", criterion=titles.get(step, Words(en=step)))


def _weights(call: Call) -> tuple[Weight, ...]:
    kept: dict[tuple[int, int], tuple[Weight, ...]] = current_app.extensions.setdefault("online_call_weights", {})
    key = (call.id, call.version)
    if key not in kept:
        kept[key] = tuple(Weight(each.code, each.title, each.about, each.weight) for each in queries.criteria(call.id))
    return kept[key]


def _chart(weights: tuple[Weight, ...]) -> charts.Chart:
    most = max((each.weight for each in weights), default=1)
    total = sum(each.weight for each in weights)
    return charts.bars(
        [charts.Bar(each.title.text(), each.weight, most, ngettext("{n} point", "{n} points", each.weight)) for each in weights],
        title=_("Criteria and the points that each can bring"),
        sentence=ngettext("{n} point in all.", "{n} points in all.", total),
        heads=(_("Criterion"), _("Points")),
    )
