"""For administrators: plugins, roles, settings, work that failed, and who did what. Mails stand in web/mails."""

from typing import Any

from flask import Blueprint, request, url_for
from sqlalchemy import select

from inspire_lms.contracts.site import PluginSwitched
from inspire_lms.kernel import audit, bus, jobs, plugin
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.access import queries as grants
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.programmes.models import Edition
from inspire_lms.kernel.web.forms import Field, Form, Text, Tick, Whole, asked_number, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.kernel.web.tables import Cell, Column, Table

pages = Blueprint("admin", __name__, url_prefix="/admin")
ROLE_NAMES = {
    "person": Message("Everybody signed in"),
    "trainee": Message("Trainee"),
    "trainer": Message("Trainer"),
    "evaluator": Message("Evaluator"),
    "coordinator": Message("Coordinator"),
    "administrator": Message("Administrator"),
}
MOST = 1_000_000


@pages.get("")
@needs("kernel:administer")
def overview() -> Any:  # noqa: ANN401 (what a view returns)
    """Show the plugins and whether anything waits for a person."""
    failed = jobs.failed()
    return page("admin/overview.html", plugins=plugin.plugins(), off=plugin.switched_off(), failed=len(failed))


@pages.get("/plugin/<name>")
@needs("kernel:administer")
def one_plugin(name: str) -> Any:  # noqa: ANN401
    """Show what a plugin brings, and its switches."""
    found = _plugin(name)
    editions = session.execute(select(Edition.id, Edition.title).order_by(Edition.id)).all()
    return page("admin/plugin.html", plugin=found, off=plugin.switched_off(), editions=editions, roles=ROLE_NAMES, form=_settings(found))


@pages.post("/plugin/<name>/switch")
@needs("kernel:administer")
def switch(name: str) -> Any:  # noqa: ANN401
    """Switch a plugin on or off, for the site or for one edition."""
    found, edition, on = _plugin(name), asked_number(request.form, "edition"), request.form.get("on") == "yes"
    if edition and session.get(Edition, edition) is None:
        raise NotThere
    with transaction():
        plugin.switch(found.name, on=on, edition_id=edition or None)
        bus.announce(PluginSwitched(plugin=found.name, edition_id=edition or None))
        audit.record("kernel.switched", ("kernel_switch", edition), by=me(), after={"plugin": name, "on": on})
    said = Message("The plugin is switched on.") if on else Message("The plugin is switched off. Its data are kept.")
    return done(said, to=url_for("admin.one_plugin", name=name))


@pages.post("/plugin/<name>/settings")
@needs("kernel:administer")
def settings(name: str) -> Any:  # noqa: ANN401
    """Set what a plugin lets one set."""
    found = _plugin(name)
    form = _settings(found)
    if form.accepted() and form.perform(lambda: _choose(found, form.values)):
        return done(Message("The settings are saved."), to=url_for("admin.one_plugin", name=name))
    editions = session.execute(select(Edition.id, Edition.title).order_by(Edition.id)).all()
    return page("admin/plugin.html", plugin=found, off=plugin.switched_off(), editions=editions, roles=ROLE_NAMES, form=form)


def _plugin(name: str) -> plugin.Plugin:
    found = plugin.registry().plugins.get(name)
    if found is None:
        raise NotThere
    return found


def _settings(of: plugin.Plugin) -> Form:
    fields = {one.name: _field(one) for one in of.settings}
    return Form.built(
        fields, {one.name: plugin.setting(of.name, one.name) for one in of.settings}, action=url_for("admin.settings", name=of.name)
    )


def _field(of: plugin.Setting) -> Field:
    if isinstance(of.default, bool):
        return Tick(of.title)
    if isinstance(of.default, int):
        return Whole(of.title, least=0, most=MOST, hint=of.unit)
    return Text(of.title, optional=True, hint=of.unit)


def _choose(of: plugin.Plugin, values: dict[str, Any]) -> None:
    with transaction():
        for name, value in values.items():
            before = plugin.setting(of.name, name)
            if before != value:
                plugin.choose(of.name, name, "" if value is None else value)
                audit.record("kernel.set", ("kernel_setting", 0), by=me(), before={name: before}, after={name: value, "plugin": of.name})


@pages.route("/roles", methods=["GET", "POST"])
@needs("kernel:administer")
def roles() -> Any:  # noqa: ANN401
    """Show which role has which capability, and change it."""
    if request.method == "POST":
        role, capability, given = request.form.get("role", ""), request.form.get("capability", ""), request.form.get("given") == "yes"
        if role not in ROLE_NAMES:
            raise NotThere
        access.override(role, capability, is_given=given, by=me())
        return done(Message("The role is changed."), to=url_for("admin.roles"))
    known = sorted(plugin.registry().capabilities.values(), key=lambda one: one.name)
    return page("admin/roles.html", capabilities=known, roles=ROLE_NAMES, held=grants.roles())


@pages.get("/work")
@needs("kernel:administer")
def work() -> Any:  # noqa: ANN401
    """Show the work that failed."""
    return page("admin/work.html", failed=jobs.failed())


@pages.post("/work/<int:job_id>/again")
@needs("kernel:administer")
def again(job_id: int) -> Any:  # noqa: ANN401
    """Run failed work again."""
    if session.get(jobs.Job, job_id) is None:
        raise NotThere
    jobs.run_again(job_id)
    return done(Message("The work will be tried again at once."), to=url_for("admin.work"))


@pages.get("/audit")
@needs("kernel:administer")
def deeds() -> Any:  # noqa: ANN401
    """Show who did what, the latest first."""
    number, did = asked_number(request.args, "page", 1), request.args.get("did", "")
    lines = audit.recent(number, did=did)
    names = people.names({line.by_id for line in lines if line.by_id} | {line.about_id for line in lines if line.about_id})
    rows = [
        {
            "at": line.at,
            "did": Cell(line.did, note=f"{line.thing_kind} {line.thing_id}"),
            "by": names[line.by_id].name if line.by_id in names else Message("the system"),
            "about": names[line.about_id].name if line.about_id in names else "",
            "change": Cell(_change(line)),
        }
        for line in lines
    ]
    columns = (
        Column("did", Message("Deed")),
        Column("at", Message("When")),
        Column("by", Message("By")),
        Column("about", Message("Whom it concerns")),
        Column("change", Message("Change"), kind="long"),
    )
    return page("admin/audit.html", table=Table(columns, rows), number=number, more=len(lines) == audit.PAGE, did=did)


def _change(line: audit.Line) -> str:
    before = ", ".join(f"{key}: {value}" for key, value in (line.before or {}).items())
    after = ", ".join(f"{key}: {value}" for key, value in (line.after or {}).items())
    return f"{before} → {after}" if before else after
