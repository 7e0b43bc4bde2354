"""Every page that a person can reach: no violation found by axe-core, nothing wider than the screen, in four languages and at two widths."""

from urllib.parse import urlsplit

import pytest

from inspire_lms.kernel import clock
from tests.ground.browsers import DESK, PHONE, broken_words, overflow, serving
from tests.ground.samples import walk

LANGUAGES = ("en", "it", "el", "ro")
FILES = (".csv", ".xlsx", ".pdf", ".zip", ".ics", ".toml", ".gift", ".pem", ".json")
PEOPLE = [
    ("over", ""), ("call", ""), ("call", "trainee.it"), ("teaching", "trainee.ro"), ("closing", "trainee.gr"), ("over", "trainee.it"),
    ("selection", "evaluator1.gr"), ("closing", "trainer.ro"), ("call", "coordinator.it"), ("over", "coordinator.ro"), ("over", "administrator"),
]  # fmt: skip
"""Who looks at which stage of the sample pilot."""


def addresses(app, statements, sign_in) -> list[str]:
    """List the pages that links lead to, one of each kind."""
    found: dict[str, str] = {}
    client = sign_in(app.test_client())
    for each in list(walk(client, counting=statements)):
        if each.status == 200 and not urlsplit(each.address).path.endswith(FILES) and client.get(each.address).mimetype == "text/html":
            shape = "".join("0" if letter.isdigit() else letter for letter in urlsplit(each.address).path)
            found.setdefault(shape, each.address)
    return list(found.values())


SEEN: set[str] = set()
"""The kinds of pages that somebody has looked at already. Home pages differ most, and are always looked at."""


def not_seen_yet(pages: list[str]) -> list[str]:
    """Leave out what was looked at as another person: twice as long would find nothing more."""
    shapes = {address: "".join("0" if letter.isdigit() else letter for letter in urlsplit(address).path) for address in pages}
    fresh = [address for address, shape in shapes.items() if shape == "/" or shape not in SEEN]
    SEEN.update(shapes.values())
    return fresh


@pytest.mark.parametrize(("stage", "who"), PEOPLE)
def test_no_page_shuts_anybody_out(stage, who, sample, statements, browser, axe):
    from inspire_lms.kernel.people import queries as people

    app = sample(stage)
    person = people.by_email(f"{who}@inspire.example") if who else None
    kept = {"_user_id": person.get_id(), "_fresh": True} if person else {}

    def sign_in(client):
        with client.session_transaction() as session:
            session.update(kept)
        return client

    pages = not_seen_yet(addresses(app, statements, sign_in))
    wrong: list[str] = []
    signer = app.session_interface.get_signing_serializer(app)
    with serving(app, clock.now()) as site:
        for language in LANGUAGES:
            context = browser.new_context(base_url=site.url, viewport={"width": DESK, "height": 800}, locale=language, reduced_motion="reduce")
            context.add_cookies([{"name": app.config["SESSION_COOKIE_NAME"], "value": signer.dumps(kept | {"language": language}), "url": site.url}])
            page = context.new_page()
            for address in pages:
                page.set_viewport_size({"width": DESK, "height": 800})
                page.goto(address)
                page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
                if page.evaluate("document.documentElement.lang") != language:
                    wrong.append(f"{language} {address}: the page says it is in another language")
                for width in (DESK, PHONE):
                    page.set_viewport_size({"width": width, "height": 800})
                    where = f"{language} {width} {address}"
                    wrong += [f"{where}: {each}" for each in axe(page)]
                    wrong += [f"{where}: “{each}” is broken" for each in broken_words(page)]
                    if overflow(page):
                        wrong.append(f"{where}: {overflow(page)} pixels too wide")
            context.close()
    assert wrong == []


def test_the_first_view_is_light(sample, browser):
    app = sample("call")
    with serving(app, clock.now()) as site:
        context = browser.new_context(base_url=site.url)
        page, sizes = context.new_page(), []
        page.on("response", lambda answer: sizes.append(len(answer.body())))
        page.goto("/")
        page.wait_for_load_state("networkidle")
        context.close()
    assert len(sizes) <= 8
    assert sum(sizes) <= 100_000
