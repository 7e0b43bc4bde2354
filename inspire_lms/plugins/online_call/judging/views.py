"""The committee's addresses: the room, the list, an application's file, an evaluation."""

from typing import Any

from flask import g, redirect, request, url_for

from inspire_lms.kernel import audit, clock, files
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.web import tables
from inspire_lms.kernel.web.forms import Form, page
from inspire_lms.kernel.web.guard import allowed, me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call import questions
from inspire_lms.plugins.online_call.applying import dates
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.applying.queries import Answered
from inspire_lms.plugins.online_call.authorising import queries as authorising
from inspire_lms.plugins.online_call.authorising import showing
from inspire_lms.plugins.online_call.importing import queries as importing
from inspire_lms.plugins.online_call.judging import deciding, forms, lists, queries, replacing, reviewing
from inspire_lms.plugins.online_call.judging.room import ranked, room
from inspire_lms.plugins.online_call.looking import actions as looking
from inspire_lms.plugins.online_call.looking.models import What
from inspire_lms.plugins.online_call.mending import asking
from inspire_lms.plugins.online_call.mending import queries as mendings
from inspire_lms.plugins.online_call.mending import shown as mended
from inspire_lms.plugins.online_call.models import Application, Call, Review
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.offering import queries as offering
from inspire_lms.plugins.online_call.overriding import lists as override_lists
from inspire_lms.plugins.online_call.overriding import queries as proposals
from inspire_lms.plugins.online_call.posting import lists as posting_lists
from inspire_lms.plugins.online_call.posting import queries as posting
from inspire_lms.plugins.online_call.ranking.export import export as export_table
from inspire_lms.plugins.online_call.rules import ReviewState, State
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
    shown = room(call, me())
    others = [each for each in applying.calls(clock.now()) if each.id != call.id and allowed("online_call:select", each)]
    table, paged = lists.ranking(shown, request.args.get("page", ""))
    told: dict[str, Any] = {"closed": dates.warnings(call, at=clock.now()), "mendings": mendings.counts(call.id, clock.now())}
    told["letters_wait"] = posting.number_waiting(call.id)
    told["sends"] = posting_lists.sends(shown.offers, posting.languages(call.id), posting.letterbox(call.id)) if shown.may_publish else None
    told["by_two"] = override_lists.overrides(session.execute(proposals.of_call(call.id).limit(LATEST)).all())
    return page("online_call/room.html", room=shown, call=call, table=table, paged=paged, others=others, **told)


@pages.get("/rooms/<int:cohort_id>/applications")
@needs("online_call:select", of=queries.call)
def applications(call: Call) -> Any:  # noqa: ANN401
    """List the submitted applications of a country, 50 a page."""
    g.where = call.cohort.country_name.text()
    state = request.args.get("state", "")
    chosen = tables.paged(queries.applications(call.id, state if state in set(State) else None))
    return page("online_call/applications.html", call=call, paged=chosen, table=lists.applications(chosen.rows), state=state)


@pages.post("/rooms/<int:cohort_id>/confirm")
@needs("online_call:select", of=queries.call)
def confirm_clear(call: Call) -> Any:  # noqa: ANN401
    """Let all those take part for whom every rule was met."""
    cohort_id = call.cohort_id
    number = deciding.confirm_clear(call.id, by=me())
    return done(Message("Applications confirmed: {n}.", n=number), to=url_for("online_call.applications", cohort_id=cohort_id))


@pages.post("/rooms/<int:cohort_id>/publish")
@needs("online_call:select", of=queries.call)
def publish(call: Call) -> Any:  # noqa: ANN401
    """Publish the ranking and send the offers."""
    cohort_id = call.cohort_id
    publishing.publish(call.id, by=me())
    told = Message("The ranking is published and the offers are on their way.")
    return done(told, to=url_for("online_call.committee_room", cohort_id=cohort_id))


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
    copied = applying.copy_of(application.call.form, application.answers, attached, by_link=by_link)
    history = audit.about(("application", application_id))
    shown: dict[str, Any] = {"copied": copied, "attached": attached, "outcomes": applying.outcomes(application_id), "history": history}
    shown |= {"override": proposals.open_one(application_id), "mended": mended.mending(application, attached)}
    shown |= {"may_ask": asking.why_not(application) is None}
    shown |= {"person": people.person(application.person_id), "why_not": deciding.why_not(application)}
    shown |= {"take_back": take_back, "authorisations": showing.of(application, attached, now), "came": importing.came(application_id)}
    shown |= _evaluators(application)
    answer, status = page("online_call/file.html", form=form, application=application, **shown)
    return answer, max(status, take_back.status if take_back else status)


def _decide(application_id: int, form: Form) -> bool:
    is_eligible = form.values["decision"] == "eligible"
    return deciding.decide(application_id, is_eligible=is_eligible, note=form.values["note"] or "", by=me())


