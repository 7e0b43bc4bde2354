"""Who may open which address."""

import pytest
from flask import Blueprint

from inspire_lms.app import create_app
from inspire_lms.kernel import plugin
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Capability, Plugin, switch
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.web.guard import needs, public
from tests.builders import a_cohort, a_person, staff

RING = Capability("bell:ring", Message("Ring"), ("coordinator",))


def a_plugin(*views, capabilities=(RING,)):
    pages = Blueprint("bell", __name__, url_prefix="/bell")
    for path, view in views:
        pages.add_url_rule(path, view.__name__, view, methods=["GET", "POST"])
    return Plugin("bell", Message("Bell"), Message("Rings"), blueprint=pages, capabilities=capabilities)


def test_the_application_does_not_start_with_an_address_that_says_nothing(settings):
    def open_door():
        return "come in"

    with pytest.raises(ValueError, match="does not say who may open it"):
        create_app(settings, [a_plugin(("/", open_door))])


def test_the_application_does_not_start_with_an_unknown_capability(settings):
    @needs("bell:rung")
    def ring():
        return "ding"

    with pytest.raises(ValueError, match="bell:rung, which no manifest declares"):
        create_app(settings, [a_plugin(("/", ring))])


@pytest.mark.parametrize(
    ("capability", "complaint"),
    [
        (Capability("chapel:ring", Message("Ring")), "must begin with bell:"),
        (Capability("bell:ring", Message("Ring"), ("bishop",)), "unknown role, bishop"),
    ],
)
def test_a_wrong_manifest_is_refused_with_a_sentence(settings, capability, complaint):
    with pytest.raises(ValueError, match=complaint):
        create_app(settings, [a_plugin(capabilities=(capability,))])


@pytest.fixture
def tower(app):
    """An address that a coordinator may open for a cohort, and a public one."""

    @needs("bell:ring", of=programmes.cohort)
    def ring(cohort):
        return f"ding in {cohort.country}"

    @public
    def hear():
        return "dong"

    @needs("bell:ring", own=lambda cohort_id, _person_id: programmes.cohort(cohort_id))
    def own(cohort):
        return f"my bell in {cohort.country}"

    app._got_first_request = False
    made = a_plugin(("/<int:cohort_id>", ring), ("/own/<int:cohort_id>", own), ("/hear", hear))
    plugin.install(app, [made])
    return made


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client, tower):
    answer = client.get("/bell/1?loud=1")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/bell/1?loud%3D1")


def test_the_own_country_opens_another_one_does_not_exist(client, sign_in_as, tower):
    italy, greece = a_cohort("IT"), a_cohort("GR")
    own, other = italy.id, greece.id
    sign_in_as(client, staff(italy, "coordinator"))
    assert client.get(f"/bell/{own}").text == "ding in IT"
    assert client.get(f"/bell/{other}").status_code == 404
    assert client.get("/bell/999").status_code == 404


def test_what_is_ones_own_is_closed_where_the_role_was_taken_back(client, sign_in_as, tower):
    italy, greece = a_cohort("IT"), a_cohort("GR")
    left, stays = italy.id, greece.id
    sign_in_as(client, staff(greece, "coordinator"))
    assert client.get(f"/bell/own/{stays}").text == "my bell in GR"
    assert client.get(f"/bell/own/{left}").status_code == 404


def test_without_the_capability_nothing_is_said_about_what_exists(client, sign_in_as, tower):
    number = a_cohort("IT").id
    sign_in_as(client, a_person())
    assert [client.get(f"/bell/{each}").status_code for each in (number, 999)] == [403, 403]


def test_a_plugin_that_is_off_is_not_there(client, sign_in_as, tower):
    cohort = a_cohort("IT")
    number, edition = cohort.id, cohort.edition_id
    sign_in_as(client, staff(cohort, "coordinator"))
    switch("bell", on=False)
    assert [client.get("/bell/hear").status_code, client.get(f"/bell/{number}").status_code] == [404, 404]
    switch("bell", on=True)
    assert client.get("/bell/hear").status_code == 200
    switch("bell", on=False, edition_id=edition)
    assert client.get(f"/bell/{number}").status_code == 404
    assert client.get("/bell/hear").status_code == 200


def test_a_form_without_its_token_is_refused(app, client, sign_in_as):
    app.config["WTF_CSRF_ENABLED"] = True
    sign_in_as(client, a_person())
    refused = client.post("/sign-out")
    assert refused.status_code == 400
    assert "This form has become too old" in refused.text
