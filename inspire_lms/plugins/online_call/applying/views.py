"""The applicant's addresses: write, attach, check, submit, follow, withdraw."""

from collections.abc import Mapping
from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.datastructures import FileStorage

from inspire_lms.kernel import clock, files
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.web.forms import Form, Upload, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call import questions, rules
from inspire_lms.plugins.online_call.announcing import shown as announced
from inspire_lms.plugins.online_call.appealing import following as appealing
from inspire_lms.plugins.online_call.applying import actions, following, forms, queries
from inspire_lms.plugins.online_call.applying.forms import SectionForm
from inspire_lms.plugins.online_call.authorising import queries as authorising
from inspire_lms.plugins.online_call.authorising import showing
from inspire_lms.plugins.online_call.drafting import both, consents, reminding, saving, unasked, versions
from inspire_lms.plugins.online_call.drafting.saving import Saved
from inspire_lms.plugins.online_call.importing import queries as importing
from inspire_lms.plugins.online_call.looking.lists import looks
from inspire_lms.plugins.online_call.mending import shown as mended
from inspire_lms.plugins.online_call.models import Application, Attachment
from inspire_lms.plugins.online_call.offering import leaving
from inspire_lms.plugins.online_call.questions import Section
from inspire_lms.plugins.online_call.retention.thinning import keeping
from inspire_lms.plugins.online_call.rules import State
from inspire_lms.plugins.online_call.views import pages


@pages.get("/<country>/apply")
@needs("online_call:apply")
def before_beginning(country: str) -> Any:  # noqa: ANN401 (what a view returns)
    """Say what it takes before a draft is begun; whoever has one goes on with it."""
    call = queries.call_of(country, clock.now())
    if call is None:
        raise NotThere
    g.zone, g.where = call.cohort.zone, call.cohort.country_name.text()
    own = queries.own_in(call.id, me())
    if own is not None:
        return redirect(url_for("online_call.follow", application_id=own.id), 303)
    reason = rules.why_not_write(call.window, at=clock.now())
    prepare = [Words(each) for each in call.prepare]
    return page("online_call/begin.html", call=call, prepare=prepare, reason=reason, sections=questions.form_of(call.form))


@pages.post("/<country>/apply")
@needs("online_call:apply")
def begin(country: str) -> Any:  # noqa: ANN401
    """Begin a draft."""
    call = queries.call_of(country, clock.now())
    if call is None:
        raise NotThere
    first = questions.form_of(call.form)[0]
    application_id = actions.begin(call.id, by=me())
    return redirect(url_for("online_call.write", application_id=application_id, section=first.code), 303)


@pages.route("/applications/<int:application_id>/write/<section>", methods=["GET", "POST"])
@needs("online_call:apply", own=queries.own_application)
def write(application: Application, section: str) -> Any:  # noqa: ANN401
    """Write a section of a draft; saving keeps what is right even when something else is wrong."""
    if application.state != State.DRAFT:
        return redirect(url_for("online_call.follow", application_id=application.id), 303)
    g.where = application.call.cohort.country_name.text()
    here, attached = both.page_of(application, section), queries.attachments(application.id)
    if not here.questions:
        return redirect(url_for("online_call.follow", application_id=application.id), 303)
    form = forms.section_form(here, application.id, application.answers, attached)
    form.accepted()
    if request.method == "POST" and "_language" not in request.form:
        answer = _save(application, here, form)
        if answer is not None:
            return answer
    shown = following.drafted(application, attached, here.code)
    told: dict[str, Any] = {"by_link": {each.question: each for each in showing.of(application, attached, clock.now())}}
    told["answered"] = next((each.text for each in shown.progress if each.code == here.code), "")
    told["depends"] = unasked.dependent(questions.form_of(application.call.form), here, application.answers)
    return page("online_call/section.html", form=form, application=application, section=here, draft=shown, **told)


def _save(application: Application, here: Section, form: SectionForm) -> Any:  # noqa: ANN401
    """Keep what was sent, and lead on; None when the form is to be shown again."""
    before, seen, saved = dict(application.answers), request.form.get("_version", ""), list[Saved]()
    form.perform(lambda: saved.append(_keep(application.id, form, seen)))
    if saved and seen:
        form.version = versions.after(seen, saved[0].answers)
    if form.is_refused:
        return None
    then = request.form.get("_then", "")
    if saved[0].overtaken:
        return both.ask(application, here, saved[0], then)
    brought = unasked.newly_asked(questions.form_of(application.call.form), here, before, application.answers)
    if brought and not then:
        return redirect(url_for("online_call.write", application_id=application.id, section=here.code, _anchor=f"f-{brought}"), 303)
    return redirect(following.after(application, here, then), 303)


