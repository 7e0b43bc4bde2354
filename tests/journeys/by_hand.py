"""Three countries choose, in a browser: an applicant without a mouse, an evaluator, a coordinator, each in the own language."""

from collections.abc import Callable
from typing import Any, Self

from inspire_lms.kernel import i18n
from tests.ground.browsers import DESK, PHONE, broken_words, overflow
from tests.ground.keyboard import Keyboard
from tests.journeys.cast import PASSWORD, a_pdf
from tests.journeys.choosing import Story, assert_blind, form, note_of, said
from tests.journeys.visitor import link_in

Look = Callable[[Any], None]
"""What is looked at on each page that somebody comes to."""
AUTHORISATION = {"name": "autorizzazione.pdf", "mimeType": "application/pdf", "buffer": a_pdf()}


def looking(axe: Callable[[Any], list[str]]) -> Look:
    """Make what looks at pages: nothing is cut or wider than the screen, on a desk and on a phone; each kind is readable for everybody."""
    seen: set[str] = set()

    def look(page: Any) -> None:
        page.wait_for_load_state()
        kind = "".join("0" if letter.isdigit() else letter for letter in page.url)
        for width in (PHONE, DESK):
            page.set_viewport_size({"width": width, "height": 800})
            assert (page.url, width, overflow(page), broken_words(page)) == (page.url, width, 0, [])
        assert page.locator("[aria-current=step]").count() <= 1, f"{page.url} says of several steps that they are what is now"
        assert kind in seen or axe(page) == []
        seen.add(kind)

    return look


class Person:
    """Somebody in front of a browser, who reads in one language."""

    def __init__(self, story: Story, page: Any, look: Look, language: str) -> None:
        """Sit down in front of an empty page."""
        self.story, self.page, self.look, self.language = story, page, look, language

    def says(self, *texts: str) -> Self:
        """Check that the page says each text; look at the page."""
        words = self.words
        for text in texts:
            assert text in words, f"{self.page.url} does not say “{text}”: {words[:3000]}"
        self.look(self.page)
        return self

    def hides(self, *texts: str) -> Self:
        """Check that the page says none of the texts."""
        found = [text for text in texts if text in self.words]
        assert found == [], self.words[:3000]
        return self

    def said(self, text: str, **values: Any) -> str:
        """Give a sentence of the product in the own language."""
        return said(self.language, text, **values)

    @property
    def words(self) -> str:
        """All words of the page's main part, with single spaces."""
        return " ".join(self.page.locator("main").text_content().split())


