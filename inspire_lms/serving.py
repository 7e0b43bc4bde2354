"""Running an instance: everything in one process, or the worker of a larger one."""

import gc
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask

from inspire_lms import arriving, migrating
from inspire_lms.app import create_app
from inspire_lms.kernel import clock, jobs, typefaces
from inspire_lms.kernel.errors import Invalid
from inspire_lms.kernel.people import actions as people
from inspire_lms.kernel.programmes import demo
from inspire_lms.kernel.programmes.sample.material import people as sample_people
from inspire_lms.settings import Settings, address_at

THREADS = 8
"""Pages that the one-command server makes at the same time."""

PATIENCE = 5
"""Seconds that work in hand gets when the site is told to stop; what is not done then is taken up at the next start."""

NOT_TO_BE_LOADED = 4
"""The exit code by which gunicorn knows that a worker will never start; with another it would start one after the other."""

MADE = "made"
"""A file in the folder of a demonstration: when it was finished."""


def app_of(settings: Settings) -> Flask:
    """Make the application. What an instance may not start with, such as a wrong layout or a weak seal, is said in a sentence."""
    try:
        return create_app(settings)
    except (Invalid, ValueError) as wrong:
        raise click.ClickException(str(wrong)) from wrong


def app_of_environment() -> Flask:
    """Make the application that the environment describes, for a server of production; say on stderr why it may not start."""
    try:
        return app_of(Settings.from_env())
    except (click.ClickException, ValueError) as wrong:
        click.echo(f"Error: {wrong}", err=True)
        sys.exit(NOT_TO_BE_LOADED)


def queue_of(app: Flask) -> Any:  # noqa: ANN401 (huey has no types)
    """Give the queue of an instance, and let the application nudge it after each commit."""
    settings: Settings = app.config["INSPIRE"]
    return jobs.queue(app, settings.jobs_url or str(settings.instance.resolve() / "jobs.sqlite"))


