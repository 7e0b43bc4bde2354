"""Somebody in front of a browser who has no mouse."""

from typing import Any, Self

MOST = 400
"""Presses of the tabulator before we give up."""
_NAME = """() => { const e = document.activeElement; const l = e.labels && e.labels.length ? [...e.labels].map((x) => x.textContent).join(" ") : "";
const g = e.type === "radio" || e.type === "checkbox" ? (e.closest("fieldset")?.querySelector("legend")?.textContent || "") + " " : "";
return (g + (e.getAttribute("aria-label") || l || e.textContent || e.value || "")).replace(/\\s+/g, " ").trim() }"""
_SIZE = "(() => { const b = document.activeElement.getBoundingClientRect(); return Math.min(b.width, b.height) })()"


class Keyboard:
    """Somebody who has no mouse. Whatever has the focus must be visible."""

    def __init__(self, page: Any) -> None:
        """Sit down in front of a page."""
        self.page = page
        # A window for files can be filled in only where somebody listens, and the browser is told so without an answer: early enough.
        page.on("filechooser", lambda _window: None)

    def to(self, text: str) -> Self:
        """Press the tabulator until the thing with the focus is called *text*: a link, a button, a field."""
        seen = []
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            seen.append(self.name())
            if text in seen[-1]:
                assert self.page.evaluate(_SIZE) > 0, f"{text} has the focus and cannot be seen"
                return self
        msg = f"The tabulator does not reach “{text}” at {self.page.url}, but {list(dict.fromkeys(seen))}"
        raise AssertionError(msg)

    def name(self) -> str:
        """Say what the focused thing is called, as a screen reader would."""
        return str(self.page.evaluate(_NAME))

    def press(self, text: str) -> Self:
        """Reach a link or a button and press Enter."""
        self.to(text)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def type(self, label: str, text: str) -> Self:
        """Reach a field and write."""
        self.to(label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)
        return self

    def choose(self, label: str, down: int = 0) -> Self:
        """Reach a group of radio buttons and choose one: the space bar takes the first, arrows go on."""
        self.to(label)
        self.page.keyboard.press("Space")
        for _ in range(down):
            self.page.keyboard.press("ArrowDown")
        return self

    def tick(self, label: str) -> Self:
        """Reach a box and tick it."""
        self.to(label)
        self.page.keyboard.press("Space")
        return self

    def attach(self, label: str, file: dict[str, Any]) -> Self:
        """Reach a field for a file, open the window of the system with Enter, and choose *file* there."""
        self.to(label)
        with self.page.expect_file_chooser() as window:
            self.page.keyboard.press("Enter")
        window.value.set_files(file)
        return self
