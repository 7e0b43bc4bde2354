"""Asking a server of somebody else's, which may be slow, silent or hostile: within a time, and no more than so many bytes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from inspire_lms.plugins.certificate.sealing.library import outside_a_loop

ANSWERED, REFUSED, BROKEN = 200, 400, 500
"""From which status on an answer is one, says that we asked wrongly, says that the server is in trouble."""
_PIECE = 16 * 1024


class NoAnswerError(Exception):
    """Nothing came, too late, or more than is taken; the text names the server and no secret."""


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    kind: str
    """Content type, without parameters."""
    content: bytes


def ask(address: str, content: bytes, *, headers: Mapping[str, str], within: float, most: int) -> Answer:
    """Send *content* to *address* by POST and give the answer: *within* seconds in all, at most *most* bytes.

    Raises NoAnswerError. Redirections are not followed: what we send is for this server alone.
    """
    return outside_a_loop(lambda: asyncio.run(_ask(address, content, headers, within, most)))


def host_of(address: str) -> str:
    """Give the server of an address, for messages."""
    return urlsplit(address).netloc.rpartition("@")[2] or address


async def _ask(address: str, content: bytes, headers: Mapping[str, str], within: float, most: int) -> Answer:
    # Of the libraries at hand only this one has a limit for the errand as a whole, from the look-up of the name to the last byte.
    # That of a socket begins anew with each byte, so that a server which sends one every nine seconds would keep us for ever.
    import aiohttp  # slow import

    host, limit = host_of(address), aiohttp.ClientTimeout(total=within)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as client,
            client.post(address, data=content, headers=headers, allow_redirects=False) as answer,
        ):
            body = b""
            async for piece in answer.content.iter_chunked(_PIECE):
                body += piece
                if len(body) > most:
                    msg = f"{host} sends more than the {most} bytes that an answer may have."
                    raise NoAnswerError(msg)
            return Answer(answer.status, answer.content_type, body)
    except TimeoutError as error:
        msg = f"{host} did not answer within {within:g} seconds."
        raise NoAnswerError(msg) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        msg = f"{host} cannot be reached: {str(error) or type(error).__name__}."
        raise NoAnswerError(msg) from error