class ByKeyboard(Person):
    """An applicant who uses the keyboard alone."""

    def __init__(self, story: Story, page: Any, look: Look, number: int) -> None:
        """Take the part of one of the applicants."""
        self.figure, self.number = story.country.figures[number], number
        super().__init__(story, page, look, self.figure.language)
        self.keys = Keyboard(page)

    def register(self) -> Self:
        """Find the notice on the first page, begin to apply, open an account, and read the mail."""
        who, language, country = self.figure.who, self.language, self.story.country.code
        name = {"IT": "Italia", "GR": "Ελλάδα", "RO": "Romania" if language == "en" else "România"}[country]
        self.page.goto("/")
        self.keys.press(f", {name}")
        self.says(self.said("What we do not ask for")).keys.press(self.said("Fill in the application"))
        with i18n.speaking(language):
            opens = i18n.pgettext("account", "Register")
        self.keys.press(opens).type(self.said("Given name"), who.given_name).type(self.said("Family name"), who.family_name)
        self.keys.type(self.said("E-mail address"), who.email).type(self.said("Password"), PASSWORD).press(opens)
        self.look(self.page)
        self.page.goto(link_in(self.story.mail(who.email, "").text))
        self.keys.type(self.said("Password"), PASSWORD).press(self.said("Confirm and sign in"))
        return self.says(self.said("Nothing is submitted before you press the button at the end. Until then only you see the draft."))

    def sign_in(self) -> Self:
        """Sign in again, on another day."""
        self.page.context.clear_cookies()
        self.page.goto(f"/sign-in?language={self.language}")
        self.keys.type(self.said("E-mail address"), self.figure.who.email).type(self.said("Password"), PASSWORD).press(self.said("Sign in"))
        return self

    def write(self, *, superior: tuple[str, str] | None = None) -> Self:
        """Fill in the form, section by section, up to the page on which everything is looked over; a superior answers by a link."""
        self.keys.press(self.said("Begin"))
        for section in form(self.story.country.code):
            self.look(self.page)
            for question in section["question"]:
                if superior is None or question["code"] not in {"authorisation", "declaration"}:
                    self._answer(question, self.figure.answers[section["code"]])
            if superior and any(each["code"] == "authorisation" for each in section["question"]):
                return self.let_the_superior_answer(*superior)
            self.keys.press(self.said("Save and continue"))
        return self

    def _answer(self, question: dict[str, Any], told: Any) -> None:
        label, keys = question["title"][self.language], self.keys
        answer = told.get(question["code"])
        match question["kind"]:
            case "text" | "long-text" | "whole":
                keys.type(label, answer)
            case "yes-no":
                keys.choose(label, ["yes", "no"].index(answer))
            case "choice":
                keys.choose(label, [each["code"] for each in question["option"]].index(answer))
            case "choices":
                for option in question["option"]:
                    if option["code"] in answer:
                        keys.tick(f"{label} {option['title'][self.language]}")
            case "file":
                keys.attach(label, AUTHORISATION)
            case "declaration":
                keys.tick(label)

    def let_the_superior_answer(self, name: str, email: str) -> Self:
        """In place of a file ask the superior by a link; the solemn declaration, left out at first, is found to be lacking and made."""
        self.keys.press(self.said("Save and ask your superior"))
        self.look(self.page)
        self.keys.type(self.said("Name of your superior"), name).type(self.said("Office e-mail address"), email)
        self.keys.press(self.said("Send the request"))
        self.says(email).keys.press(self.said("Back to your application"))
        self.says(self.said("Not submitted")).keys.press(self.said("Go on"))
        self.keys.tick(self._label("declaration")).press(self.said("Save and continue"))
        return self

    def _label(self, code: str) -> str:
        questions = [each for section in form(self.story.country.code) for each in section["question"]]
        return next(each["title"][self.language] for each in questions if each["code"] == code)

    def submit(self) -> Self:
        """Press the button at the end, and read the receipt."""
        self.look(self.page)
        self.keys.press(self.said("Submit the application"))
        self.says(*self.story.country.protocol(self.number))
        self.story.paths[self.number] = self.page.url.partition("#")[0][len(self.story.site.url) :]
        return self

    def follow(self) -> Self:
        """Sign in and open the own application from the first page."""
        self.sign_in()
        self.page.goto(self.story.paths[self.number])
        return self

    def mend(self, sentence: str) -> Self:
        """Sign in, find on the first page what is asked for once more, and hand it in."""
        self.sign_in().keys.press(self.said("See what is asked for"))
        self.says(sentence).keys.attach(self._label("authorisation"), AUTHORISATION).press(self.said("Submit once"))
        return self.says(self.said("Your application is mended."))

    def appeal(self, grounds: str) -> Self:
        """Write an appeal against the provisional result."""
        self.keys.press(self.said("Write an appeal"))
        self.look(self.page)
        self.keys.type(self.said("What is wrong, and why"), grounds).press(self.said("Send the appeal"))
        return self.says(grounds)

    def accept(self) -> Self:
        """Open the offer from its mail, and accept the place."""
        self.page.context.clear_cookies()
        self.page.goto(link_in(self.story.mail(self.figure.who.email, "online_call.offer:").text))
        self.look(self.page)
        self.keys.press(self.said("Accept the place"))
        return self.says(self.said("Go to your course"))


