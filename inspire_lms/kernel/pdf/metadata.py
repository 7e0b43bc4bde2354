"""What a file says about itself: for archives (ISO 19005-3, PDF/A-3), for readers (ISO 14289-1, PDF/UA-1), for searches."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from xml.sax.saxutils import escape

from inspire_lms.kernel.pdf.objects import Name, Objects, Value, moment

MADE_BY = "inspire_lms"
_PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
    "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
}
_NAMED = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _PREFIXES.items())
# PDF/A asks that a property it does not know is described: the one by which PDF/UA is claimed (ISO 19005-3, 6.6.2.3).
_DESCRIBED = (
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>'
    f"<pdfaSchema:namespaceURI>{_PREFIXES['pdfuaid']}</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    "<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>The part of ISO 14289 to which the file conforms</pdfaProperty:description></rdf:li></rdf:Seq>"
    "</pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
)


@dataclass(frozen=True)
class About:
    """What a file says about itself."""

    title: str
    author: str
    subject: str
    language: str
    at: datetime
    """When it was made."""


def packet(about: About) -> bytes:
    """Write the XMP packet (ISO 16684-1)."""
    day = about.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    title = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(about.title)}</rdf:li></rdf:Alt>'
    subject = f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(about.subject)}</rdf:li></rdf:Alt>'
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF {_NAMED}><rdf:Description rdf:about="">'
        f"<dc:title>{title}</dc:title><dc:creator><rdf:Seq><rdf:li>{escape(about.author)}</rdf:li></rdf:Seq></dc:creator>"
        f"<dc:description>{subject}</dc:description><dc:language><rdf:Bag><rdf:li>{about.language}</rdf:li></rdf:Bag></dc:language>"
        f"<dc:format>application/pdf</dc:format><xmp:CreateDate>{day}</xmp:CreateDate><xmp:ModifyDate>{day}</xmp:ModifyDate>"
        f"<xmp:CreatorTool>{MADE_BY}</xmp:CreatorTool><pdf:Producer>{MADE_BY}</pdf:Producer>"
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>"
        f'{_DESCRIBED}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def information(about: About) -> dict[str, Value]:
    """Give the document information dictionary, which says what the XMP packet says."""
    return {
        "Title": about.title,
        "Author": about.author,
        "Subject": about.subject,
        "Creator": MADE_BY,
        "Producer": MADE_BY,
        "CreationDate": moment(about.at),
        "ModDate": moment(about.at),
    }


def output_intent(objects: Objects) -> Value:
    """Say for which colours the file is meant: sRGB, with its profile."""
    profile = objects.add_stream({"N": 3}, _srgb())
    return {
        "Type": Name("OutputIntent"),
        "S": Name("GTS_PDFA1"),
        "OutputConditionIdentifier": "sRGB",
        "Info": "sRGB IEC61966-2.1",
        "DestOutputProfile": profile,
    }


@lru_cache(maxsize=1)
def _srgb() -> bytes:
    """Give the colour profile of sRGB, without the moment at which it was made: the same bytes every time."""
    from PIL import ImageCms  # slow import

    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # Bytes 24 to 35 of the header are the date, 44 to 47 flags, 84 to 99 an identifier that may be nought (ICC.1, 7.2).
    profile[24:36] = (2026).to_bytes(2, "big") + bytes([0, 1, 0, 1, 0, 0, 0, 0, 0, 0])
    profile[84:100] = bytes(16)
    return bytes(profile)
