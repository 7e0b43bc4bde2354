"""The command line: inspire-lms serve, demo, work, check, audit, why, edition load, revision, new-plugin."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import click
from flask import Flask

from inspire_lms import doctor, migrating, new_plugin, serving
from inspire_lms.kernel import i18n
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.errors import Invalid, Refused
from inspire_lms.kernel.i18n import show
from inspire_lms.kernel.people import queries as people_queries
from inspire_lms.kernel.plugin import is_on, registry
from inspire_lms.kernel.programmes import demo as sample
from inspire_lms.kernel.programmes import loading, queries
from inspire_lms.kernel.programmes.edition_file import WrongFile
from inspire_lms.settings import Settings

SEED = 2026
"""From which chance in the sample data comes, unless another is given."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run and look after an instance of inspire_lms. Settings come from the environment, as INSPIRE_<NAME>."""


def _settings() -> Settings:
    try:
        return Settings.from_env()
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from wrong


def _app() -> Flask:
    return serving.app_of(_settings())


@main.command("serve")
@click.option("--port", type=int, envvar="PORT", help="Port to listen on, also PORT.")
def serve(port: int | None) -> None:
    """Serve the pages and do the work, in one process. The first start makes the database and asks for an administrator."""
    settings = serving.on_port(_settings(), port)
    app = serving.app_of(settings)
    serving.upgrade(app)
    with app.app_context():
        if not access.has_administrator():
            serving.first_administrator()
    click.echo(f"INSPIRE PA is at {settings.base_url} (Ctrl+C stops it)")
    serving.serve(app)


@main.command("demo")
@click.option(
    "--stage",
    type=click.Choice(list(sample.STAGES)),
    default="teaching",
    envvar="STAGE",
    show_default=True,
    help="How far the pilot has got.",
)
@click.option("--port", type=int, envvar="PORT", help="Port to listen on, also PORT.")
@click.option("--seed", type=int, default=SEED, envvar="SEED", show_default=True, help="The same seed gives the same data.")
@click.option("--reset", is_flag=True, help="Make the sample data anew.")
@click.option("--only-make", is_flag=True, help="Make the sample data and stop, without serving.")
def demo(stage: str, port: int | None, seed: int, *, reset: bool, only_make: bool) -> None:
    """Serve a pilot with sample people, ready to be looked at. A second start uses again what is there."""
    given = serving.on_port(_settings(), port)
    if unused := serving.left_out_of_a_demo(given, stage, seed):
        click.echo(f"A demonstration keeps to itself, so these are not used: {', '.join(unused)}")
    settings = serving.for_a_demo(given, stage, seed)
    app = serving.demo_app(settings, stage, seed, reset=reset, tell=click.echo)
    click.echo("\n".join(serving.demo_accounts()))
    click.echo(f"\nINSPIRE PA, stage “{stage}”, is at {settings.base_url} (Ctrl+C stops it)")
    if not only_make:
        serving.serve(app)


@main.command("work")
@click.option("--workers", type=click.IntRange(1, 16), default=2, show_default=True, help="Threads that do the work.")
def work(workers: int) -> None:
    """Do the work of an instance whose pages other processes serve: mails, reminders, what plugins tell each other."""
    serving.work(_app(), workers)


@main.command("upgrade")
def upgrade() -> None:
    """Make the database, or bring it up to date; serve does that by itself."""
    app = _app()
    serving.upgrade(app)
    click.echo("The database is up to date.")


@main.command("check")
def check() -> None:
    """Look at everything that a healthy instance has, a line each. The exit code is 1 when something is wrong."""
    with _app().app_context():
        is_well = True
        for found in doctor.look():
            is_well = is_well and found.wrong is None
            click.echo(f"{'ok' if found.wrong is None else 'WRONG':6} {found.name:20} {found.wrong or found.note}".rstrip())
    sys.exit(0 if is_well else 1)


@main.command("audit")
def audit() -> None:
    """Hold what is kept against what must be true of it: seats, offers, lists, files. It only reads. The exit code is 1 on a breach."""
    with _app().app_context():
        is_true = True
        for found in doctor.audit():
            is_true = is_true and found.wrong is None
            click.echo(f"{'ok' if found.wrong is None else 'WRONG':6} {found.name:20} {found.wrong or ''}".rstrip())
    sys.exit(0 if is_true else 1)


