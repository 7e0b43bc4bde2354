"""The addresses of letters: what there is, one letter, other words for it, and the release of what waits."""

from collections.abc import Sequence
from typing import Any

from flask import g, request, url_for

from inspire_lms.kernel import audit, clock, mail
from inspire_lms.kernel.db import Words, transaction
from inspire_lms.kernel.errors import Message, NotThere, Refused, counted
from inspire_lms.kernel.mail import MailState
from inspire_lms.kernel.mailing import refused, waiting
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web import tables
from inspire_lms.kernel.web.forms import asked_number, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.posting import actions, forms, lists, looks, queries
from inspire_lms.plugins.online_call.posting.kinds import KINDS
from inspire_lms.plugins.online_call.posting.models import Letter
from inspire_lms.plugins.online_call.posting.queries import Chosen
from inspire_lms.plugins.online_call.views import pages

CONFLICT = 409


@pages.get("/rooms/<int:cohort_id>/outbox")
@needs("online_call:select", of=judging.call)
def outbox(call: Call) -> Any:  # noqa: ANN401 (what a view returns)
    """Show the letters to the applicants of a country by kind and language, what waits, and what is announced."""
    g.where = call.cohort.country_name.text()
    counts, letterbox, now = queries.counts(call.id), queries.letterbox(call.id), clock.now()
    by = people.names([letterbox.changed_by_id]).get(letterbox.changed_by_id) if letterbox else None
    messages = queries.messages(call.id)
    numbers = queries.numbers_in_groups(call.id, sorted({each.to for each in messages}))
    shown: dict[str, Any] = {"letterbox": letterbox, "by": by, "kinds": [each for each in KINDS.values() if each.is_to_applicants]}
    shown |= {"waiting": sum(each[MailState.HELD] for each in counts.values()), "additions": queries.additions(call.id)}
    shown |= {"held_kinds": sorted({kind for (kind, _language), each in counts.items() if each[MailState.HELD]}), "known": KINDS}
    shown |= {"announcements": lists.announcements(call, messages, numbers, now), "table": lists.groups(call, counts)}
    return page("online_call/outbox.html", call=call, **shown)


@pages.post("/rooms/<int:cohort_id>/outbox/waiting")
@needs("online_call:select", of=judging.call)
def let_wait(call: Call) -> Any:  # noqa: ANN401
    """Let letters that may wait do so, or go at once again."""
    cohort_id, is_closed = call.cohort_id, request.form.get("wait") == "yes"
    actions.let_wait(call.id, is_closed=is_closed, by=me())
    told = Message("Letters that may wait do so from now on.") if is_closed else Message("Letters go at once from now on.")
    return done(told, to=url_for("online_call.outbox", cohort_id=cohort_id))


@pages.get("/rooms/<int:cohort_id>/outbox/letters")
@needs("online_call:select", of=judging.call)
def letters(call: Call) -> Any:  # noqa: ANN401
    """List letters of a country, 50 a page."""
    g.where = call.cohort.country_name.text()
    chosen, state = _chosen(), request.args.get("state", "")
    paged = tables.paged(queries.listed(call.id, chosen, state if state in set(MailState) else None))
    table = lists.letters(paged.rows, call.cohort.zone)
    return page("online_call/letters.html", call=call, chosen=chosen, paged=paged, table=table, **_said(chosen))


@pages.route("/rooms/<int:cohort_id>/outbox/release", methods=["GET", "POST"])
@needs("online_call:select", of=judging.call)
def release(call: Call) -> Any:  # noqa: ANN401
    """Show how many letters would go to whom, and let them go when exactly that is confirmed."""
    cohort_id, chosen, why_not = call.cohort_id, _chosen(), None
    if request.method == "POST":
        number, seal = asked_number(request.form, "number"), request.form.get("seal", "")
        try:
            released = actions.release(call.id, chosen, number=number, seal=seal, by=me())
        except Refused as refused:
            why_not = refused.reason
        else:
            told = counted("{n} letter is released.", "{n} letters are released.", n=released)
            return done(told, to=url_for("online_call.outbox", cohort_id=cohort_id))
    found = queries.waiting(call, chosen, at=clock.now())
    g.where = call.cohort.country_name.text()
    shown: dict[str, Any] = {"going": lists.going(found), "unsaid": found.unsaid()}
    shown["not_going"] = lists.not_going(found.untrue[: tables.ROWS_A_PAGE])
    shown["whom"], shown["paged"] = lists.whom(found)
    answer, status = page("online_call/release.html", call=call, release=found, chosen=chosen, why_not=why_not, known=KINDS, **shown)
    return answer, CONFLICT if why_not else status


