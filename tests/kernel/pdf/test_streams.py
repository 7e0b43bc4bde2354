"""A packed stream ends so that every reader finds its end."""

import zlib

from inspire_lms.kernel.pdf.objects import stream


def test_what_would_end_in_a_carriage_return_when_packed_is_left_as_it_is():
    contents = [b"%d" % number for number in range(10_000, 12_000)]
    ending = [one for one in contents if zlib.compress(one, 9).endswith(b"\r")]
    assert ending
    assert [one for one in contents if b"FlateDecode" not in stream({}, one)] == ending
    assert not any(b"\r\nendstream" in stream({}, one) for one in contents)
