"""The story of a plugin from outside; test_outside_plugin.py runs it in a process of its own, so that its table leaves no trace here."""

import re
import shutil
from pathlib import Path

import pytest
from sqlalchemy import inspect

from inspire_lms import migrating
from inspire_lms.app import create_app
from inspire_lms.kernel import i18n
from inspire_lms.kernel import plugin as kernel
from inspire_lms.kernel.db import Base, db, session, transaction
from inspire_lms.kernel.errors import Message
from inspire_lms.settings import Settings
from tests.builders import a_person
from tests.ground.databases import unfinished
from tests.house import test_constraints, test_migrations, test_names, test_privacy, test_requests, test_translations

HERE = Path(__file__).parent
IN_FOUR_LANGUAGES = {"en": "My badges", "it": "I miei distintivi", "el": "Τα σήματά μου", "ro": "Insignele mele"}


@pytest.fixture(scope="session", autouse=True)
def _made_before_it_comes(sqlite_template, postgres_template):
    """The databases that the tests copy were made without the plugin."""


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """What installing the plugin would do: its package and its entry point are on the path."""
    about = tmp_path / "badge_outside-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: badge-outside\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[{kernel.GROUP}]\nbadge_outside = badge_outside.plugin:plugin\n")
    shutil.copytree(HERE / "badge_outside", tmp_path / "badge_outside")
    migration = tmp_path / "badge_outside" / "migrations" / "20261121_badges.py"
    # It stands on the tables of the kernel, whichever migration made them last.
    (head,) = test_migrations.heads(test_migrations.VERSIONS)
    migration.write_text(re.sub(r"^depends_on = .*$", f'depends_on = "{head}"', migration.read_text(), flags=re.MULTILINE))
    monkeypatch.syspath_prepend(str(tmp_path))


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


@pytest.mark.both_engines
def test_it_comes_in_with_its_table_words_and_page_and_leaves_without_a_trace(installed, app, sign_in_as):
    assert [each.name for each in kernel.plugins() if each.migrations] == ["badge_outside"]
    without = tables()
    assert "badge_outside_badge" not in without
    migrating.upgrade(app)
    assert tables() - without == {"badge_outside_badge"}

    from badge_outside.models import Badge

    person = a_person()
    with transaction():
        session.add(Badge(person_id=person.id, title="Listener <1>"))
    visitor = sign_in_as(app.test_client(), person)
    for language, words in IN_FOUR_LANGUAGES.items():
        answer = visitor.get(f"/badge_outside/?language={language}")
        assert answer.status_code == 200
        assert f"<h1>{words}</h1>" in answer.text
        assert "Listener &lt;1&gt;" in answer.text
        assert f">{words}</a>" in visitor.get("/").text
        with i18n.speaking(language):
            assert (i18n.show(Message("Badges")) == "Badges") is (language == "en")

    migrating.downgrade(app, "badge_outside@base")
    assert tables() == without
    assert migrating.pending() == ["badge_outside_1"]


@pytest.mark.both_engines
def test_nothing_is_left_of_it_in_an_application_without_it(app, sign_in_as):
    visitor = sign_in_as(app.test_client(), a_person())
    assert visitor.get("/badge_outside/").status_code == 404
    assert "badge_outside" not in visitor.get("/").text
    assert "badge_outside" not in {each.name for each in kernel.plugins()}


def test_what_watches_over_the_house_watches_over_it_too(installed, app):
    badge = next(each for each in kernel.plugins() if each.name == "badge_outside")
    names = [each.name for each in kernel.plugins()]
    assert test_names.misnamed(badge, "badge_outside") == []
    assert test_names.stray(Base.metadata, names) == []
    assert test_requests.unguarded(app) == []
    assert test_privacy.undeclared(Base.metadata, test_privacy.all_held(app)) == []
    assert test_translations.wrong(badge.translations) == []
    assert test_migrations.unsaid(badge.migrations) == []
    migrating.upgrade(app)
    assert test_constraints.apart(test_constraints.declared(Base.metadata), test_constraints.present(db.engine)) == []


@pytest.mark.both_engines
def test_its_migration_is_what_its_models_say(installed, bare_database, tmp_path):
    app = create_app(Settings(instance=tmp_path / "bare", database_url=bare_database, argon2_cheap=True, without=unfinished()))
    with app.app_context():
        try:
            migrating.upgrade(app)
            assert test_migrations.differences(db.engine, Base.metadata) == []
        finally:
            db.session.remove()
            db.engine.dispose()


def test_a_migration_of_our_own_goes_on_where_ours_end_beside_the_branch_from_outside(installed, app, tmp_path):
    place = tmp_path / "top"
    shutil.copytree(test_migrations.VERSIONS.parent, place / "migrations")
    app.extensions["inspire_top"] = lambda folder: place / folder
    migrating.upgrade(app)
    (head,) = test_migrations.heads(place / "migrations" / "versions")
    written = migrating.revision(app, "survey", "surveys have a colour")
    assert written.parent == place / "migrations" / "versions"
    assert f'down_revision = "{head}"' in written.read_text().replace("'", '"')
    migrating.upgrade(app)
    outside = migrating.revision(app, "badge_outside", "badges have a colour")
    assert outside.parent.parent.name == "badge_outside"
    assert 'down_revision = "badge_outside_1"' in outside.read_text().replace("'", '"')