@pages.route("/rooms/<int:cohort_id>/outbox/paragraph/<kind>", methods=["GET", "POST"])
@needs("online_call:select", of=judging.call)
def paragraph(call: Call, kind: str) -> Any:  # noqa: ANN401
    """Add a paragraph to the letters of a kind that wait, in each of their languages."""
    if kind not in KINDS or KINDS[kind].why_at_once is not None:
        raise NotThere
    cohort_id, added = call.cohort_id, queries.additions(call.id).get(kind)
    counts = {language: each for (one, language), each in queries.counts(call.id).items() if one == kind}
    form = forms.paragraph_form(sorted(counts), added.words if added else {})
    if form.accepted() and form.perform(lambda: actions.add(call.id, kind, {each: form.values[each] or "" for each in counts}, by=me())):
        return done(Message("The paragraph is kept. Read the letters as they go now."), to=_list(cohort_id, kind))
    g.where = call.cohort.country_name.text()
    reach = counted(
        "{n} letter waits now and gets it when it is released.",
        "{n} letters wait now and get it when they are released.",
        n=sum(each[MailState.HELD] for each in counts.values()),
    )
    return page("online_call/paragraph.html", form=form, call=call, kind=KINDS[kind], back=_list(cohort_id, kind), reach=reach)


@pages.get("/outbox/<int:mail_id>")
@needs("online_call:select", of=queries.letter)
def letter(letter: Letter) -> Any:  # noqa: ANN401
    """Show one letter as it goes or went; that somebody looked is kept."""
    g.where = letter.call.cohort.country_name.text()
    _keep_look(letter)
    one = letter.mail
    added = queries.additions(letter.call_id).get(letter.kind) if one.state == MailState.HELD else None
    extra = added.words.get(one.language, "") if added else ""
    text = mail.without_keys(waiting.text_with(one, extra) if extra else one.text)
    by = people.names([letter.edited_by_id]).get(letter.edited_by_id) if letter.edited_by_id else None
    shown: dict[str, Any] = {"text": text, "kind": KINDS[letter.kind], "state": lists.STATES[one.state], "by": by}
    shown["subject"] = Words({one.language: one.subject})
    shown["is_unsent"] = one.state in mail.UNSENT
    shown["why_not"] = refused.why_not_send(refused.address_now(one.to_person, one.address)) if shown["is_unsent"] else None
    return page("online_call/letter.html", letter=letter, mail=one, spoken=lists.language(one.language), **shown)


@pages.route("/outbox/<int:mail_id>/rewrite", methods=["GET", "POST"])
@needs("online_call:select", of=queries.letter)
def rewrite(letter: Letter) -> Any:  # noqa: ANN401
    """Put other words into one letter that waits."""
    mail_id, form = letter.mail_id, forms.letter_form(letter)
    if letter.mail.state != MailState.HELD and request.method == "GET":
        raise NotThere
    if form.accepted() and form.perform(lambda: actions.rewrite(mail_id, **form.values, by=me())):
        return done(Message("The letter is changed. Read it as it goes now."), to=url_for("online_call.letter", mail_id=mail_id))
    if request.method == "GET":
        _keep_look(letter)
    found = queries.letter(mail_id)
    if found is None:
        raise NotThere
    g.where = found.call.cohort.country_name.text()
    facts: Sequence[Sequence[str]] = (found.mail.parts or {"facts": ()})["facts"]
    return page("online_call/rewrite.html", form=form, letter=found, facts=facts, spoken=lists.language(found.mail.language))


@pages.post("/outbox/<int:mail_id>/again")
@needs("online_call:select", of=queries.letter)
def send_again(letter: Letter) -> Any:  # noqa: ANN401
    """Send a letter again that the mail server has refused."""
    mail_id, about, cohort_id = letter.mail_id, letter.mail.to_person, letter.cohort_id
    with transaction():
        mail.send_again(mail_id)
        audit.record("mail.sent-again", ("kernel_mail", mail_id), by=me(), cohort_id=cohort_id, about=about)
    return done(Message("The letter will be sent again at once."), to=url_for("online_call.letter", mail_id=mail_id))


def _keep_look(letter: Letter) -> None:
    """Keep that the reader looked at a letter; one with a copy of the answers is a look at the application too."""
    told, about, cohort_id = ("kernel_mail", letter.mail_id), letter.mail.to_person, letter.cohort_id
    looks.looked(letter, by=me(), at=clock.now())
    with transaction():
        audit.record("online_call.looked", told, by=me(), cohort_id=cohort_id, about=about)


def _chosen() -> Chosen:
    """Read which letters are meant, from the address or the form."""
    asked = request.values
    kind, language, mail_id = asked.get("kind", ""), asked.get("spoken", ""), asked_number(asked, "letter")
    return Chosen(kind if kind in KINDS else None, language or None, mail_id or None)


def _said(chosen: Chosen) -> dict[str, Any]:
    """Give the names of what is meant."""
    title = KINDS[chosen.kind].title if chosen.kind else Message("All letters")
    return {"title": title, "spoken": lists.language(chosen.language) if chosen.language else ""}


def _list(cohort_id: int, kind: str) -> str:
    return url_for("online_call.letters", cohort_id=cohort_id, kind=kind)
