"""A new plugin: its folder, its tests and its catalogues, all of which pass every check from the first moment."""

import keyword
import re
from pathlib import Path

from flask import Flask

from inspire_lms.app import KERNEL_PAGES

ROOT = Path(__file__).parent.parent
"""The checkout; a plugin is begun there and not in an installed package."""

LONGEST = 30
"""Most letters of a name: it stands in addresses, tables and capabilities."""

CATALOGUE = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'

PARTS = {"kernel", "access", "people", "curriculum", "programmes", "contracts"}
"""Names that tables and capabilities of the kernel, or what plugins share, begin with."""

PACKAGE = {
    "__init__.py": '''"""What @name@ is for, in one sentence."""
''',
    "queries.py": '''"""What @name@ knows: reads for its pages, and its answers to enquiries."""

from flask import url_for

from inspire_lms.contracts.pages import MenuEntries, MenuEntry

TITLE = "@Title@"


def menu(enquiry: MenuEntries) -> tuple[MenuEntry, ...]:
    """Put the page into the menu of everybody who is signed in."""
    return () if enquiry.person_id is None else (MenuEntry(50, TITLE, url_for("@name@.start")),)
''',
    "views.py": '''"""The addresses of @name@."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import needs
from inspire_lms.plugins.@name@ import queries

pages = Blueprint("@name@", __name__, url_prefix="/@name@", template_folder="templates")


@pages.get("/")
@needs("kernel:home")
def start() -> ResponseReturnValue:
    """Show the first page."""
    return page("@name@/start.html", title=queries.TITLE)
''',
    "plugin.py": '''"""The manifest of @name@."""

from inspire_lms.contracts.pages import MenuEntries
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Plugin
from inspire_lms.plugins.@name@ import queries, views

plugin = Plugin(
    name="@name@",
    title=Message(queries.TITLE),
    about=Message(queries.TITLE),
    blueprint=views.pages,
    answers={MenuEntries: queries.menu},
)
''',
    "templates/@name@/start.html": """{% extends "layout.html" %}
{% import "components.html" as ui %}
{% block title %}{{ title }}{% endblock %}
{% block main %}
{{ ui.head(title) }}
{% endblock %}
""",
}
"""The files of the plugin, by their place in its folder."""

TESTS = {
    "test_pages.py": '''"""The pages of @name@."""

from tests.builders import a_person


def test_the_first_page_is_open_to_everybody_signed_in(client, sign_in_as):
    assert client.get("/@name@/").status_code == 303
    sign_in_as(client, a_person())
    page = client.get("/@name@/")
    assert page.status_code == 200
    assert "@Title@" in page.text
''',
}
"""Its first test."""


def reason_against(name: str, root: Path = ROOT) -> str | None:
    """Say why no plugin can be called *name*; None when one can."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or len(name) > LONGEST or keyword.iskeyword(name):
        return f"A plugin is called by small letters, with underscores between words, at most {LONGEST} in all: badge, or good_practice."
    if name in _taken():
        return f"{name} is taken by the kernel."
    if not (root / "pyproject.toml").exists():
        return "A plugin is begun in a checkout of the repository; one of your own is a package with an entry point."
    return f"There is a plugin called {name} already." if (root / "inspire_lms" / "plugins" / name).exists() else None


def _taken() -> set[str]:
    """Give the names of the kernel's parts, of its pages, and the words with which their addresses begin."""
    app = Flask(__name__)
    for each in KERNEL_PAGES:
        app.register_blueprint(each)
    return PARTS | set(app.blueprints) | {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}


def write(name: str, root: Path = ROOT) -> list[Path]:
    """Write the plugin *name* below *root*; give what was written. Raises ValueError with a sentence."""
    if reason := reason_against(name, root):
        raise ValueError(reason)
    folder, tests, words = root / "inspire_lms" / "plugins" / name, root / "tests" / "plugins" / name, root / "translations"
    files = {folder / place: text for place, text in PACKAGE.items()} | {tests / place: text for place, text in TESTS.items()}
    files |= {words / f"{name}.pot": ""} | {each / f"{name}.po": CATALOGUE for each in sorted(words.glob("*/LC_MESSAGES"))}
    written = []
    for place, text in files.items():
        path = Path(str(place).replace("@name@", name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("@name@", name).replace("@Title@", name.replace("_", " ").capitalize()), encoding="utf-8")
        written.append(path)
    return written
