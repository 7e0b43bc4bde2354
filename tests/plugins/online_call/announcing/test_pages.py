"""The public pages of a notice: its versions, each as it was, its privacy notice, and the paper in four languages."""

import csv
import io
from datetime import UTC, datetime, timedelta
from itertools import product

import pypdf
import pytest
from lxml import html
from sqlalchemy import select

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.programmes import loading
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.sample.material import SAMPLE
from inspire_lms.plugins.online_call.announcing import queries
from inspire_lms.plugins.online_call.announcing.documents import paper
from inspire_lms.plugins.online_call.announcing.documents.texts import Part, laid_out
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.applying import actions
from inspire_lms.plugins.online_call.applying import queries as calls
from inspire_lms.plugins.online_call.models import Application
from tests.builders import a_person, an_administrator, words
from tests.judges import second, tags, text, verapdf
from tests.plugins.online_call.announcing.test_versions import HOUR, WHY, announced, load_again
from tests.plugins.online_call.builders import CLOSED, CLOSES, OPEN, a_draft, an_application, committee, decided
from tests.plugins.online_call.marks import BESIDE, MOTIVATION, TRANSFER

pytestmark = pytest.mark.usefixtures("app")
LANGUAGES = ("en", "it", "el", "ro")
LAW = {
    "code": "law",
    "title": {"en": "The law", "it": "La legge", "el": "Ο νόμος", "ro": "Legea"},
    "text": {
        "en": "First the rule.\n\n- one\n- two",
        "it": "Prima la regola.\n\n- uno\n- due",
        "el": "Πρώτα ο κανόνας.\n\n- ένα\n- δύο",
        "ro": "Întâi regula.\n\n- unu\n- doi",
    },
}
PRIVACY = {"controller": words("The Ministry of Tests"), "contact": "dpo@inspire.example"}
LONG = words("An introduction of some length, in which much is said. " * 4)


def a_changed_call():
    """A call with all that a notice can have, which changed once after it had opened."""
    full = {"annexes": (LAW,), "privacy": PRIVACY, "appeal_days": 5, "criteria": (MOTIVATION, TRANSFER, BESIDE)}
    return load_again(announced(**full), OPEN, **full, closes_at=CLOSES + timedelta(days=3), lede=LONG, reason=WHY)


def shown(client, address, language="en"):
    answer = client.get(f"{address}?language={language}")
    assert answer.status_code == 200, address
    return " ".join(answer.text.split())


def test_looking_at_a_file_says_whom_its_changes_reach_and_changes_nothing(client, sign_in_as):
    text = (SAMPLE / "pilot.toml").read_text("utf-8")
    with clock.frozen(datetime(2026, 10, 1, tzinfo=UTC)):
        edition_id = loading.load(text, by=None).id
    why = words("The address has changed")
    other = text.replace('contact = "call-gr@', f'change = {{ reason = {{ en = "{why["en"]}", el = "Άλλαξε η διεύθυνση" }} }}\ncontact = "call-greece@')
    sign_in_as(client, an_administrator())

    def looked(raw):
        form = {"file": (io.BytesIO(raw.encode()), "pilot.toml"), "only_check": "yes"}
        return client.post("/editions/load?language=en", data=form, content_type="multipart/form-data")

    before = [(each.digest, each.call.contact) for each in session.scalars(select(NoticeVersion).order_by(NoticeVersion.id))]
    with clock.frozen(datetime(2026, 10, 2, tzinfo=UTC)):
        assert "Greece: the notice gets version 2. Nobody is written to." in looked(other).text
    call = calls.call_of_cohort(next(each.id for each in programmes.cohorts(edition_id) if each.country == "GR"))
    with clock.frozen(call.opens_at + HOUR):
        for _each in range(2):
            actions.begin(call.id, by=a_person().id)
        page = looked(other).text
        assert "Greece: the notice gets version 2, and 2 people are told by mail what changed." in page
        assert "Italy: the notice" not in page
        assert looked(text).status_code == 303, "nothing would change"
        refused = looked(other.replace("change = {", "unknown = {"))
        assert refused.status_code == 422
        jobs.run_due()
    assert [(each.digest, each.call.contact) for each in session.scalars(select(NoticeVersion).order_by(NoticeVersion.id))] == before
    assert session.scalars(select(Mail).where(Mail.subject.like("%notice has changed%"))).all() == []


