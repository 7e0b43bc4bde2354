"""The committee's addresses: the room, the list, an application's file."""

from typing import Any

from flask import g, redirect, request, url_for

from inspire_lms.kernel import audit, clock, files
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web import tables
from inspire_lms.kernel.web.forms import Form, asked_number, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.applying import dates
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.authorising import queries as authorising
from inspire_lms.plugins.online_call.authorising import showing
from inspire_lms.plugins.online_call.correcting import actions as correcting
from inspire_lms.plugins.online_call.correcting import queries as corrections
from inspire_lms.plugins.online_call.drafting import unasked
from inspire_lms.plugins.online_call.importing import queries as importing
from inspire_lms.plugins.online_call.judging import deciding, forms, lists, queries, replacing, reviewing
from inspire_lms.plugins.online_call.judging.room import ranked, room
from inspire_lms.plugins.online_call.looking import actions as looking
from inspire_lms.plugins.online_call.looking.models import What
from inspire_lms.plugins.online_call.marking import queries as marking
from inspire_lms.plugins.online_call.marking import shown as evaluations
from inspire_lms.plugins.online_call.mending import asking
from inspire_lms.plugins.online_call.mending import queries as mendings
from inspire_lms.plugins.online_call.mending import shown as mended
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import queries as offering
from inspire_lms.plugins.online_call.overriding import lists as override_lists
from inspire_lms.plugins.online_call.overriding import queries as proposals
from inspire_lms.plugins.online_call.overview import memory
from inspire_lms.plugins.online_call.pending import lists as pending
from inspire_lms.plugins.online_call.publishing import ending
from inspire_lms.plugins.online_call.publishing import lists as publications
from inspire_lms.plugins.online_call.ranking.export import export as export_table
from inspire_lms.plugins.online_call.recusing import actions as recusing
from inspire_lms.plugins.online_call.recusing import doubts
from inspire_lms.plugins.online_call.recusing import queries as nearness
from inspire_lms.plugins.online_call.rules import ReviewState, State
from inspire_lms.plugins.online_call.seeing import apart
from inspire_lms.plugins.online_call.seeing import told as seeing
from inspire_lms.plugins.online_call.views import pages

LATEST = 10
"""How many decisions by two people the room shows; the others have a page."""
DECIDED = Message("The decision is kept.")
PROPOSED = Message("Your proposal is kept. It waits for a second person; until then nothing is decided.")


@pages.get("/rooms")
@needs("online_call:select")
def rooms() -> Any:  # noqa: ANN401 (what a view returns)
    """Lead to the committee room in which there is most to do."""
    cohort_id = queries.busiest_room(me())
    if cohort_id is None:
        raise NotThere
    return redirect(url_for("online_call.committee_room", cohort_id=cohort_id), 303)


@pages.get("/rooms/<int:cohort_id>")
@needs("online_call:select", of=queries.call)
def committee_room(call: Call) -> Any:  # noqa: ANN401
    """Show the committee room of a country."""
    g.where = call.cohort.country_name.text()
    shown = room(call, me(), asked_number(request.args, "page", 1))
    now = clock.now()
    late = dates.too_late(call, dates.first_webinar(call), at=now)
    told: dict[str, Any] = {"closed": dates.warnings(call, at=now), "late": late, "mendings": mendings.counts(call, now)}
    told |= {"back": memory.kept(call, "steps back", lambda: marking.steps_back(call.id)), "stage": publications.stage(call)}
    told["phases"] = seeing.sentences(call, is_listed=told["stage"].provisional is not None)
    if shown.published:
        told |= {"is_shown": ending.is_shown(call, shown.published, at=now), "last_day": ending.last_day(call, shown.published)}
    told["waits"] = pending.in_the_room(call, me())
    told["by_two"] = override_lists.overrides(session.execute(proposals.of_call(call.id).limit(LATEST)).all() if shown.by_two else ())
    return page("online_call/room.html", room=shown, call=call, table=lists.ranking(shown), others=queries.other_rooms(call, me()), **told)


@pages.get("/rooms/<int:cohort_id>/applications")
@needs("online_call:select", of=queries.call)
def applications(call: Call) -> Any:  # noqa: ANN401
    """List the submitted applications of a country, 50 a page."""
    g.where = call.cohort.country_name.text()
    state = request.args.get("state", "")
    chosen = tables.paged(queries.applications(call.id, state if state in set(State) else None))
    return page("online_call/applications.html", call=call, paged=chosen, table=lists.applications(chosen.rows), state=state)


@pages.get("/rooms/<int:cohort_id>/export.<any(csv, xlsx):kind>")
@needs("online_call:select", of=queries.call)
def export(call: Call, kind: str) -> Any:  # noqa: ANN401
    """Give every evaluation with every criterion as a file."""
    found = ranked(call, me())
    table = export_table(call, found, offering.places_of(call.id))
    name = f"selection-{call.cohort.country.lower()}"
    with transaction():
        looking.exported(call, [each.id for each in found.judged if each.id not in found.hidden], by=me())
        audit.record("online_call.exported", ("call", call.id), by=me(), cohort_id=call.cohort_id)
    return table.xlsx(name) if kind == "xlsx" else table.csv(name)


@pages.route("/files/<int:application_id>", methods=["GET", "POST"])
@needs("online_call:select", of=applying.application)
def file(application: Application) -> Any:  # noqa: ANN401
    """Show the file of an application to the coordinator, and take the decision on eligibility."""
    application_id, form, in_force = application.id, forms.DecisionForm(), list[bool]()
    if form.accepted() and form.perform(lambda: in_force.append(_decide(application_id, form))):
        return done(DECIDED if in_force[0] else PROPOSED, to=url_for("online_call.file", application_id=application_id))
    return _file_page(application, form, _take_back_form(application))


