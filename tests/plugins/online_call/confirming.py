"""Confirming a deed about many: the page is read, and its button pressed."""

from lxml import html

FIELDS = ("number", "seal", "kind", "spoken", "letter")


def sees(client, address):
    """What the button of the page sends along."""
    page = html.fromstring(client.get(address).text)
    return {each.get("name"): each.get("value") for each in page.xpath("//main//form//input[@type='hidden']") if each.get("name") in FIELDS}


def confirmed(client, address):
    """Look, and press the button."""
    return client.post(address, data=sees(client, address))
