"""Who may open which address. Every view names a capability or says public; the application does not start otherwise."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, abort, g, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from inspire_lms.kernel.access import queries
from inspire_lms.kernel.db import Base, session
from inspire_lms.kernel.errors import NotAllowed, NotThere
from inspire_lms.kernel.plugin import is_on, is_on_for_cohort, registry, remembered

if TYPE_CHECKING:
    from inspire_lms.kernel.people.models import Person

View = Callable[..., Any]
Loader = Callable[..., Any]


@dataclass(frozen=True)
class Access:
    """What a view says about who may open it."""

    capability: str | None
    """None for a public address."""
    token: bool = True
    """Whether a POST needs the form token."""


def public(view: View | None = None, *, token: bool = True) -> Any:  # noqa: ANN401 (a view, or what decorates one)
    """Say that anybody may open an address. A POST from outside, with no page of ours before it, has no token."""

    def wrap(open_view: View) -> View:
        @functools.wraps(open_view)
        def guarded(**where: Any) -> Any:  # noqa: ANN401
            _refuse_when_off()
            return open_view(**where)

        guarded.access = Access(None, token)  # type: ignore[attr-defined]
        return guarded

    return wrap(view) if view is not None else wrap


def needs(capability: str, *, of: Loader | None = None, own: Loader | None = None) -> Callable[[View], View]:
    """Open an address to those who have *capability*.

    With *of* the thing is loaded by the variable of the address that is called like the loader's first argument, the
    capability is checked where the thing is, and the view gets the thing instead of its number. With *own* the
    loader also gets the person and gives only what is that person's own; one's own thing, too, is open only while one has the
    capability where it is. None means that there is no such thing.

    A visitor is sent to sign in. A person without the capability gets NotAllowed; one who has it elsewhere only, NotThere:
    what happens in another country is not even hinted at.
    """

    def wrap(view: View) -> View:
        loader = of or own
        variable = next(iter(inspect.signature(loader).parameters)) if loader else ""

        @functools.wraps(view)
        def guarded(**where: Any) -> Any:  # noqa: ANN401
            _refuse_when_off()
            if not current_user.is_authenticated:
                return _to_sign_in()
            if not queries.may(me(), capability):
                raise NotAllowed
            if loader is None:
                enter_only_cohort(capability)
                return view(**where)
            key = where.pop(variable) if variable in where else where.pop(next(iter(where)))
            thing = loader(key) if of else loader(key, me())
            if thing is None or not allowed(capability, thing):
                raise NotThere
            _enter(thing)
            return view(thing, **where)

        guarded.access = Access(capability)  # type: ignore[attr-defined]
        return guarded

    return wrap


def _to_sign_in() -> Response:
    if request.method == "GET":
        return redirect(url_for("sign_in.sign_in", next=request.full_path.rstrip("?")), 303)
    return redirect(url_for("sign_in.sign_in"), 303)


def _refuse_when_off() -> None:
    name = request.blueprint or ""
    if name in registry().plugins and not is_on(name):
        raise NotThere


def _enter(thing: Any) -> None:  # noqa: ANN401 (anything that a loader loads)
    """Take the page's zone from the thing's cohort, and refuse when the plugin is off for its edition."""
    plugin = (request.blueprint or "") if (request.blueprint or "") in registry().plugins else ""
    edition_id, cohort_id = getattr(thing, "edition_id", None), getattr(thing, "cohort_id", None)
    if plugin and edition_id is not None and not is_on(plugin, edition_id):
        raise NotThere
    if plugin and cohort_id is not None and not is_on_for_cohort(plugin, cohort_id):
        raise NotThere
    g.zone = cohort_zones().get(cohort_id) if cohort_id is not None else getattr(thing, "zone", None)


def enter_only_cohort(capability: str) -> None:
    """Take the page's zone from the only cohort in which the reader has *capability*; leave it when there are several."""
    cohorts = queries.cohort_ids_where(me(), capability)
    if len(cohorts) == 1:
        g.zone = cohort_zones().get(cohorts[0])


def cohort_zones() -> dict[int, str]:
    """Give the zone of each cohort, by cohort."""
    cohort = Base.metadata.tables["programmes_cohort"]
    return remembered("zones_of_cohorts", lambda: {row.id: row.zone for row in session.execute(select(cohort.c.id, cohort.c.zone))})


def context_of(thing: Any) -> int | None:  # noqa: ANN401
    """Give the context in which a thing lies: its own, or its cohort's."""
    if isinstance(thing, int) or thing is None:
        return thing
    own: int | None = getattr(thing, "context_id", None)
    if own is None and getattr(thing, "cohort_id", None) is not None:
        return queries.cohort_contexts().get(thing.cohort_id)
    return own


def allowed(capability: str, thing: Any = None) -> bool:  # noqa: ANN401 (a thing, a context's number or None)
    """Say whether the reader has *capability* where *thing* is; anywhere when None. For showing a button."""
    return bool(current_user.is_authenticated) and queries.may(me(), capability, context_of(thing))


def current_person() -> "Person | None":
    """Give who reads the page; None for a visitor."""
    return current_user._get_current_object() if current_user.is_authenticated else None  # noqa: SLF001 (the proxy's only way out)


def me() -> int:
    """Give the number of the person who reads the page; 401 for a visitor."""
    if not current_user.is_authenticated:
        abort(401)
    return int(current_user.id)


def check(app: Flask) -> None:
    """Refuse to start with an address that does not say who may open it, or that names an unknown capability."""
    known = app.extensions["inspire_registry"].capabilities
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint == "static" or rule.endpoint.endswith(".static"):
            continue
        access: Access | None = getattr(view, "access", None)
        if access is None:
            msg = f"{rule.rule} ({rule.endpoint}) does not say who may open it: decorate it with @needs or @public."
            raise ValueError(msg)
        if access.capability is not None and access.capability not in known:
            msg = f"{rule.rule} ({rule.endpoint}) needs {access.capability}, which no manifest declares."
            raise ValueError(msg)
