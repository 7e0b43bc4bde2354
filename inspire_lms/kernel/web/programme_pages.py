"""The course for everybody, members for those who look after a cohort, editions for administrators."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from inspire_lms.contracts.site import PluginSwitched
from inspire_lms.kernel import audit, bus
from inspire_lms.kernel.curriculum import queries as curriculum
from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.files import MB, TOML
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.plugin import is_on, plugins, registry, switch
from inspire_lms.kernel.programmes import actions, loading, queries
from inspire_lms.kernel.programmes.models import Cohort, Edition
from inspire_lms.kernel.programmes.rules import State
from inspire_lms.kernel.programmes.sample.material import SAMPLE
from inspire_lms.kernel.programmes.toml.mistakes import Problem
from inspire_lms.kernel.web.forms import Form, Tick, Upload, page
from inspire_lms.kernel.web.guard import allowed, me, needs, public
from inspire_lms.kernel.web.site import done
from inspire_lms.kernel.web.tables import Cell, Column, Table

pages = Blueprint("programmes", __name__)
_NONE: tuple[Problem, ...] = ()
STATES = {
    State.ENROLLED: ("ok", Message("Takes part")),
    State.FINISHED: ("ok", Message("Has finished")),
    State.WITHDRAWN: ("wait", Message("Has withdrawn")),
}


class LoadForm(Form):
    """A file with an edition."""

    file = Upload(Message("Edition file"), hint=Message("A TOML file in UTF-8."), allow=(TOML,), most_bytes=MB)
    only_check = Tick(Message("Only look for mistakes, load nothing"))


@pages.get("/course")
@public
def course() -> Any:  # noqa: ANN401 (what a view returns)
    """Show the newest edition to everybody: what is learnt, in how many hours, where and when."""
    found = queries.editions()
    return _course(found[0]) if found else page("programmes/no_course.html")


@pages.get("/course/<code>")
@public
def course_of(code: str) -> Any:  # noqa: ANN401
    """Show one edition to everybody."""
    edition = queries.edition_with(code)
    if edition is None:
        raise NotThere
    return _course(edition)


def _course(edition: Edition) -> Any:  # noqa: ANN401
    return page(
        "programmes/course.html",
        edition=edition,
        cohorts=queries.cohorts(edition.id),
        units=curriculum.units(edition.framework_id),
        competences=curriculum.competences(edition.framework_id),
        levels=curriculum.levels(edition.framework_id),
        work=curriculum.workload(edition.framework_id),
    )


@pages.get("/cohort/<int:cohort_id>/members")
@needs("programmes:see", of=queries.cohort)
def members(cohort: Cohort) -> Any:  # noqa: ANN401
    """Show who takes part in a cohort, as a page or as a file."""
    g.zone = cohort.zone
    table = _members(cohort)
    kind = request.args.get("as")
    if kind in {"csv", "xlsx"}:
        with transaction():
            audit.record("programmes.members-exported", ("programmes_cohort", cohort.id), by=me(), cohort_id=cohort.id)
        return _file(table, kind, queries.cohort(cohort.id))
    return page("programmes/members.html", cohort=cohort, table=table, withdrawn=len(queries.withdrawals(cohort.id)))


def _file(table: Table, kind: str, cohort: Cohort | None) -> Response:
    name = f"members-{cohort.country if cohort else ''}"
    return table.csv(name) if kind == "csv" else table.xlsx(name)


def _members(cohort: Cohort) -> Table:
    found = queries.members(cohort.id)
    works = people.works_of(one.person_id for one in found)
    rows = [
        {
            "name": Cell(one.name, href=url_for("programmes.member", cohort_id=cohort.id, person_id=one.person_id)),
            "administration": works[one.person_id].organisation if one.person_id in works else "",
            "position": works[one.person_id].position if one.person_id in works else "",
            "email": one.email,
        }
        for one in found
    ]
    columns = (
        Column("name", Message("Name")),
        Column("administration", Message("Employer")),
        Column("position", Message("Position at work")),
        Column("email", Message("E-mail address")),
    )
    return Table(columns, rows, empty=Message("Nobody takes part yet. Trainees appear here when they accept an offered place."))


@pages.get("/cohort/<int:cohort_id>/members/<int:person_id>")
@needs("programmes:see", of=queries.cohort)
def member(cohort: Cohort, person_id: int) -> Any:  # noqa: ANN401
    """Show one person's taking part; the person can see who looked."""
    if queries.participation(cohort.id, person_id) is not None and person_id != me():
        with transaction():
            audit.record("programmes.looked", ("people_person", person_id), by=me(), cohort_id=cohort.id)
    g.zone = cohort.zone
    found, person = queries.participation(cohort.id, person_id), people.person(person_id)
    if found is None or person is None:
        raise NotThere
    kind, word = STATES[State(found.state)]
    return page(
        "programmes/member.html",
        cohort=cohort,
        person=person,
        taking_part=found,
        work=people.work_of(person_id),
        status=(kind, word),
        may_withdraw=found.state == State.ENROLLED and allowed("programmes:coordinate", cohort.context_id),
    )