def _evaluators(application: Application) -> dict[str, Any]:
    """Give who evaluates; totals only when the reader has no evaluation of it to give."""
    given = queries.reviews_of(application.call_id).get(application.id, [])
    is_hidden = any(each.evaluator_id == me() and each.state == ReviewState.ASKED for each in given)
    may = reviewing.who_may(application) if application.state == State.ELIGIBLE else []
    names = people.names([*may, *(each.evaluator_id for each in given), *_doers(application)])
    ask = forms.AskForm(options={"evaluator": {str(person): names[person].name for person in may}}) if may else None
    return {"given": given, "is_hidden": is_hidden, "names": names, "ask": ask, "published": queries.is_published(application.call_id)}


def _doers(application: Application) -> list[int]:
    return [line.by_id for line in audit.about(("application", application.id)) if line.by_id is not None]


@pages.post("/files/<int:application_id>/ask")
@needs("online_call:select", of=applying.application)
def ask(application: Application) -> Any:  # noqa: ANN401
    """Ask somebody for an evaluation."""
    application_id, asked = application.id, request.form.get("evaluator", "")
    if not asked.isdecimal():
        raise NotThere
    reviewing.ask(application_id, int(asked), by=me())
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
    """Offer the requests that are not answered; None when there is none, or the ranking is published."""
    given = queries.reviews_of(application.call_id).get(application.id, [])
    waiting = {str(each.id): each.evaluator_id for each in given if each.state == ReviewState.ASKED}
    if not waiting or queries.is_published(application.call_id):
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
    if attachment is None:
        raise NotThere
    looking.looked(application, by=me(), at_what=What.DOCUMENT)
    kept, content = files.fetch(attachment.file_id)
    return files.download(content, attachment.name, kept.kind)


@pages.get("/reviews")
@needs("online_call:score")
def reviews() -> Any:  # noqa: ANN401
    """List the applications that the reader was asked to evaluate."""
    chosen = tables.paged(queries.own_reviews(me()))
    waiting = sum(row.state == ReviewState.ASKED for row in chosen.rows)
    return page("online_call/reviews.html", paged=chosen, table=lists.own_reviews(chosen.rows), open=waiting)


@pages.route("/reviews/<int:review_id>", methods=["GET", "POST"])
@needs("online_call:score", own=queries.own_review)
def review(review: Review) -> Any:  # noqa: ANN401
    """Evaluate an application; what others gave is not shown."""
    review_id, application = review.id, review.application
    if application.state != State.ELIGIBLE:
        raise NotThere
    criteria = applying.criteria(application.call_id)
    form = forms.marks_form(criteria, queries.marks_of(review_id), review.comment if review.state == ReviewState.DONE else "")
    if form.accepted() and form.perform(lambda: _give(review_id, form)):
        return done(Message("Your evaluation is kept."), to=url_for("online_call.reviews"))
    return _review_page(review, form, forms.ConflictForm())


def _give(review_id: int, form: Form) -> None:
    marks = {name: value for name, value in form.values.items() if name != forms.COMMENT}
    reviewing.give(review_id, marks, form.values[forms.COMMENT] or "", by=me())


@pages.post("/reviews/<int:review_id>/conflict")
@needs("online_call:score", own=queries.own_review)
def declare_conflict(review: Review) -> Any:  # noqa: ANN401
    """Step back from an application."""
    review_id, form = review.id, forms.ConflictForm()
    if form.accepted() and form.perform(lambda: reviewing.declare_conflict(review_id, form.values["note"], by=me())):
        return done(Message("You have stepped back. The coordinator sees it."), to=url_for("online_call.reviews"))
    marks = forms.marks_form(applying.criteria(review.application.call_id), queries.marks_of(review_id), "")
    return _review_page(review, marks, form)


def _review_page(review: Review, form: Form, conflict: Form) -> Any:  # noqa: ANN401
    application = review.application
    if review.state != ReviewState.CONFLICT:
        looking.looked(application, by=me())
    g.where = application.call.cohort.country_name.text()
    conflict.action = url_for("online_call.declare_conflict", review_id=review.id)
    told = {"person": people.person(application.person_id), "published": queries.is_published(application.call_id)}
    shown, _status = page("online_call/review.html", form=form, conflict=conflict, review=review, copied=_public_copy(review), **told)
    return shown, max(form.status, conflict.status)


def _public_copy(review: Review) -> tuple[Answered, ...]:
    """Copy the answers that evaluators may read; nothing for whoever has stepped back."""
    if review.state == ReviewState.CONFLICT:
        return ()
    application = review.application
    public = {each.code for each in questions.all_questions(questions.form_of(application.call.form)) if not each.is_private}
    return applying.copy_of(application.call.form, application.answers, applying.attachments(application.id), only=public)