def test_the_page_of_the_call_lists_the_versions_with_what_changed(client):
    call = a_changed_call()
    with clock.frozen(OPEN):
        page = shown(client, "/online_call/it")
    assert "Version 2 of Friday 20 November 2026, 10:00 (Italian time, CET)" in page
    assert "from Friday 11 December 2026, 12:00 (Italian time, CET) to Monday 14 December 2026, 12:00 (Italian time, CET)" in page
    assert "The reason: The ministry has asked for it" in page
    assert "Read both texts" in page
    assert "A free course" in page
    assert queries.latest(call.id).digest in page
    assert 'First the rule.</p><ul class="text"><li>one</li><li>two</li></ul>' in page
    links = [f"/online_call/notices/{call.cohort_id}/{number}" for number in (1, 2)]
    assert [f'href="{link}"' in page for link in links] == [True, True]


def test_an_earlier_version_reads_as_it_did_and_leads_to_the_one_in_force(client):
    call = a_changed_call()
    with clock.frozen(OPEN):
        first, latest = (shown(client, f"/online_call/notices/{call.cohort_id}/{number}") for number in (1, 2))
    assert "This is how the notice read then." in first
    assert f'href="/online_call/notices/{call.cohort_id}/2"' in first
    assert "Friday 11 December 2026" in first
    assert "Monday 14 December 2026" not in first
    assert "A free course" in first
    assert "Fill in the application" not in first
    assert "This is the version in force." in latest
    assert "What changed with this version" in latest


@pytest.mark.parametrize("address", ["3", "0", "1/xx.pdf", "9/privacy"])
def test_what_is_no_version_is_not_there(client, address):
    call = a_changed_call()
    assert client.get(f"/online_call/notices/{call.cohort_id}/{address}").status_code == 404


def test_the_privacy_notice_says_who_answers_and_all_that_the_plugin_declares(client, app):
    call = a_changed_call()
    page = shown(client, f"/online_call/notices/{call.cohort_id}/1/privacy")
    declared = app.extensions["inspire_registry"].plugins["online_call"].privacy
    assert [str(one.purpose) for one in declared if str(one.purpose) not in page] == []
    assert [str(one.keep) for one in declared if str(one.keep) not in page] == []
    assert "The Ministry of Tests" in page
    assert "dpo@inspire.example" in page


def test_applicant_and_coordinator_read_under_which_version_an_application_was_made(client, sign_in_as):
    call = announced()
    owners = a_person(), a_person()
    ids = an_application(call, owners[0]).id, a_draft(call, owners[1]).id
    call = load_again(call, OPEN + HOUR, closes_at=CLOSES + HOUR, reason=WHY)
    coordinator = committee(call)[2]
    with clock.frozen(OPEN + 2 * HOUR):
        sign_in_as(client, owners[0])
        followed = shown(client, f"/online_call/applications/{ids[0]}")
        sign_in_as(client, owners[1])
        drafted = shown(client, f"/online_call/applications/{ids[1]}")
        sign_in_as(client, coordinator)
        file = shown(client, f"/online_call/files/{ids[0]}")
    assert ["Made under version 1 of the notice" in page for page in (followed, drafted, file)] == [True, False, True]
    assert "The notice changed since you applied" in followed
    assert "The notice changed since you began" in drafted
    assert "Closing of the call" in drafted


def test_the_export_says_under_which_version_each_application_was_made(client, sign_in_as):
    call = announced()
    numbers = [an_application(call, at=OPEN).protocol_number]
    call = load_again(call, OPEN + HOUR, closes_at=CLOSES + HOUR, reason=WHY)
    numbers.append(an_application(call, at=OPEN + 2 * HOUR).protocol_number)
    coordinator, ids = committee(call)[2], list(session.scalars(select(Application.id).order_by(Application.id)))
    for application_id in ids:
        decided(session.get(Application, application_id), coordinator)
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED + HOUR):
        head, *rows = csv.reader(io.StringIO(client.get(f"/online_call/rooms/{call.cohort_id}/export.csv?language=en").text))
    place = head.index("Version of the notice")
    assert {row[1]: row[place] for row in rows} == dict(zip(numbers, ["1", "2"], strict=True))


