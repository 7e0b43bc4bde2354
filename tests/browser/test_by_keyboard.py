"""Three stories with the keyboard alone: sit a test, answer the survey, check a certificate. The call has its own beside its plugin."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people import queries as people
from tests.ground.browsers import serving
from tests.ground.keyboard import Keyboard


@pytest.fixture
def sit_down(sample, browser):
    """Put somebody in front of a stage of the sample pilot."""

    apps = {}

    @contextmanager
    def at(stage, who=None, path="/", later=None):
        app = apps.get(stage) or apps.setdefault(stage, sample(stage))
        with serving(app, clock.now() + (later or timedelta())) as site:
            context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 800}, locale="en", reduced_motion="reduce")
            if who:
                kept = {"_user_id": people.by_email(f"{who}@inspire.example").get_id(), "_fresh": True, "language": "en"}
                signed = app.session_interface.get_signing_serializer(app).dumps(kept)
                context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": signed, "url": site.url}])
            page = context.new_page()
            page.goto(path)
            yield Keyboard(page), page
            context.close()

    return at


def test_the_first_thing_on_every_page_leads_to_its_content(sit_down):
    with sit_down("call") as (keys, page):
        page.keyboard.press("Tab")
        assert keys.name() == "Skip to content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_a_test_is_sat_with_the_keyboard_alone(sit_down):
    from inspire_lms.kernel.programmes import queries as programmes
    from inspire_lms.plugins.assessment.models import Assessment, Attempt, Window

    with sit_down("teaching"):
        cohort = next(each for each in programmes.all_cohorts() if each.country == "IT")
        window = session.scalar(select(Window).join(Assessment).where(Window.cohort_id == cohort.id, Assessment.code == "pre-test"))
        sat = set(session.scalars(select(Attempt.person_id).where(Attempt.window_id == window.id)))
        who = next(member.email for member in programmes.members(cohort.id) if member.person_id not in sat).partition("@")[0]
        number, back = window.id, window.closes_at - timedelta(days=2) - clock.now()
    with sit_down("teaching", who, f"/assessment/{number}", later=back) as (keys, page):
        keys.press("Start the test")
        assert "/attempt/" in page.url
        keys.press("Check and hand in").press("Hand in")
        assert page.url.endswith("/receipt")
        assert page.inner_text("h1")


def test_a_survey_is_answered_with_the_keyboard_alone(sit_down):
    from inspire_lms.kernel.programmes import queries as programmes
    from inspire_lms.plugins.survey import queries as surveys

    app_stage = "closing"
    with sit_down(app_stage):
        cohort = next(each for each in programmes.all_cohorts() if each.country == "RO")
        survey = surveys.surveys(cohort.id)[0]
        waiting = next(member for member in programmes.members(cohort.id) if not surveys.has_answered(survey.id, member.person_id))
        number, who = survey.id, waiting.email.partition("@")[0]
    with sit_down(app_stage, who, f"/survey/{number}") as (keys, page):
        for question in page.eval_on_selector_all("fieldset legend", "all => all.map((x) => x.textContent.trim())"):
            keys.choose(question.replace("(optional)", "").strip()[:40], down=3)
        keys.press("Send the answers")
        assert "You have taken part" in page.inner_text("main")


def test_a_certificate_is_checked_with_the_keyboard_alone(sit_down):
    from inspire_lms.plugins.certificate.models import Certificate

    with sit_down("over"):
        number = session.scalars(select(Certificate.number).order_by(Certificate.id)).first()
    with sit_down("over", None, "/certificate/check") as (keys, page):
        keys.type("Short code or number", number)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert number in page.inner_text("main")