def _keep(application_id: int, form: Form, seen: str) -> Saved:
    answers = {name: value for name, value in form.values.items() if not isinstance(form[name], Upload)}
    saved = saving.save(application_id, answers, seen=seen, by=me())
    for name, value in form.values.items():
        if isinstance(value, FileStorage):
            actions.attach(application_id, name, value.stream, value.filename or name, by=me())
    return saved


@pages.get("/applications/<int:application_id>/files/<question>")
@needs("online_call:apply", own=queries.own_application)
def own_file(application: Application, question: str) -> Any:  # noqa: ANN401
    """Give back one's own file."""
    attachment = queries.attachments(application.id).get(question)
    if attachment is None:
        raise NotThere
    kept, content = files.fetch(attachment.file_id)
    return files.download(content, attachment.name, kept.kind)


@pages.post("/applications/<int:application_id>/files/<question>/remove")
@needs("online_call:apply", own=queries.own_application)
def remove_file(application: Application, question: str) -> Any:  # noqa: ANN401
    """Take a file out of a draft."""
    application_id, form = application.id, questions.form_of(application.call.form)
    section = next((each.code for each in form if any(one.code == question for one in each.questions)), None)
    if section is None:
        raise NotThere
    actions.detach(application_id, question, by=me())
    return done(Message("The file was removed."), to=url_for("online_call.write", application_id=application_id, section=section))


@pages.route("/applications/<int:application_id>/check", methods=["GET", "POST"])
@needs("online_call:apply", own=queries.own_application)
def check(application: Application) -> Any:  # noqa: ANN401
    """Look over a draft and submit it."""
    application_id, form = application.id, Form()
    if application.state != State.DRAFT:
        return redirect(url_for("online_call.follow", application_id=application_id), 303)
    if form.accepted() and form.perform(lambda: actions.submit(application_id, by=me())):
        return done(Message("Your application has arrived."), to=url_for("online_call.follow", application_id=application_id))
    g.where = application.call.cohort.country_name.text()
    attached = queries.attachments(application_id)
    shown = following.drafted(application, attached, "")
    return page("online_call/check.html", form=form, application=application, draft=shown, **_copy(application, attached))


@pages.get("/applications/<int:application_id>")
@needs("online_call:apply", own=queries.own_application)
def follow(application: Application) -> Any:  # noqa: ANN401
    """Show where an application stands: receipt, decision, points, place."""
    g.where = application.call.cohort.country_name.text()
    attached = queries.attachments(application.id)
    told: dict[str, Any]
    if application.state == State.DRAFT:
        shown = following.drafted(application, attached, "")
        told = {"remind": reminding.form_of(application), "why_no_reminder": reminding.why_not(application)}
        told["changed_since"] = announced.since(application)
        return page("online_call/draft.html", application=application, draft=shown, **told, **_copy(application, attached))
    told = {"seen": following.followed(application), "looks": looks(application.id), "keeping": keeping(application)}
    told |= {"mended": mended.mending(application, attached), "came": importing.came(application.id), **appealing.of(application)}
    told |= {"consents": consents.given(application), "changed_since": announced.since(application)}
    return page("online_call/follow.html", application=application, attached=attached, **told, **_copy(application, attached))


def _copy(application: Application, attached: Mapping[str, Attachment]) -> dict[str, Any]:
    """Lay out the answers, and where the employer's authorisation stands, for their owner."""
    now = clock.now()
    by_link = authorising.stand_for_files(application, now)
    copied = queries.copy_of(application.call.form, application.answers, attached, by_link=by_link)
    return {"copied": copied, "authorisations": showing.of(application, attached, now), "asks": True}


@pages.post("/applications/<int:application_id>/discard")
@needs("online_call:apply", own=queries.own_application)
def discard(application: Application) -> Any:  # noqa: ANN401
    """Delete a draft."""
    country = application.call.cohort.country.lower()
    actions.discard(application.id, by=me())
    return done(Message("Your draft was deleted."), to=url_for("online_call.call", country=country))


@pages.post("/applications/<int:application_id>/withdraw")
@needs("online_call:apply", own=queries.own_application)
def withdraw(application: Application) -> Any:  # noqa: ANN401
    """Withdraw a submitted application, in whatever state it is."""
    application_id = application.id
    leaving.withdraw(application_id, by=me())
    return done(Message("Your application is withdrawn."), to=url_for("online_call.follow", application_id=application_id))