def test_the_page_of_a_call_takes_as_many_statements_with_ten_versions_as_with_two(client, statements):
    call = a_changed_call()

    def counted():
        with clock.frozen(OPEN + 20 * HOUR), statements() as made:
            shown(client, "/online_call/it")
        return len(made)

    counted()
    first = counted()
    for number in range(8):
        load_again(call, OPEN + (number + 1) * HOUR, offer_days=8 + number, reason=words(f"Reason {number}"))
    counted()
    assert counted() == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_conforms_and_reads_in_order_in_each_language(client, language):
    call = a_changed_call()
    answer = client.get(f"/online_call/notices/{call.cohort_id}/2/{language}.pdf")
    pdf = answer.data
    found = {(judge.__name__, flavour): judge.failures(pdf, flavour) for judge, flavour in product((verapdf, second), ("3a", "ua1"))}
    assert {case: failures for case, failures in found.items() if failures} == {}
    assert (text.strange_letters(text.plain(pdf)), text.unfit_faces(pdf)) == ([], [])
    step = queries.steps(queries.versions(call.id))[1]
    document = paper.document(step, language)
    assert text.about(pdf) == text.About(document.title, language, is_tagged=True)
    heard = tags.read_aloud(pdf)
    headings = [one.text for one in heard if one.role in {"H1", "H2", "H3"}]
    assert headings == [document.title, *(_in(language, block.text) for block in document.blocks if hasattr(block, "level"))]
    assert f"{step.version.digest}" in "".join(one.text for one in heard).replace(" ", "")
    assert LAW["title"][language] in " ".join(headings)


def test_the_paper_says_of_levels_extremes_and_appeals_what_the_page_says(client):
    call = announced(appeal_days=5, criteria=(MOTIVATION, TRANSFER, BESIDE), explains_extremes=True)
    written = " ".join(text.plain(client.get(f"/online_call/notices/{call.cohort_id}/1/en.pdf").data).split())
    with clock.frozen(OPEN):
        page = html.fromstring(shown(client, "/online_call/it")).text_content()
    for said in (
        "You may appeal within 5 working days of the country, until 12:00 on the last day.",
        "Sketched",
        "What the employer writes It stands beside the total: it brings no points in the ranking.",
        "Whoever gives the least or the most that a criterion can bring says why, in writing.",
    ):
        assert (said in written, said in page) == (True, True), said


def _in(language, said):
    return said.text(language) if hasattr(said, "text") else said


def test_the_same_version_gives_the_same_file_and_is_sent_once(client, app):
    call = a_changed_call()
    address = f"/online_call/notices/{call.cohort_id}/1/el.pdf"
    first = client.get(address)
    app.extensions.pop("online_call_papers")
    again = client.get(address)
    assert (first.data == again.data, first.headers["Content-Type"]) == (True, "application/pdf")
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert pypdf.PdfReader(io.BytesIO(first.data)).outline


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("One\ntwo", [(("One two",), False)]),
        ("One\n\ntwo", [(("One",), False), (("two",), False)]),
        ("One:\n- a\n- b  c\n\nEnd", [(("One:",), False), (("a", "b c"), True), (("End",), False)]),
        ("\n\n", []),
    ],
)
def test_a_longer_text_is_laid_out_as_paragraphs_and_lists(written, parts):
    assert laid_out(written) == tuple(Part(*part) for part in parts)


def test_a_person_without_an_account_reads_all_of_it(client, sign_in_as):
    call = a_changed_call()
    addresses = [f"/online_call/notices/{call.cohort_id}/1{more}" for more in ("", "/privacy", "/it.pdf")]
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
    sign_in_as(client, a_person())
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]
