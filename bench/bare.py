"""A bare Flask page of any size: what one would first write with the same packages.

Somebody signed in by Flask-Login, one list read by the ORM, a layout with a menu, a form with its token and a loop in
Jinja. No rights, no languages, no zones, no second query. Ours are compared with it in the same run.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from flask import Flask, render_template
from flask_login import LoginManager, UserMixin, login_required
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from jinja2 import DictLoader
from measuring import Answer, Visitor
from sqlalchemy import insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import StaticPool

LAYOUT = """<!doctype html><html lang="en">
<head><title>{{ title }}</title><link rel="stylesheet" href="{{ url_for('static', filename='a.css') }}"></head>
<body><nav><ul>{% for text in menu %}<li><a href="{{ url_for('page', rows=1) }}">{{ text }}</a></li>{% endfor %}</ul></nav>
<p>{{ current_user.name }}</p><main>{% block main %}{% endblock %}</main></body></html>"""
ROWS = """{% extends "layout" %}{% block main %}<h1>{{ title }}</h1>
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}"></form>
<table>{% for row in rows %}
<tr><th><a href="{{ url_for('page', rows=row.id) }}">{{ row.name }}</a></th><td>{{ row.at }}</td>
<td class="status {{ row.state }}">{{ row.state }}</td></tr>
{%- endfor %}</table>{% endblock %}"""
MOST_ROWS = 4000


class Base(DeclarativeBase):
    """The tables of the bare page."""


class Someone(UserMixin, Base):  # type: ignore[misc]  # the library has no types
    """Who is signed in."""

    __tablename__ = "someone"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Entry(Base):
    """One row of the list."""

    __tablename__ = "entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str]


@cache
def made() -> Flask:
    """Make the bare application, with its list in memory; once for the whole run."""
    app = Flask("bare")
    app.jinja_loader = DictLoader({"layout": LAYOUT, "page.html": ROWS})
    app.config |= {
        "SECRET_KEY": "bare",
        "SQLALCHEMY_DATABASE_URI": "sqlite://",
        "SQLALCHEMY_ENGINE_OPTIONS": {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}},
    }
    database = SQLAlchemy(app, model_class=Base)
    CSRFProtect(app)
    login = LoginManager(app)
    login.user_loader(lambda key: database.session.get(Someone, int(key)))
    with app.app_context():
        database.create_all()
        start = datetime(2026, 12, 11, 12, tzinfo=UTC)
        rows = [
            {"id": number, "name": f"Somebody {number:05}", "at": start + timedelta(minutes=number), "state": "enrolled"}
            for number in range(1, MOST_ROWS + 1)
        ]
        # Not through the session: ours watches over every session of the process and lets it write in our transactions only.
        with database.engine.begin() as connection:
            connection.execute(insert(Someone), {"id": 1, "name": "Somebody"})
            connection.execute(insert(Entry), rows)

    @login_required  # type: ignore[untyped-decorator]  # the library has no types
    def page(rows: int) -> str:
        found = database.session.scalars(select(Entry).order_by(Entry.id).limit(rows)).all()
        return render_template("page.html", title="Bare", rows=found, menu=["Start", "Course", "Webinars", "Tests", "Account"])

    app.add_url_rule("/<int:rows>", "page", page)
    return app


def of_size(app: Flask, size: int) -> Callable[[], Answer]:
    """Give what opens the bare page when it has about *size* bytes."""
    visitor = Visitor(app)
    signer: Any = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # Flask's own interface
    visitor.cookies["session"] = signer.dumps({"_user_id": "1", "_fresh": True})
    empty, full = (len(visitor.get(f"/{rows}").body) for rows in (0, 100))
    rows = max(0, min(MOST_ROWS, round((size - empty) * 100 / (full - empty))))
    return lambda: visitor.get(f"/{rows}")