def _file_page(application: Application, form: Form, take_back: Form | None) -> Any:  # noqa: ANN401
    looking.looked(application, by=me())
    g.where = application.call.cohort.country_name.text()
    application_id = application.id
    attached = applying.attachments(application_id)
    now = clock.now()
    by_link = authorising.stand_for_files(application, now)
    mine = apart.readable(me(), application.call)
    attached = {code: each for code, each in attached.items() if code in mine}
    copied = applying.copy_of(application.call.form, application.answers, attached, only=mine, by_link=by_link)
    history = audit.about(("application", application_id))
    shown: dict[str, Any] = {"copied": copied, "attached": attached, "outcomes": applying.outcomes(application_id), "history": history}
    shown |= {"override": proposals.open_one(application_id), "mended": mended.mending(application, attached, only=mine)}
    shown |= {"may_ask": asking.why_not(application, me()) is None, "unasked": unasked.rules(application)}
    shown |= {"person": people.person(application.person_id), "why_not": deciding.why_not(application, me())}
    shown |= {"may_correct": correcting.why_not_propose(application, me()) is None, "correction": corrections.open_one(application_id)}
    shown |= {"take_back": take_back, "authorisations": showing.of(application, attached, now), "came": importing.came(application_id)}
    shown |= _evaluators(application) | {"is_kept_apart": bool(apart.not_for(me(), application.call))}
    answer, status = page("online_call/file.html", form=form, application=application, **shown)
    return answer, max(status, take_back.status if take_back else status)


def _decide(application_id: int, form: Form) -> bool:
    is_eligible = form.values["decision"] == "eligible"
    return deciding.decide(application_id, is_eligible=is_eligible, note=form.values["note"] or "", by=me())


def _evaluators(application: Application) -> dict[str, Any]:
    """Give who evaluates and who has stepped back; points only when the reader has no evaluation of it to give."""
    given = queries.reviews_of(application.call_id).get(application.id, [])
    is_hidden = any(each.evaluator_id == me() and each.state == ReviewState.ASKED for each in given)
    is_far = nearness.why_not(application, me()) is None
    may = reviewing.who_may(application) if is_far and application.state == State.ELIGIBLE else []
    back = marking.stepped_back(application.id)
    near = nearness.near(application)
    of_others = [*near.colleagues, *near.declared, *_doers(application)]
    names = people.names([*may, *of_others, *(each.evaluator_id for each in given), *(each.evaluator_id for each in back)])
    marked = () if is_hidden else evaluations.evaluations(application)
    ask = forms.AskForm(options={"evaluator": {str(person): names[person].name for person in may}}) if may else None
    shown = {"given": given, "back": back, "marked": marked, "is_hidden": is_hidden, "names": names, "ask": ask}
    in_doubt = {*may, *(each.evaluator_id for each in given)} if not queries.is_settled(application) else set()
    shown |= {"doubts": doubts.doubts(application, in_doubt, names) if in_doubt else ()}
    shown |= {"near": near, "may_recuse": recusing.why_not_declare(application, me()) is None}
    return shown | {"published": queries.is_settled(application)}


def _doers(application: Application) -> list[int]:
    return [line.by_id for line in audit.about(("application", application.id)) if line.by_id is not None]


@pages.post("/files/<int:application_id>/ask")
@needs("online_call:select", of=applying.application)
def ask(application: Application) -> Any:  # noqa: ANN401
    """Ask somebody for an evaluation."""
    application_id, asked = application.id, asked_number(request.form, "evaluator")
    if not asked:
        raise NotThere
    reviewing.ask(application_id, asked, by=me())
    return done(Message("The evaluation was asked for."), to=url_for("online_call.file", application_id=application_id))


@pages.post("/files/<int:application_id>/take-back")
@needs("online_call:select", of=applying.application)
def take_back(application: Application) -> Any:  # noqa: ANN401
    """Take back a request that an evaluator has not answered."""
    application_id, form = application.id, _take_back_form(application)
    if form is None:
        raise NotThere
    if form.accepted() and form.perform(lambda: replacing.take_back(int(form.values["request"]), form.values["why"], by=me())):
        told = Message("The request is taken back. Now somebody else can be asked.")
        return done(told, to=url_for("online_call.file", application_id=application_id, _anchor="evaluators"))
    return _file_page(application, forms.DecisionForm(), form)


def _take_back_form(application: Application) -> Form | None:
    """Offer the requests that are not answered; None when there is none, the ranking is published, or the reader is too near."""
    given = queries.reviews_of(application.call_id).get(application.id, [])
    waiting = {str(each.id): each.evaluator_id for each in given if each.state == ReviewState.ASKED}
    if not waiting or queries.is_settled(application) or nearness.why_not(application, me()):
        return None
    names = people.names(list(waiting.values()))
    form = forms.TakeBackForm(options={"request": {review: names[person].name for review, person in waiting.items() if person in names}})
    form.action = url_for("online_call.take_back", application_id=application.id)
    return form


@pages.get("/files/<int:application_id>/attached/<question>")
@needs("online_call:select", of=applying.application)
def attached_file(application: Application, question: str) -> Any:  # noqa: ANN401
    """Give the coordinator a file of an application."""
    attachment = applying.attachments(application.id).get(question)
    if attachment is None or question in apart.not_for(me(), application.call):
        raise NotThere
    looking.looked(application, by=me(), at_what=What.DOCUMENT)
    kept, content = files.fetch(attachment.file_id)
    return files.download(content, attachment.name, kept.kind)