class Superior(Person):
    """The head of a service, who has got a link by mail and uses the keyboard alone too."""

    def answer(self, email: str) -> Self:
        """Give the authorisation; the page says whom it is for and what is confirmed."""
        keys = Keyboard(self.page)
        self.page.goto(link_in(self.story.mail(email, "online_call.authorise:").text))
        self.look(self.page)
        keys.choose(self.said("Your answer")).press(self.said("Send the answer"))
        return self.says(self.said("Your answer has arrived. The applicant and the coordinator of the call see it; there is nothing more to do."))


class Staff(Person):
    """A coordinator or an evaluator, with mouse and keyboard."""

    def __init__(self, story: Story, page: Any, look: Look, name: str) -> None:
        """Sign somebody in, in the language of the country."""
        super().__init__(story, page, look, story.country.language)
        self.name = name
        page.goto(f"/sign-in?language={self.language}")
        page.fill("input[name=email]", story.staff(name))
        page.fill("input[name=password]", PASSWORD)
        self.press("Sign in")

    def press(self, text: str) -> Self:
        """Press a button, and say yes where one is asked."""
        name = self.said(text)
        if self.page.locator("details.sure > summary", has_text=name).count():
            self.page.locator("details.sure > summary", has_text=name).click()
            name = self.said("Yes: {deed}", deed=name)
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        return self

    def open(self, address: str, text: str) -> Self:
        """Open a page that says something."""
        self.page.goto(address)
        return self.says(self.said(text))

    def evaluate(self, number: int, *texts: str) -> Self:
        """Find an application in the list, read it, and give it its marks; what others gave is not there, and in Greece no name is."""
        self.page.goto("/online_call/reviews")
        self.look(self.page)
        row = self.page.locator("tr", has_text=self.story.country.protocol(number)[0])
        with self.page.expect_navigation():
            row.get_by_role("link").first.click()
        self.look(self.page)
        assert_blind(self.hides(self.said("What others give is shown below.")).words, self.name)
        self.says(*(self.said(text) for text in texts))
        if self.language == "el":
            who = self.story.country.figures[number].who
            self.hides(who.family_name, who.administration)
        for code, points in self.story.next_marks(number).items():
            field = self.page.locator(f"[name={code}]")
            if field.first.get_attribute("type") == "radio":
                self.page.check(f"[name={code}][value='{points}']")
            else:
                field.fill(points)
        self.page.fill("[name=_comment]", note_of(self.name))
        return self.press("Keep the evaluation")

    def publish_provisionally(self) -> Self:
        """Publish the provisional list, after seeing whom it concerns."""
        self._to_the_preview("/publish-provisionally")
        self.press("Publish it provisionally")
        return self.says(self.said("Provisional ranking published"))

    def answer_appeal(self, answer: str, *, is_upheld: bool) -> Self:
        """Answer the appeal that waits."""
        self.page.goto(self.story.room)
        for _step in ("from the room to the list", "from the list to the appeal"):
            self.look(self.page)
            with self.page.expect_navigation():
                self.page.locator("main").locator("a[href*='/appeals']").first.click()
        self.look(self.page)
        self.page.check(f"[name=decision][value={'upheld' if is_upheld else 'dismissed'}]")
        self.page.fill("[name=answer]", answer)
        self.press("Send the answer")
        return self.says(self.said("Upheld" if is_upheld else "Dismissed"))

    def publish(self) -> Self:
        """Publish the ranking and send the offers, after seeing who gets one."""
        self._to_the_preview("/publish")
        self.press("Publish and send the offers")
        return self.says(self.said("Ranking published"))

    def _to_the_preview(self, path: str) -> None:
        self.page.goto(self.story.room)
        self.look(self.page)
        with self.page.expect_navigation():
            self.page.locator("main").locator(f"a[href$='{path}']").first.click()
        self.says(self.said("Nothing is done yet"))
        self.look(self.page)