@pages.post("/cohort/<int:cohort_id>/members/<int:person_id>/withdraw")
@needs("programmes:coordinate", of=queries.cohort)
def withdraw(cohort: Cohort, person_id: int) -> Any:  # noqa: ANN401
    """Record that a person gives up the place."""
    to = url_for("programmes.members", cohort_id=cohort.id)
    if queries.participation(cohort.id, person_id) is None:
        raise NotThere
    actions.withdraw(cohort.id, person_id, by=me())
    return done(Message("The withdrawal is recorded. The place is free again."), to=to)


@pages.get("/editions")
@needs("programmes:load")
def editions() -> Any:  # noqa: ANN401
    """List all editions."""
    rows = [
        {
            "title": Cell(one.title, href=url_for("programmes.edition", edition_id=one.id), note=one.code),
            "programme": one.programme.title,
            "starts": one.starts_on,
            "ends": one.ends_on,
            "loaded": one.loaded_at,
        }
        for one in queries.editions()
    ]
    columns = (
        Column("title", Message("Edition of the course")),
        Column("programme", Message("Programme")),
        Column("starts", Message("Starts")),
        Column("ends", Message("Ends")),
        Column("loaded", Message("Loaded")),
    )
    return page("programmes/editions.html", table=Table(columns, rows, empty=Message("No edition is loaded yet.")), count=len(rows))


@pages.get("/editions/<int:edition_id>")
@needs("programmes:load")
def edition(edition_id: int) -> Any:  # noqa: ANN401
    """Show an edition with its cohorts and the switches of its plugins."""
    found = queries.edition(edition_id)
    if found is None:
        raise NotThere
    return page(
        "programmes/edition.html",
        edition=found,
        cohorts=queries.cohorts(edition_id),
        counts=queries.counts(edition_id),
        loaded_by=people.person(found.loaded_by) if found.loaded_by else None,
        warnings=loading.warnings(edition_id),
        switches=[(one, is_on(one.name), is_on(one.name, edition_id)) for one in plugins()],
    )


@pages.post("/editions/<int:edition_id>/switch/<name>")
@needs("kernel:administer")
def switch_plugin(edition_id: int, name: str) -> Any:  # noqa: ANN401
    """Switch a plugin on or off for one edition."""
    if queries.edition(edition_id) is None or name not in registry().plugins:
        raise NotThere
    on = request.form.get("on") == "yes"
    with transaction():
        switch(name, on=on, edition_id=edition_id)
        bus.announce(PluginSwitched(plugin=name, edition_id=edition_id))
        audit.record("kernel.switched", ("programmes_edition", edition_id), by=me(), after={"plugin": name, "on": on})
    said = (
        Message("The plugin is switched on for this edition.")
        if on
        else Message("The plugin is switched off for this edition. Its data are kept.")
    )
    return done(said, to=url_for("programmes.edition", edition_id=edition_id))


@pages.route("/editions/load", methods=["GET", "POST"])
@needs("programmes:load")
def load() -> Any:  # noqa: ANN401
    """Load an edition from a file, or say every mistake in it."""
    form, problems, loaded, does = LoadForm(), _NONE, list[int](), list[str]()
    if form.accepted():
        raw = form.values["file"].read()
        problems = loading.mistakes_in(raw)
        if problems:
            form.status = 422
        elif form.values["only_check"]:
            if form.perform(lambda: does.extend(loading.effects(loading.as_text(raw)))) and not does:
                return done(Message("The file has no mistakes. Nothing was loaded."), to=url_for("programmes.load"))
        elif form.perform(lambda: loaded.append(loading.load(loading.as_text(raw), by=me()).id)):
            if loading.warnings(loaded[0]):
                odd = Message("The edition is loaded. Please look at what stands below.")
                return done(odd, to=url_for("programmes.edition", edition_id=loaded[0]))
            return done(Message("The edition is loaded."), to=url_for("programmes.editions"))
    return page("programmes/load.html", form=form, problems=_mistakes(problems), count=len(problems), does=does)


def _mistakes(problems: tuple[Problem, ...]) -> Table:
    columns = (Column("line", Message("Line")), Column("path", Message("Where")), Column("reason", Message("What is wrong")))
    rows = [{"line": one.line, "path": one.path, "reason": one.reason} for one in problems]
    return Table(columns, rows)


@pages.get("/editions/sample.toml")
@needs("programmes:load")
def sample() -> Any:  # noqa: ANN401
    """Give the sample pilot, as a pattern for an own edition."""
    named = {"Content-Disposition": 'attachment; filename="pilot.toml"'}
    return Response((SAMPLE / "pilot.toml").read_bytes(), mimetype="application/toml", headers=named)
