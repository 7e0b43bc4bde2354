"""The coordinator's pages: the plan of a cohort and one webinar in it."""

from typing import Any
from zoneinfo import ZoneInfo

from flask import g, redirect, request, url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Message, NotThere, counted
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.web.forms import Form, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.webinar import queries
from inspire_lms.plugins.webinar.blueprint import pages
from inspire_lms.plugins.webinar.models import Webinar
from inspire_lms.plugins.webinar.plan import actions
from inspire_lms.plugins.webinar.plan import queries as plans
from inspire_lms.plugins.webinar.plan.clashes import Question, among
from inspire_lms.plugins.webinar.plan.forms import CancelForm, webinar_form
from inspire_lms.plugins.webinar.rules import State


@pages.get("/plan/<int:cohort_id>")
@needs("webinar:plan", of=plans.cohort)
def plan(cohort: Cohort) -> Any:  # noqa: ANN401 (what a view returns)
    """Show the plan of a cohort, what speaks against its dates, and what can be done next."""
    g.zone = cohort.zone
    webinars = queries.of_cohort(cohort.id)
    kept = queries.plan(cohort.id)
    return page(
        "webinar/plan.html",
        cohort=cohort,
        webinars=webinars,
        warnings=plans.warnings(cohort.id, cohort.country),
        leaders=queries.names_of_leaders(each.id for each in webinars),
        without_link=plans.without_link(cohort.id),
        preview=plans.preview(kept, cohort) if kept and not webinars else (),
        waiting=[each for each in webinars if each.state == State.PLANNED],
        now=clock.now(),
    )


@pages.post("/plan/<int:cohort_id>/from-pattern")
@needs("webinar:plan", of=plans.cohort)
def plan_from_pattern(cohort: Cohort) -> Any:  # noqa: ANN401
    """Plan all webinars from the pattern of the edition."""
    made = actions.plan_from_pattern(cohort.id, by=me())
    return done(counted("{n} webinar is in the plan.", "{n} webinars are in the plan.", n=len(made)), to=_to_plan(cohort.id))


@pages.post("/plan/<int:cohort_id>/publish")
@needs("webinar:plan", of=plans.cohort)
def publish_plan(cohort: Cohort) -> Any:  # noqa: ANN401
    """Announce all webinars that are only planned."""
    return _publish(cohort, [each.id for each in queries.of_cohort(cohort.id) if each.state == State.PLANNED])


def _publish(cohort: Cohort | None, webinar_ids: list[int]) -> Any:  # noqa: ANN401
    """Announce webinars; where something speaks against a time, ask first. Whoever only chooses a language is asked again."""
    if cohort is None:
        raise NotThere
    cohort_id = cohort.id
    form, question = Form.built({}), Question(request.form.get("agreed", ""))
    if not form.accepted():
        question.why_not(among(cohort, webinar_ids))
    elif form.perform(lambda: actions.publish(webinar_ids, by=me(), why_not=question.why_not)):
        told = counted(
            "{n} webinar is announced; the invitation is on its way.",
            "{n} webinars are announced; the invitations are on their way.",
            n=len(webinar_ids),
        )
        return done(told, to=_to_plan(cohort_id))
    return page("webinar/question.html", form=form, question=question, cohort=cohort)


@pages.route("/plan/<int:cohort_id>/new", methods=["GET", "POST"])
@needs("webinar:plan", of=plans.cohort)
def new_webinar(cohort: Cohort) -> Any:  # noqa: ANN401
    """Plan one more webinar."""
    taken = [each.number for each in queries.of_cohort(cohort.id)]
    form = webinar_form(
        cohort.zone,
        plans.trainers(cohort.context_id),
        {"number": max(taken, default=0) + 1, "minutes": 120},
        is_new=True,
        is_published=False,
    )
    cohort_id, zone = cohort.id, cohort.zone
    if form.accepted() and form.perform(
        lambda: actions.create(cohort_id, number=form.values["number"], title=form.values["title"] or "", by=me(), **_typed(form, zone))
    ):
        return done(Message("The webinar is in the plan."), to=_to_plan(cohort_id))
    return page("webinar/edit.html", form=form, cohort=cohort, held=None)


@pages.route("/<int:webinar_id>/edit", methods=["GET", "POST"])
@needs("webinar:plan", of=queries.webinar)
def edit_webinar(held: Webinar) -> Any:  # noqa: ANN401
    """Move a webinar, give it to other trainers, set where it meets; where something speaks against a new time, ask first."""
    cohort = plans.cohort(held.cohort_id)
    led = queries.leaders([held.id]).get(held.id, ())
    initial = {
        "starts": held.starts_at,
        "minutes": held.minutes,
        "leaders": [str(each) for each in led],
        "link": held.link,
        "host_link": held.host_link,
    }
    people = plans.trainers(cohort.context_id) if cohort else {}
    form = webinar_form(held.zone, people, initial, is_new=False, is_published=held.state == State.PUBLISHED)
    webinar_id, cohort_id, zone = held.id, held.cohort_id, held.zone
    question = Question(request.form.get("agreed", ""))
    if form.accepted() and form.perform(
        lambda: actions.change(
            webinar_id, reason=form.values.get("reason") or "", by=me(), why_not=question.why_not, **_typed(form, zone)
        )
    ):
        return done(Message("The change is stored."), to=_to_plan(cohort_id))
    return page("webinar/edit.html", form=form, cohort=cohort, held=held, question=question)


@pages.post("/<int:webinar_id>/publish")
@needs("webinar:plan", of=queries.webinar)
def publish_webinar(held: Webinar) -> Any:  # noqa: ANN401
    """Announce one webinar."""
    return _publish(plans.cohort(held.cohort_id), [held.id])


@pages.route("/<int:webinar_id>/cancel", methods=["GET", "POST"])
@needs("webinar:plan", of=queries.webinar)
def cancel_webinar(held: Webinar) -> Any:  # noqa: ANN401
    """Cancel a webinar that was announced."""
    form = CancelForm()
    webinar_id, cohort_id = held.id, held.cohort_id
    if form.accepted() and form.perform(lambda: actions.cancel(webinar_id, reason=form.values["reason"], by=me())):
        return done(Message("The webinar is cancelled, and everybody is told."), to=_to_plan(cohort_id))
    return page("webinar/cancel.html", form=form, held=held)


@pages.post("/<int:webinar_id>/remove")
@needs("webinar:plan", of=queries.webinar)
def remove_webinar(held: Webinar) -> Any:  # noqa: ANN401
    """Take out of the plan what nobody was told of."""
    cohort_id = held.cohort_id
    actions.remove(held.id, by=me())
    return redirect(_to_plan(cohort_id), 303)


def _typed(form: Form, zone: str) -> dict[str, Any]:
    """Give what was typed as the actions want it: the start on the wall clock."""
    return {
        "local": form.values["starts"].astimezone(ZoneInfo(zone)).replace(tzinfo=None),
        "minutes": form.values["minutes"],
        "leaders": [int(each) for each in form.values.get("leaders") or ()],
        "link": form.values["link"] or "",
        "host_link": form.values["host_link"] or "",
    }


def _to_plan(cohort_id: int) -> str:
    return url_for("webinar.plan", cohort_id=cohort_id)
