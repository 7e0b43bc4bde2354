"""What certificates keep and offer while plugins are switched off and on, for the site or for one edition."""

import pytest

from inspire_lms.contracts.pages import NextThings
from inspire_lms.contracts.site import PluginSwitched
from inspire_lms.kernel.plugin import registry, switch
from inspire_lms.plugins.certificate import actions, answers
from inspire_lms.plugins.certificate.earning import queries as earned
from tests.builders import a_trainee, an_administrator
from tests.plugins.certificate.builders import a_group, one_issued, work

pytestmark = pytest.mark.both_engines


@pytest.fixture
def groups(app, records):
    """Two groups of different editions, in each of which one trainee waits for the decision."""
    found = [a_group("IT"), a_group("RO")]
    for cohort in found:
        records.met_by(a_trainee(cohort))
        actions.look_again(cohort.id)
    return [(cohort.id, cohort.edition_id) for cohort in found]


@pytest.mark.parametrize("is_for_the_site", [True, False])
def test_when_the_keeper_of_the_evidence_is_switched_everybody_concerned_is_looked_at_again(client, sign_in_as, groups, is_for_the_site):
    browser = sign_in_as(client, an_administrator())
    (first, edition_id), (second, _) = groups
    waiting = []
    for on in ("no", "yes"):
        if is_for_the_site:
            browser.post("/admin/plugin/keeper/switch", data={"on": on})
        else:
            browser.post(f"/editions/{edition_id}/switch/keeper", data={"on": on})
        work()
        waiting.append((earned.count(first).waiting, earned.count(second).waiting))
    assert waiting == [(0, 0) if is_for_the_site else (0, 1), (1, 1)]


@pytest.mark.parametrize("is_for_the_site", [True, False])
def test_the_pages_of_the_administrator_tell_everybody_what_was_switched(client, sign_in_as, groups, monkeypatch, is_for_the_site):
    heard, edition_id = [], groups[0][1]
    monkeypatch.setitem(registry().listens[PluginSwitched], "certificate", heard.append)
    browser = sign_in_as(client, an_administrator())
    if is_for_the_site:
        browser.post("/admin/plugin/keeper/switch", data={"on": "no"})
    else:
        browser.post(f"/editions/{edition_id}/switch/keeper", data={"on": "no"})
    work()
    assert heard == [PluginSwitched(plugin="keeper", edition_id=None if is_for_the_site else edition_id)]


def test_what_happened_while_certificates_were_off_is_seen_when_they_are_on_again(app, client, sign_in_as, records):
    cohort = a_group()
    trainee = a_trainee(cohort)
    actions.look_again(cohort.id)
    browser = sign_in_as(client, an_administrator())
    browser.post("/admin/plugin/certificate/switch", data={"on": "no"})
    records.met_by(trainee)
    work()
    assert earned.count(cohort.id).waiting == 0
    browser.post("/admin/plugin/certificate/switch", data={"on": "yes"})
    work()
    assert earned.count(cohort.id).waiting == 1


def test_a_new_certificate_of_an_edition_without_certificates_is_not_offered(app, records):
    cohort, _, certificate = one_issued(records)
    person_id, edition_id = certificate.person_id, cohort.edition_id

    def offered():
        with app.test_request_context("/"):
            return len(answers.next_things(NextThings(person_id)))

    assert offered() == 1
    switch("certificate", on=False, edition_id=edition_id)
    assert offered() == 0
    switch("certificate", on=True, edition_id=edition_id)
    assert offered() == 1
