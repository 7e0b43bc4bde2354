"""One's own account, and for coordinators and administrators the people of their cohorts."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.wrappers import Response

from inspire_lms.kernel import audit, i18n
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.access.queries import cohort_ids_where, may, system_context
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import Invalid, Message, NotThere, Reason
from inspire_lms.kernel.people import actions, erasing, queries
from inspire_lms.kernel.people.names import LONGEST_NAME
from inspire_lms.kernel.programmes import directory
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.web.admin_pages import ROLE_NAMES
from inspire_lms.kernel.web.forms import Choice, Email, Form, Text, asked_number, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done, own_names
from inspire_lms.kernel.web.tables import Cell, Column, Table, paged

pages = Blueprint("people", __name__)
SITE = "site"
"""The choice of the whole site among the cohorts of a form."""
THE_SITE = Message("The whole site")
BY_COORDINATORS = ("trainer", "evaluator")
"""Roles that a coordinator gives and takes in the own cohort."""
TITLES = {**ROLE_NAMES, "withdrawn": Message("Has withdrawn"), "finished": Message("Has finished the course")}


class InviteForm(Form):
    """Who gets which role, and where."""

    email = Email(
        Message("E-mail address"),
        hint=Message("Who has an account keeps name and password, and gets the role in addition."),
        autocomplete="off",
    )
    given_name = Text(Message("Given name"), most=LONGEST_NAME, autocomplete="off")
    family_name = Text(Message("Family name"), most=LONGEST_NAME, autocomplete="off")
    language = Choice(Message("Language of the invitation"), as_select=True)
    role = Choice(Message("Role"))
    place = Choice(Message("Where"), as_select=True)


class MergeForm(Form):
    """Which account stays."""

    email = Email(Message("E-mail address of the account that stays"), autocomplete="off")


@pages.get("/people")
@needs("people:see")
def people() -> ResponseReturnValue:
    """List the people of the reader's cohorts, all for an administrator."""
    wanted = request.args.get("q", "").strip()[:100]
    found = paged(queries.directory(wanted, among=directory.in_reach(me(), "people:see")))
    held = directory.held_by([row.id for row in found.rows], me())
    rows = [
        {
            "name": Cell(f"{row.given_name} {row.family_name}", href=url_for("people.person", person_id=row.id), note=row.email),
            "roles": _in_one_line(held.get(row.id, [])),
            "work": row.organisation or "",
            "account": Cell(Message("Ready"), status="ok") if row.verified_at else Cell(Message("Not confirmed yet"), status="wait"),
        }
        for row in found.rows
    ]
    columns = (
        Column("name", Message("Name")),
        Column("roles", Message("Roles")),
        Column("work", Message("Employer")),
        Column("account", Message("Account")),
    )
    empty = Message("Nobody fits what you are looking for.") if wanted else Message("There is nobody here yet.")
    cohorts = programmes.cohorts_with(cohort_ids_where(me(), "programmes:see"))
    return page("people/people.html", table=Table(columns, rows, empty=empty), paged=found, wanted=wanted, cohorts=cohorts)


def visible(person_id: int) -> directory.Seen | None:
    """Give a person whom the reader may see."""
    return directory.seen(person_id, me())


@pages.get("/people/<int:person_id>")
@needs("people:see", of=visible)
def person(seen: directory.Seen) -> ResponseReturnValue:
    """Show a person; the person can see who looked."""
    number = seen.person.id
    if number != me():
        with transaction():
            audit.record("people.looked", ("people_person", number), by=me())
    roles = [
        {
            "title": TITLES[held.role],
            "place": held.place or THE_SITE,
            "held": held,
            "changes": held.context_id is not None and _may_change(held.role, held.context_id),
        }
        for held in directory.held_by([number], me()).get(number, [])
    ]
    return page(
        "people/person.html",
        person=seen.person,
        work=queries.work_of(number),
        roles=roles,
        language_name=own_names().get(seen.person.language, ""),
    )


