"""The pages of mails and refused addresses in a real browser, with an address as long as they come."""

import pytest
from sqlalchemy import update

from inspire_lms.kernel import mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.mailing import refused
from tests.builders import a_person, an_administrator
from tests.ground.browsers import overflow

SAID = "550 5.1.1 <anna.maria.antoniou.papadopoulou@ypourgeio-esoterikon.example>: Recipient address rejected: User unknown"


@pytest.mark.parametrize(("width", "language"), [(360, "el"), (1280, "it")])
def test_the_pages_of_mails_can_be_read_by_everybody(open_page, live_server, sign_in_as, axe, width, language):
    chief, ana = an_administrator(language=language), a_person(email="anna.maria.antoniou.papadopoulou@ypourgeio-esoterikon.example")
    with transaction():
        first, second = (mail.queue(mail.letter_to(ana.id, key=key, subject=Message("Offer"), lines=())) for key in "ab")
        session.execute(update(Mail).where(Mail.id == first).values(state="refused", error=SAID))
        session.execute(update(Mail).where(Mail.id == second).values(state="sent", sent_at=Mail.written_at))
        refused.refuse(ana.email, SAID, first)
    page = open_page(width=width, language=language)
    sign_in_as(page, chief)
    for address in ("/admin/mail/refused", f"/admin/mail?person={ana.id}", f"/admin/mail/{first}", f"/admin/mail/{second}/came-back"):
        page.goto(address)
        for each in page.locator("details summary").all():
            each.click()
        assert (address, axe(page), overflow(page)) == (address, [], 0)
