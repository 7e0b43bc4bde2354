"""The browser of the tests, and the site that it looks at.

The site runs in threads of the test's own process, so that a test may look into the database while the page is open.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from inspire_lms.kernel import clock

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
)
PHONE, DESK = 360, 1280
"""The two widths that every page is looked at."""


@dataclass
class Site:
    """A running site."""

    app: Flask
    url: str
    at: datetime | None = None
    """When set, the clock of the site stands still there."""
    failures: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer a request under the site's own clock: a frozen one does not reach into threads by itself."""
        if self.at is None:
            return self._whole(environ, start_response)
        with clock.frozen(self.at):
            return self._whole(environ, start_response)

    def _whole(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        # Read to its end and closed: a browser that goes away in the middle leaves no file open.
        answer = self.app.wsgi_app(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            if hasattr(answer, "close"):
                answer.close()


@contextmanager
def serving(app: Flask, at: datetime | None = None) -> Iterator[Site]:
    """Serve an application on a free port; with *at* its clock stands still there."""
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
            pass

    site = Site(app, "", at)
    server = make_server("127.0.0.1", 0, site, threaded=True, request_handler=Quiet)
    server.daemon_threads = True
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def live_server(app: Flask) -> Iterator[Site]:
    """The site of `app` on a free port; `live_server.at = moment` lets its clock stand still."""
    with serving(app) as site:
        yield site


def find_browser() -> str | None:
    """Find a Chromium: on the path, else one that Playwright manages; None when there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    managed = sorted(Path.home().glob(".cache/ms-playwright/chromium*/chrome-linux*/chrome"))
    return str(managed[-1]) if managed else None


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for the tests of a file; what drives it keeps an event loop, and other libraries want to run one of their own.

    Without a browser the test is skipped, which with CI set is a failure.
    """
    found = find_browser()
    if found is None:
        pytest.skip("There is no browser: install chromium.")
    os.environ.setdefault("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any, live_server: Site) -> Iterator[Callable[..., Any]]:
    """Open pages of `live_server`: open_page(width=360, language="ro", scripts=False, dark=True).

    At the end nothing may have gone wrong in them: no error of a script, none of the content security policy.
    """
    opened: list[Any] = []

    def new(*, width: int = DESK, language: str = "en", scripts: bool = True, dark: bool = False, **more: Any) -> Any:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 800},
            locale=language,
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(10_000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: live_server.failures.append(f"{page.url}: {error}"))
        page.on("console", lambda said: live_server.failures.append(f"{page.url}: {said.text}") if _is_failure(said) else None)
        return page

    yield new
    for context in opened:
        context.close()
    assert live_server.failures == []


def _is_failure(said: Any) -> bool:
    # A page that says no (403, 404, 409, 422) is spoken of in the console, and is not a mistake of the page.
    return said.type == "error" and "Failed to load resource" not in said.text


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """A page of 1280 pixels."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Any]) -> Any:
    """A page of 360 pixels."""
    return open_page(width=PHONE)


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """Give the violations that axe-core finds on a page, a line each: assert axe(page) == []."""
    from axe_playwright_python.base import AXE_SCRIPT

    def look(page: Any) -> list[str]:
        # The script is put into a page once, and only what is wrong is carried out of it: both cost more than the looking.
        if not page.evaluate("typeof axe === 'object'"):
            page.evaluate(AXE_SCRIPT)
        return [f"{page.url}: {each}" for each in page.evaluate(_VIOLATIONS)]

    return look


_VIOLATIONS = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
  const found = await axe.run({ runOnly: tags, resultTypes: ["violations"] })
  return found.violations.flatMap(each => each.nodes.map(node => `${each.id}: ${each.help}: ${node.html.slice(0, 200)}`))
}"""
_BROKEN = """() => [...document.querySelectorAll("h1, h2, h3, th, .btn")].filter(each => each.checkVisibility()).flatMap(each => {
  const probe = document.createElement("span")
  probe.style.cssText = "position: absolute; white-space: nowrap"
  each.append(probe)
  const broken = each.innerText.split(/[\\s\u00ad/-]+/).filter(word => {
    if (word.includes("@")) return false
    probe.textContent = word
    return probe.offsetWidth > each.clientWidth + 1
  })
  probe.remove()
  return each.clientWidth ? broken : []
})"""


def broken_words(page: Any) -> list[str]:
    """Name the words of headings and buttons that do not fit on a line of their own, and so are broken anywhere; addresses may be."""
    return list(page.evaluate(_BROKEN))


def overflow(page: Any) -> int:
    """Say by how many pixels a page scrolls sideways; 0 is right."""
    return page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