@pages.post("/people/<int:person_id>/revoke")
@needs("people:see", of=visible)
def revoke(seen: directory.Seen) -> Response:
    """Take a role away from a person."""
    role, context_id = request.form.get("role", ""), asked_number(request.form, "context_id")
    if not _may_change(role, context_id):
        raise NotThere
    access.revoke(seen.person.id, role, context_id, by=me())
    return done(Message("The role is taken back."), to=url_for("people.people"))


@pages.route("/people/invite", methods=["GET", "POST"])
@needs("people:invite")
def invite() -> ResponseReturnValue:
    """Give a role to somebody by mail."""
    places = _places()
    given = (*BY_COORDINATORS, "coordinator", "administrator") if SITE in places else BY_COORDINATORS
    options: dict[str, Mapping[str, Any]] = {
        "language": own_names(),
        "role": {name: ROLE_NAMES[name] for name in given},
        "place": {code: name for code, (_context, name) in places.items()},
    }
    initial = {"email": request.args.get("email"), "language": i18n.current(), "role": given[0], "place": next(iter(places), None)}
    form = InviteForm(initial=initial, options=options)
    if form.accepted() and form.perform(lambda: _invite(places, **form.values)):
        return done(Message("The invitation to {email} is on its way.", email=form.values["email"]), to=url_for("people.people"))
    return page("people/invite.html", form=form)


@pages.route("/people/<int:person_id>/merge", methods=["GET", "POST"])
@needs("people:manage", of=visible)
def merge(seen: directory.Seen) -> ResponseReturnValue:
    """Let an account go into another one of the same person."""
    leaving, name, form = seen.person.id, seen.person.name, MergeForm()
    if form.accepted() and form.perform(lambda: _merge(leaving, form.values["email"])):
        return done(Message("The two accounts are one."), to=url_for("people.people"))
    return page("people/merge.html", form=form, name=name, person_id=leaving)


def _merge(leaving: int, email: str) -> None:
    staying = queries.by_email(email)
    if staying is None:
        raise Invalid({"email": Reason("There is no account with this address.")})
    erasing.merge(leaving, staying.id, by=me(), why_not=_why_not_merge)


def _why_not_merge(person_id: int) -> Reason | None:
    if directory.is_bound(person_id):
        return Reason("This account has a place in a course or a role, and so has to stay. Merge the other one into it.")
    return None


def _invite(places: Mapping[str, tuple[int, Words | Message]], *, role: str, place: str, **who: str) -> None:
    if (role == "administrator") != (place == SITE):
        raise Invalid({"place": Reason("An administrator has the whole site, every other role belongs to one cohort.")})
    context_id, name = places[place]
    actions.invite(**who, role=role, title=ROLE_NAMES[role], context_id=context_id, place=name, by=me())


def _places() -> dict[str, tuple[int, Words | Message]]:
    """List where the reader may give roles: the code in the form, the context, the name."""
    own = (
        select(Cohort.id, Cohort.context_id, Cohort.country_name)
        .where(Cohort.id.in_(cohort_ids_where(me(), "people:invite")))
        .order_by(Cohort.id)
    )
    found: dict[str, tuple[int, Words | Message]] = {str(row.id): (row.context_id, row.country_name) for row in session.execute(own)}
    top = system_context()
    if top is not None and may(me(), "people:manage", top):
        found[SITE] = (top, THE_SITE)
    return found


def _may_change(role: str, context_id: int) -> bool:
    """Say whether the reader may take this role away there. A trainee's role goes with the place, not here."""
    if role not in ROLE_NAMES or role in {"person", "trainee"}:
        return False
    return may(me(), "people:manage", context_id) or (role in BY_COORDINATORS and may(me(), "people:invite", context_id))


def _in_one_line(held: list[directory.Held]) -> Message | str:
    """Join what a person is for a table."""
    line: Message | str = ""
    for each in held:
        one = Message("{role} ({place})", role=TITLES[each.role], place=each.place or THE_SITE)
        line = Message("{before}, {one}", before=line, one=one) if line else one
    return line
