"""The application starts, and shows its pages, with any one plugin removed or switched off."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Blueprint, Flask, url_for

from inspire_lms.app import create_app
from inspire_lms.contracts.pages import MenuEntries, MenuEntry
from inspire_lms.kernel import plugin as kernel
from inspire_lms.kernel.errors import Message
from tests.builders import an_administrator
from tests.house.tree import PACKAGE, nothing

NAMES = sorted(path.parent.name for path in (PACKAGE / "plugins").glob("*/plugin.py"))


def faults(app: Flask, visitor: object) -> list[str]:
    """Open every page that has no variable in its address; list those that fail."""
    app.testing = True
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.arguments or rule.endpoint.endswith("static"):
            continue
        try:
            visitor.get(rule.rule)
        except Exception as fault:  # noqa: BLE001 (whatever goes wrong is what we look for)
            found.append(f"{rule.rule} fails with {fault!r}: state a default where it asks for what another plugin knows.")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_page_opens_without_one_plugin(settings, sign_in_as, name):
    app = create_app(replace(settings, without=f"{settings.without},{name}"))
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        assert name not in {each.name for each in kernel.plugins()}
        somebody = sign_in_as(app.test_client(), an_administrator())
        assert app.test_client().get("/").status_code == 200
        assert somebody.get("/").status_code == 200
        nothing(faults(app, somebody))


@pytest.mark.parametrize("name", NAMES)
def test_a_plugin_that_is_switched_off_has_no_pages(app, sign_in_as, name):
    kernel.switch(name, on=False)
    somebody = sign_in_as(app.test_client(), an_administrator())
    own = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith(f"{name}.") and "GET" in rule.methods and not rule.arguments and not rule.endpoint.endswith("static")
    ]
    assert [(address, somebody.get(address).status_code) for address in own if somebody.get(address).status_code != 404] == []
    nothing(faults(app, somebody))


def test_a_planted_need_of_another_plugin_is_caught(settings):
    def leads_to_surveys(_enquiry: MenuEntries) -> tuple[MenuEntry, ...]:
        return (MenuEntry(1, "Surveys", url_for("survey_of_another_plugin.overview")),)

    badge = kernel.Plugin(
        "badge",
        Message("Badges"),
        Message("Badges."),
        blueprint=Blueprint("badge", "badge", url_prefix="/badge"),
        answers={MenuEntries: leads_to_surveys},
    )
    app = create_app(settings, [badge])
    with app.app_context():
        assert any(fault.startswith("/ fails") for fault in faults(app, app.test_client()))


def test_the_names_are_those_of_the_folders():
    assert [Path(name).name for name in NAMES] == [each.name for each in kernel.find()]