@main.command("why")
@click.argument("person")
@click.argument("capability")
@click.argument("context")
def why(person: str, capability: str, context: str) -> None:
    """Say whether PERSON (address or number) has CAPABILITY in CONTEXT (site, a country such as IT, or a number), and why."""
    with _app().app_context():
        found = people_queries.person(int(person)) if person.isdecimal() else people_queries.by_email(person)
        if found is None:
            msg = f"There is no person {person}."
            raise click.ClickException(msg)
        if capability not in registry().capabilities:
            msg = f"There is no capability {capability}. There are: {', '.join(sorted(registry().capabilities))}"
            raise click.ClickException(msg)
        may, lines = access.why(found.id, capability, _context(context))
        click.echo(f"{found.name} {'has' if may else 'does not have'} {capability} in {context}.")
        click.echo("\n".join(f"  {line}" for line in [*lines, *_switched_off(capability, _context(context))]))


def _switched_off(capability: str, context_id: int) -> list[str]:
    """Say, a line each, where the plugin of a capability is switched off, so that its pages are not there whoever may open them."""
    name, path = capability.partition(":")[0], access.path_of(context_id)
    if name not in registry().plugins:
        return []
    if not is_on(name):
        return [f"but {name} is switched off for the whole site: its pages are not there"]
    near = [cohort for cohort in queries.all_cohorts() if path.startswith(access.path_of(cohort.context_id))]
    near = near or [cohort for cohort in queries.all_cohorts() if access.path_of(cohort.context_id).startswith(path)]
    off = sorted({cohort.edition.code for cohort in near if not is_on(name, cohort.edition_id)})
    return [f"but {name} is switched off for the edition {code}: its pages are not there" for code in off]


def _context(told: str) -> int:
    """Find a context: the site, the cohort of a country in the newest edition, or a number."""
    countries = {cohort.country: cohort.context_id for cohort in sorted(queries.all_cohorts(), key=lambda one: one.id)}
    found = (
        access.system_context() if told == "site" else access.known_context(int(told)) if told.isdecimal() else countries.get(told.upper())
    )
    if found is None:
        msg = (
            f"There is no context {told}. There are: site, {', '.join(sorted(countries)) or 'no country yet'}, and the numbers of contexts."
        )
        raise click.ClickException(msg)
    return found


@main.group("edition")
def edition() -> None:
    """Do something with editions."""


@edition.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--shift-weeks", type=int, default=0, help="Move all dates by so many weeks.")
def load(file: Path, shift_weeks: int) -> None:
    """Load the edition that FILE describes. With a mistake in it nothing is loaded, and each is told with its line."""
    app = _app()
    serving.upgrade(app)
    with app.app_context():
        try:
            loaded = loading.load(loading.as_text(file.read_bytes()), by=None, shift_weeks=shift_weeks)
        except WrongFile as wrong:
            for problem in wrong.problems:
                click.echo(f"{file}:{problem}", err=True)
            msg = f"{len(wrong.problems)} to correct; nothing was loaded."
            raise click.ClickException(msg) from wrong
        except (Refused, Invalid) as no:
            msg = f"{show(no.reason) if isinstance(no, Refused) else no} Nothing was loaded."
            raise click.ClickException(msg) from no
        click.echo(f"The edition {loaded.code} is loaded.")
        for warning in loading.warnings(loaded.id):
            click.echo(f"To be looked at: {i18n.show(warning)}", err=True)


@main.command("revision")
@click.argument("name")
@click.argument("says")
def revision(name: str, says: str) -> None:
    """Write a migration from the difference between models and database; NAME is the component, SAYS what it is about."""
    app = _app()
    serving.upgrade(app)
    try:
        written = migrating.revision(app, name, says)
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    _format(written)
    click.echo(f"{written}: read it before you run it.")


def _format(written: Path) -> None:
    """Write a migration as the rest of the code is written, where the tool for it is installed."""
    if importlib.util.find_spec("ruff"):
        for words in (("check", "--quiet", "--fix"), ("format", "--quiet")):
            subprocess.run([sys.executable, "-m", "ruff", *words, str(written)], check=False)  # noqa: S603 (our own words, and a file that we wrote)


@main.command("new-plugin")
@click.argument("name")
def make_plugin(name: str) -> None:
    """Write a plugin called NAME with its tests and catalogues; make check is green with it."""
    try:
        written = new_plugin.write(name)
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    click.echo("\n".join(str(path) for path in written))
    click.echo(f"Say in {written[0].parent}/__init__.py what it is for; docs/plugin-in-15-minutes.md goes on from there.")
