"""A person in front of a browser without scripts: opens pages, follows links, fills in forms, presses buttons.

It sees what the page shows: a field, a link or a button that is not on the page cannot be used.
"""

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse


class Visitor:
    """One person and the page that is open."""

    def __init__(self, app: Flask) -> None:
        """Sit down in front of an empty page."""
        self.client = app.test_client()
        self.path = "/"
        self.answer: TestResponse
        self.page: html.HtmlElement

    def open(self, path: str, *, status: int = 200) -> "Visitor":
        """Open an address of the site; the status must be as said, after all redirects."""
        return self._take(self.client.get(path, follow_redirects=True), status)

    def follow(self, text: str, *, status: int = 200) -> "Visitor":
        """Follow the first link whose words contain *text*."""
        links = [each for each in self.page.iter("a") if text in _words(each)]
        assert links, f"No link “{text}” at {self.path}: {[_words(each) for each in self.page.iter('a')]}"
        return self.open(urljoin(self.path, links[0].get("href")), status=status)

    def press(self, text: str, *, status: int = 200, files: dict[str, tuple[Any, str]] | None = None, **typed: Any) -> "Visitor":
        """Press the button whose words contain *text*, after typing *typed* into the fields of its form (dots are written __)."""
        for form in self.page.forms:
            buttons = [each for each in form.iter("button") if each.get("type") != "button" and text in _words(each)]
            if buttons:
                return self._send(form, buttons[0], {name.replace("__", "."): value for name, value in typed.items()}, files or {}, status)
        found = [_words(each) for each in self.page.iter("button")]
        msg = f"No button “{text}” at {self.path}: {found}"
        raise AssertionError(msg)

    def submit(self, *, status: int = 200, form: str = "form", files: dict[str, tuple[Any, str]] | None = None, **typed: Any) -> "Visitor":
        """Send the page's main form with its own button, whatever language it speaks."""
        found = next((each for each in self.page.forms if each.get("id") == form), None)
        assert found is not None, f"No form “{form}” at {self.path}: {self.words[:1500]}"
        button = next(each for each in found.iter("button") if each.get("type") != "button" and not each.get("formaction"))
        return self._send(found, button, {name.replace("__", "."): value for name, value in typed.items()}, files or {}, status)

    def submit_or_press(self) -> "Visitor":
        """Press the only button of the page that does something to its own address."""
        own = [form for form in self.page.forms if urljoin(self.path, form.get("action") or self.path) == self.path and form.method.upper() == "POST"]
        assert own, f"No form to the page itself at {self.path}: {self.words[:1000]}"
        return self._send(own[0], next(iter(own[0].iter("button"))), {}, {}, 200)

    def post(self, action: str, *, status: int = 200, **typed: Any) -> "Visitor":
        """Press the button of the form on this page whose address ends with *action*."""
        found = next((each for each in self.page.forms if (each.get("action") or "").endswith(action)), None)
        assert found is not None, f"No form to “{action}” at {self.path}: {[each.get('action') for each in self.page.forms]}"
        return self._send(found, next(iter(found.iter("button"))), typed, {}, status)

    def options(self, name: str) -> list[tuple[str, str]]:
        """List value and label of a field with choices."""
        selects = [(each.get("value"), _words(each)) for each in self.page.xpath(f"//select[@name='{name}']/option")]
        radios = [(each.get("value"), _words(self.page.xpath(f"//label[@for='{each.get('id')}']")[0])) for each in self.page.xpath(f"//input[@name='{name}']")]
        return selects or radios

    def _send(self, form: Any, button: Any, typed: dict[str, Any], files: dict[str, tuple[Any, str]], status: int) -> "Visitor":
        data: dict[str, list[Any]] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        known = {each.get("name") for each in form.iter("input", "textarea", "select")}
        for name, value in typed.items():
            assert name in known, f"No field “{name}” at {self.path}: {sorted(each for each in known if each)}"
            data[name] = [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
        for name, (stream, filename) in files.items():
            assert name in known, f"No file field “{name}” at {self.path}: {sorted(each for each in known if each)}"
            data[name] = [(stream, filename)]
        if button.get("name"):
            data[button.get("name")] = [button.get("value", "")]
        action = urljoin(self.path, button.get("formaction") or form.get("action") or self.path)
        return self._take(self.client.open(action, method=form.method, data=data, follow_redirects=True), status)

    def _take(self, answer: TestResponse, status: int) -> "Visitor":
        assert answer.status_code == status, f"{answer.request.path} gave {answer.status_code}: {_words(html.fromstring(answer.data))[:1500] if answer.data else ''}"
        self.answer, self.path = answer, answer.request.full_path.rstrip("?")
        if answer.mimetype == "text/html":
            self.page = html.fromstring(answer.text)
        return self

    @staticmethod
    def text_of(answer: TestResponse) -> str:
        """Give the words of the main part of an answer."""
        return _words(html.fromstring(answer.text).find(".//main"))

    @property
    def words(self) -> str:
        """All words of the page, with single spaces."""
        return _words(self.page.find(".//main"))

    @property
    def heading(self) -> str:
        """The page's first heading."""
        return _words(self.page.find(".//h1"))

    def says(self, *texts: str) -> "Visitor":
        """Check that the page says each text."""
        for text in texts:
            assert text in self.words, f"{self.path} does not say “{text}”: {self.words[:3000]}"
        return self

    def links(self, pattern: str) -> list[str]:
        """List the addresses of links that match *pattern*, without repetitions."""
        found = [each.get("href") or "" for each in self.page.iter("a")]
        return list(dict.fromkeys(urljoin(self.path, each) for each in found if re.search(pattern, each)))

    def sign_in(self, email: str, password: str) -> "Visitor":
        """Sign in with e-mail and password, and read the pages in English from then on."""
        self.client.delete_cookie("inspire")
        self.open("/sign-in?language=en").press("Sign in", email=email, password=password)
        return self.open("/?language=en")


def _words(element: Any) -> str:
    return " ".join(element.text_content().split()) if element is not None else ""


def link_in(text: str) -> str:
    """Give the path of the first address of our site in the text of a mail."""
    found = re.search(r"https?://\S+", text)
    assert found, f"No address in: {text}"
    parts = urlsplit(found[0])
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
