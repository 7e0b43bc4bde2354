"""The addresses of a draft: saved as one types, both answers of two devices, the preview, the reminder, a consent taken back."""

from typing import Any

from flask import g, redirect, request, url_for

from inspire_lms.kernel import i18n
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.online_call.applying import following, forms, queries
from inspire_lms.plugins.online_call.applying.forms import SectionForm
from inspire_lms.plugins.online_call.drafting import both, consents, previewing, reminding, saving, versions
from inspire_lms.plugins.online_call.drafting.progress import progress
from inspire_lms.plugins.online_call.drafting.saving import Saved
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.questions import Kind, form_of
from inspire_lms.plugins.online_call.seeing.veil import widest
from inspire_lms.plugins.online_call.views import pages


@pages.post("/applications/<int:application_id>/save/<section>")
@needs("online_call:apply", own=queries.own_application)
def autosave(application: Application, section: str) -> Any:  # noqa: ANN401 (what a view returns)
    """Save what has just been typed; answers in JSON. What another device has overtaken is held back."""
    here, seen = both.page_of(application, section), request.form.get("_version", "")
    changed = set(request.form.getlist("_changed")) or set(request.form)
    form = forms.some_of(each for each in here.questions if each.kind is not Kind.FILE and changed & forms.names_of(each))
    form.accepted()
    application_id, saved = application.id, list[Saved]()
    # Read beforehand: after the commit everything would be loaded once more.
    asked, before, files = form_of(application.call.form), application.answers, following.files_of(application, here)
    form.perform(lambda: saved.append(saving.save(application_id, form.values, seen=seen, by=me())))
    told = _told(form, saved, seen)
    if saved:
        far = progress(asked, {**before, **saved[0].answers}, files)
        told["progress"] = next((i18n.show(each.text) for each in far if each.code == section), "")
    if saved and saved[0].overtaken:
        told |= {"elsewhere": True, "message": _("Changed on another device in the meantime. Press “Save and continue” to see both.")}
        return told, both.CONFLICT
    return told, form.status


def _told(form: SectionForm, saved: list[Saved], seen: str) -> dict[str, Any]:
    told: dict[str, Any] = {"errors": {name: i18n.show(reason) for name, _label, reason in form.errors}}
    if saved:
        at = i18n.when(saved[0].at, style="seconds").rpartition(" ")[2]
        told |= {"saved_at": saved[0].at.isoformat(), "at": at, "version": versions.after(seen, saved[0].answers)}
    if form.errors:
        told["message"] = i18n.show(form.errors[0][2])
    return told


@pages.post("/applications/<int:application_id>/both/<section>")
@needs("online_call:apply", own=queries.own_application)
def choose(application: Application, section: str) -> Any:  # noqa: ANN401
    """Keep the chosen one of two answers; when a third has come meanwhile both are shown once more."""
    here, then = both.page_of(application, section), request.form.get("_then", "")
    g.where = application.call.cohort.country_name.text()
    asked, application_id = both.named(here), application.id
    form, saved = both.choice_form(asked), list[Saved]()
    if form.accepted():
        mine = both.written(asked)
        chosen = {code: value for code, value in mine.items() if form.values[f"keep-{code}"] == both.MINE}
        seen = request.form.get("_version", "")
        if form.perform(lambda: saved.append(saving.save(application_id, chosen, seen=seen, by=me()))):
            if saved[0].overtaken:
                return both.ask(application, here, saved[0], then)
            return redirect(following.after(application, here, then), 303)
    return both.show(application, here, form, application.answers, then=then), form.status


@pages.get("/applications/<int:application_id>/preview")
@needs("online_call:apply", own=queries.own_application)
def preview(application: Application) -> Any:  # noqa: ANN401
    """Show an application to its owner as the committee sees it."""
    g.where = application.call.cohort.country_name.text()
    attached, covered = queries.attachments(application.id), widest(application.call)
    told: dict[str, Any] = {"copied": covered.copy(application), "veil": covered}
    told["apart"] = previewing.for_the_coordinator(application, attached)
    return page("online_call/preview.html", application=application, draft=following.drafted(application, attached, ""), **told)


@pages.post("/applications/<int:application_id>/remind")
@needs("online_call:apply", own=queries.own_application)
def remind(application: Application) -> Any:  # noqa: ANN401
    """Take down whether the applicant wants to be reminded of the draft."""
    application_id, form = application.id, reminding.form_of(application)
    if form.accepted():
        wanted = form.values["wanted"]
        reminding.choose(application_id, wanted=wanted, by=me())
        text = Message("You will be reminded by mail.") if wanted else Message("You will not be reminded by mail.")
        return done(text, to=url_for("online_call.follow", application_id=application_id))
    return redirect(url_for("online_call.follow", application_id=application_id), 303)


@pages.post("/applications/<int:application_id>/consents/<question>/take-back")
@needs("online_call:apply", own=queries.own_application)
def take_back_consent(application: Application, question: str) -> Any:  # noqa: ANN401
    """Take back a consent."""
    application_id = application.id
    consents.take_back(application_id, question, by=me())
    told = Message("Your consent is taken back.")
    return done(told, to=url_for("online_call.follow", application_id=application_id))
