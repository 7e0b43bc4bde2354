"""The check as people meet it: a file that stays on their device, dropped or chosen, by mouse or by keyboard, at two widths."""

import base64

import pytest

from inspire_lms.kernel import clock, files
from inspire_lms.plugins.certificate.checking import pace
from tests.ground.browsers import overflow
from tests.plugins.certificate.builders import one_issued

UNKNOWN = "We have issued no file that is the same, byte for byte."
DROP = """([content, where]) => {
  const transfer = new DataTransfer();
  for (const name of ["attestato.pdf", "another.pdf"]) {
    transfer.items.add(new File([Uint8Array.from(atob(content), (one) => one.charCodeAt(0))], name, { type: "application/pdf" }));
  }
  const dropped = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.querySelector(where).dispatchEvent(dropped);
  return dropped.defaultPrevented;
}"""


@pytest.fixture
def certificate(app, records):
    return one_issued(records, "RO", given_name="Ștefan", family_name="Țiriac")[2]


@pytest.fixture
def content(certificate):
    return files.content_of(certificate.digest)


def a_file(content: bytes):
    return {"name": "attestato.pdf", "mimeType": "application/pdf", "buffer": content}


def sent_by(page):
    """Listen to what the page asks the site, styles and scripts left out: method and path."""
    sent = []

    def hear(request):
        if "/static/" not in request.url:
            sent.append((request.method, request.url.partition("/certificate")[2]))

    page.on("request", hear)
    return sent


def test_a_known_file_leads_to_its_answer_and_only_its_digest_is_sent(certificate, content, page):
    page.goto("/certificate/check", wait_until="networkidle")
    assert page.locator("#examine").is_hidden()
    sent = sent_by(page)
    page.set_input_files("#f-file", a_file(content))
    page.wait_for_url(f"**/certificate/check/file/{certificate.digest}")
    assert page.inner_text("h1") == "Demonstration: it proves nothing about the issuer"
    assert page.get_by_text("Ștefan Țiriac").is_visible()
    path = f"/check/file/{certificate.digest}"
    assert sent == [("HEAD", path), ("GET", path)]
    page.go_back()
    assert page.url.endswith("/certificate/check")


def test_an_unknown_file_is_examined_only_when_asked(certificate, content, page, axe):
    page.goto("/certificate/check", wait_until="networkidle")
    sent = sent_by(page)
    page.set_input_files("#f-file", a_file(content[:-1] + b"\r"))
    page.locator("#f-file-says").get_by_text(UNKNOWN).wait_for()
    assert [method for method, _path in sent] == ["HEAD"]
    assert page.locator("[role=status]", has_text=UNKNOWN).count() == 1
    assert axe(page) == []
    page.get_by_role("button", name="Have the file examined here").click()
    page.get_by_role("heading", name="Changed after it was issued (demonstration seal)").wait_for()
    assert [method for method, _path in sent] == ["HEAD", "POST"]


def test_a_file_dropped_anywhere_on_the_page_is_checked(certificate, content, page):
    page.goto("/certificate/check", wait_until="networkidle")
    assert page.evaluate(DROP, [base64.b64encode(content).decode(), "h1"]) is True
    page.wait_for_url(f"**/certificate/check/file/{certificate.digest}")


def test_a_file_dropped_on_an_unknown_answer_is_examined_from_there(certificate, content, page):
    page.goto(f"/certificate/check/file/{'0' * 64}", wait_until="networkidle")
    changed = content[:-1] + b"\r"
    page.evaluate(DROP, [base64.b64encode(changed).decode(), "main"])
    page.locator("#f-file-says").get_by_text(UNKNOWN).wait_for()
    assert page.evaluate("[document.activeElement.id, document.querySelector('#f-file').files.length]") == ["f-file", 1]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Changed after it was issued (demonstration seal)").wait_for()


def test_a_file_that_is_too_large_is_not_even_read(certificate, page, tmp_path):
    large = tmp_path / "large.pdf"
    with large.open("wb") as stream:
        stream.truncate(50_000_000)
    page.goto("/certificate/check", wait_until="networkidle")
    sent = sent_by(page)
    page.set_input_files("#f-file", large)
    page.get_by_text("The file is larger than 5 MB; no certificate is.").wait_for()
    assert (page.locator("#examine").is_hidden(), sent) == (True, [])


def test_who_asks_too_often_is_asked_to_wait(certificate, content, page, live_server):
    with live_server.app.app_context():
        live_server.at = clock.now()
    page.goto("/certificate/check", wait_until="networkidle")
    page.evaluate(
        "async ([address, times]) => { for (let n = 0; n < times; n += 1) await fetch(address, { method: 'HEAD' }); }",
        [f"/certificate/check/file/{'0' * 64}", pace.MOST_LOOKS],
    )
    page.set_input_files("#f-file", a_file(content))
    page.get_by_text("Please wait a minute and choose the file again.").wait_for()
    assert page.locator("#examine").is_hidden()


@pytest.mark.parametrize(("width", "language"), [(360, "el"), (1280, "el"), (360, "ro"), (1280, "ro"), (360, "it")])
def test_the_pages_fit_every_width_and_language(certificate, content, open_page, axe, width, language):
    # Whether anybody is shut out from the pages themselves is looked at in tests/browser; here is what scripts add.
    page = open_page(width=width, language=language)
    for address in (f"check/{certificate.code}", f"check/file/{'0' * 64}", "check"):
        page.goto(f"/certificate/{address}", wait_until="networkidle")
        assert overflow(page) == 0
    page.set_input_files("#f-file", a_file(content + b"%"))
    page.locator("#f-file-says.warn").wait_for()
    assert (overflow(page), axe(page)) == (0, [])
