"""What scripts add: the file is compared on the visitor's device, and a batch shows how far it is. Without scripts all of it works too."""

from inspire_lms.kernel import files
from inspire_lms.plugins.certificate.issuing import issue
from tests.builders import a_trainee
from tests.plugins.certificate.builders import a_coordinator, a_group, decided, one_issued


def a_file(content: bytes):
    return {"name": "attestato.pdf", "mimeType": "application/pdf", "buffer": content}


def test_the_file_is_compared_on_the_device_and_not_sent(app, records, page, axe):
    _, _, certificate = one_issued(records)
    content = files.content_of(certificate.digest)
    page.goto(f"/certificate/check/{certificate.code}", wait_until="networkidle")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.set_input_files("#same-file", a_file(content))
    page.get_by_text("It is the very file that we issued.").wait_for()
    page.set_input_files("#same-file", a_file(content[:-1] + b"\r"))
    page.get_by_text("It is not the file that we issued.").wait_for()
    assert [each for each in sent if "/static/" not in each] == []
    assert axe(page) == []


def test_a_file_is_dropped_and_checked_without_scripts(app, records, open_page):
    _, _, certificate = one_issued(records)
    page = open_page(width=360, scripts=False)
    page.goto("/certificate/check")
    page.set_input_files("#f-file", a_file(files.content_of(certificate.digest)))
    page.get_by_role("button", name="Have the file examined here").click()
    page.get_by_text("The file is, byte for byte, the one that we issued.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_page_of_a_batch_follows_the_work(app, records, page, sign_in_as, axe, monkeypatch):
    monkeypatch.setattr(issue, "SLICE", 4)
    cohort = a_group()
    coordinator = a_coordinator(cohort, language="en")
    batch_id = decided(cohort, [records.met_by(a_trainee(cohort)) for _ in range(5)], by=coordinator).id
    sign_in_as(page, coordinator)
    page.goto(f"/certificate/batch/{batch_id}")
    assert page.locator("progress").get_attribute("value") == "0"
    assert axe(page) == []
    issue.issue(batch_id)
    page.locator('progress[value="4"]').wait_for()
    issue.issue(batch_id)
    page.get_by_role("heading", name="5 documents are issued").wait_for()
    assert page.locator("[data-progress]").count() == 0
