"""What is drawn and not written: the mark, the frieze, the emblem of the Union, the QR code."""

import math
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

INK, LIGHT, HAIR = "#14233c", "#ffc83d", "#9fb0c8"
BLUE, YELLOW = "#003399", "#ffcc00"
"""The colours of the emblem as its guide gives them."""
_BITS = bytes.maketrans(bytes([0, 255]), b"01")
"""From grey levels to a mask: black is painted, and 0 is what a mask paints."""
CODE = "Code"
"""The name by which a page shows the picture of its QR code."""
MASK = 3
"""The pattern laid over every QR code. Readers read all eight; to look for the best takes ten times as long as to draw one."""
STROKES = 84
HERE = 57
"""The stroke of the frieze that carries the light: here, now."""


def mark(canvas: "Canvas", x: float, y: float, width: float, height: float) -> None:
    """Draw the mark: eight moments, one of them now. *y* is the foot."""
    rises = (7, 8, 9, 10, 11, 20, 13, 14)
    step = width / 23
    for number, rise in enumerate(rises):
        tall = height * rise / 20
        if number == 5:  # noqa: PLR2004 (the sixth of eight moments is the present one)
            canvas.setFillColor(LIGHT)
            canvas.setStrokeColor(INK)
            canvas.setLineWidth(0.4)
            canvas.rect(x + step * (3 * number), y, 2 * step, tall, stroke=1, fill=1)
        else:
            canvas.setFillColor(INK)
            canvas.rect(x + step * (3 * number) + step * 0.5, y, step, tall, stroke=0, fill=1)


def frieze(canvas: "Canvas", x: float, y: float, width: float, height: float) -> None:
    """Draw a band of strokes that rise and fall in two waves and hang from the top; one is lit."""
    step = width / STROKES
    for number in range(STROKES):
        turn = number / STROKES * math.pi
        share = 0.30 + 0.42 * math.sin(turn * 1.6 + 0.4) ** 2 + 0.14 * math.sin(turn * 5 + 1.1)
        tall = height * (1 if number == HERE else min(0.92, share))
        canvas.setFillColor(LIGHT if number == HERE else INK)
        wide = step * (0.62 if number == HERE else 0.22)
        canvas.rect(x + step * (number + 0.5) - wide / 2, y + height - tall, wide, tall, stroke=0, fill=1)


def emblem(canvas: "Canvas", x: float, y: float, width: float, height: float) -> None:
    """Draw the emblem of the European Union: twelve upright stars on a circle, three to two."""
    canvas.setFillColor(BLUE)
    canvas.rect(x, y, width, height, stroke=0, fill=1)
    canvas.setFillColor(YELLOW)
    for hour in range(12):
        angle = math.radians(hour * 30)
        _star(canvas, x + width / 2 + height / 3 * math.sin(angle), y + height / 2 + height / 3 * math.cos(angle), height / 18)


def _star(canvas: "Canvas", x: float, y: float, radius: float) -> None:
    path = canvas.beginPath()
    for point in range(10):
        far = radius if point % 2 == 0 else radius * 0.382
        angle = math.radians(point * 36)
        where = (x + far * math.sin(angle), y + far * math.cos(angle))
        path.moveTo(*where) if point == 0 else path.lineTo(*where)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def operators(draw: "Callable[[Canvas], None]") -> bytes:
    """Give the operators by which a page shows what *draw* draws."""
    from reportlab.pdfgen.canvas import Canvas  # slow import

    canvas = Canvas(BytesIO())
    begun = len(canvas._code)  # type: ignore[attr-defined]  # noqa: SLF001 (the library’s types leave it out)
    draw(canvas)
    drawn: list[str] = canvas._code[begun:]  # type: ignore[attr-defined]  # noqa: SLF001
    return ("q\n" + "\n".join(drawn) + "\nQ\n").encode()


def qr(x: float, y: float, side: float) -> bytes:
    """Give the operators that show the QR code of a document, which is a picture of its own, under the name CODE."""
    return f"q 0 g {side:.3f} 0 0 {side:.3f} {x:.3f} {y:.3f} cm /{CODE} Do Q\n".encode()


def qr_mask(address: str) -> tuple[int, bytes]:
    """Give a QR code of level M as a mask of one bit: modules on a side, and the rows, a dark module as 0."""
    import zxingcpp  # slow import

    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=MASK)
    drawn = code.to_image(add_quiet_zones=False)
    image = memoryview(drawn)  # type: ignore[arg-type]  # it is a buffer, whatever the library's types say
    count, pixels = len(image), image.tobytes().translate(_BITS)
    filled = -(-count // 8) * 8
    rows = (pixels[row * count : (row + 1) * count].ljust(filled, b"1") for row in range(count))
    return count, b"".join(int(row, 2).to_bytes(filled // 8, "big") for row in rows)