def settle() -> None:
    """Spare what was loaded at the start from the search for garbage: the application, its words and its tables are never any.

    To be called when an application is ready to answer; what an earlier one has left may go first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def serve(app: Flask) -> None:
    """Answer requests and do the work, in one process, until it is told to stop."""
    import waitress  # slow import

    settings: Settings = app.config["INSPIRE"]
    consumer = queue_of(app).create_consumer(workers=1, worker_type="thread", check_worker_health=False, shutdown_timeout=PATIENCE)
    how = {"host": settings.host, "port": settings.port, "threads": THREADS, "ident": None}
    # What proxies of ours say about who asks is believed by the application, as far as it was told to, and not here.
    sockets: dict[int, Any] = {}
    server = waitress.create_server(app, map=sockets, clear_untrusted_proxy_headers=not settings.proxies, **how)
    arriving.stamp(sockets)
    # Pages are there at once; who asks for a document in the first quarter of a minute waits for the rest of the typefaces.
    threading.Thread(target=typefaces_of, args=(app,), daemon=True).start()
    consumer.start()
    # After the consumer's start, which puts handlers of its own in place that would let the server run on.
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # What a killed process has left in the outbox is taken up at once, not at the next full minute.
    app.extensions["inspire_nudge"]()
    settle()
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
        consumer.stop(graceful=True)


def _stop(*_signal: object) -> None:
    sys.exit(0)


def work(app: Flask, workers: int) -> None:
    """Do the work of an instance whose pages are served by other processes, until it is told to stop."""
    consumer = queue_of(app).create_consumer(workers=workers, worker_type="thread")
    app.extensions["inspire_nudge"]()
    consumer.run()


def on_port(settings: Settings, port: int | None) -> Settings:
    """Listen on *port*, and say so in addresses unless another address was set."""
    if not port:
        return settings
    address = settings.base_url if "INSPIRE_BASE_URL" in os.environ else address_at(settings.host, port)
    return replace(settings, port=port, base_url=address)


def upgrade(app: Flask) -> None:
    """Make the database of an instance or bring it up to date; says so in a sentence when it is ahead of this version."""
    with app.app_context():
        if strange := migrating.unknown():
            msg = f"The database has run {', '.join(strange)}, which is not known here: a newer version or a plugin has left it so."
            raise click.ClickException(msg)
    migrating.upgrade(app)


def typefaces_of(app: Flask) -> None:
    """Make the typefaces of documents, once in the life of an instance, and tell how far it is."""
    with app.app_context():
        typefaces.make_ready(lambda number, of: click.echo(f"Making the typefaces of documents, once: {number} of {of}"))


def first_administrator() -> None:
    """Open the account of the first administrator: from the environment, else by asking on the terminal."""
    email, password = os.environ.get("INSPIRE_ADMIN_EMAIL", ""), os.environ.get("INSPIRE_ADMIN_PASSWORD", "")
    asks = not (email and password)
    if asks and not sys.stdin.isatty():
        msg = "Nobody administers this instance yet. Set INSPIRE_ADMIN_EMAIL and INSPIRE_ADMIN_PASSWORD, or start it once on a terminal."
        raise click.ClickException(msg)
    given, family = os.environ.get("INSPIRE_ADMIN_GIVEN_NAME", "Site"), os.environ.get("INSPIRE_ADMIN_FAMILY_NAME", "Administrator")
    while True:
        if asks:
            click.echo("Who administers this instance?")
            email, given, family = click.prompt("E-mail address"), click.prompt("Given name"), click.prompt("Family name")
            password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        try:
            people.first_administrator(email, given, family, "en", password)
        except Invalid as wrong:
            if not asks:
                raise click.ClickException(str(wrong)) from wrong
            click.echo(str(wrong), err=True)
        else:
            return


def for_a_demo(settings: Settings, stage: str, seed: int) -> Settings:
    """Give the settings of a demonstration: each stage and seed has a folder of its own, so that none is lost to another.

    It shares nothing with a real instance that is configured on the same machine: neither database, work, mail and seal,
    nor the key, with which a sign-in to the demonstration would be one to the real instance.
    """
    folder = settings.instance if "INSPIRE_INSTANCE" in os.environ else Path("instance-demo")
    own = replace(settings, database_url="", jobs_url="", secret_key="", smtp_host="", **_without_a_seal())
    return replace(own, instance=folder / f"{stage}-{seed}", demo=True)


def _without_a_seal() -> dict[str, Any]:
    """Give the settings of seal and time stamps as they are when nothing is set."""
    return {one.name: one.default for one in fields(Settings) if one.name.startswith(("seal", "time_stamp"))}


def left_out_of_a_demo(settings: Settings, stage: str, seed: int) -> list[str]:
    """Name the variables that are set and that a demonstration does not use."""
    used, own = for_a_demo(settings, stage, seed), {"instance", "demo"}
    changed = [one.name for one in fields(settings) if one.name not in own and getattr(settings, one.name) != getattr(used, one.name)]
    return [f"INSPIRE_{name.upper()}" for name in changed]


def demo_app(settings: Settings, stage: str, seed: int, *, reset: bool, tell: Callable[[str], None]) -> Flask:
    """Give a demonstration that is ready to be served: the one that is there already, else a new one."""
    made = settings.instance / MADE
    if settings.instance.exists() and (reset or not made.exists()):
        # Not finished, because somebody interrupted the making: begin anew rather than show half a pilot.
        shutil.rmtree(settings.instance)
    if made.exists():
        tell(f"Sample data made on {datetime.fromisoformat(made.read_text()):%d %B %Y} are used again; --reset makes them anew.")
        app = create_app(settings)
        upgrade(app)
        return app
    tell(f"Making the sample pilot, stage “{stage}”. This takes a while, once.")
    # Ninety passwords at full cost would take longer than all the rest; each is hashed properly when its owner first signs in.
    app = create_app(replace(settings, argon2_cheap=True))
    upgrade(app)
    typefaces_of(app)
    with app.app_context():
        demo.prepare(stage, seed, clock.now(), tell=lambda line: tell(f"  {line}"))
    made.write_text(clock.now().isoformat())
    app.config["INSPIRE"] = settings
    return app


def demo_accounts() -> list[str]:
    """List the ready accounts, a line each, under the password that they share."""
    rows = [f"{one.role:14} {one.country:4} {one.email:44} {one.name}" for one in demo.ready_accounts()]
    return [f"The password of all these accounts: {sample_people().password}", *rows]
