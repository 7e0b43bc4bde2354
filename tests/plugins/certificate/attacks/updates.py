"""Revisions appended to a sealed file: what shadow attacks and careless programs do. The sealed bytes stay as they are."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.pdf_utils.generic import pdf_string as string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field


def updated(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    """Append a revision in which *change* has altered something."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _page(writer: Any) -> Any:
    kids = writer.root["/Pages"]["/Kids"]
    while "/Kids" in kids[0]:
        kids = kids[0]["/Kids"]
    return kids[0]


def _dictionary(**values: Any) -> Any:
    return generic.DictionaryObject({name(f"/{key}"): value for key, value in values.items()})


def _box(*corners: int) -> Any:
    return generic.ArrayObject([generic.NumberObject(one) for one in corners])


def page_content(writer: Any) -> None:
    """Let the first page show something else."""
    page = _page(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT /F1 30 Tf 100 100 Td (100%) Tj ET"))
    writer.update_container(page)


def white_box(writer: Any) -> None:
    """Lay a white rectangle with another name over the first page."""
    look = generic.StreamObject(
        dict_data={name("/Type"): name("/XObject"), name("/Subtype"): name("/Form"), name("/BBox"): _box(0, 0, 300, 300)},
        stream_data=b"1 g 0 0 300 300 re f",
    )
    shown = _dictionary(N=writer.add_object(look))
    _annotate(
        writer, _dictionary(Type=name("/Annot"), Subtype=name("/Stamp"), Rect=_box(50, 400, 550, 700), F=generic.NumberObject(4), AP=shown)
    )


def free_text(writer: Any) -> None:
    """Write a note over the first page."""
    _annotate(writer, _dictionary(Type=name("/Annot"), Subtype=name("/FreeText"), Rect=_box(0, 0, 300, 300), Contents=string("Level 4")))


def _annotate(writer: Any, annotation: Any) -> None:
    page = _page(writer)
    held = list(page["/Annots"]) if "/Annots" in page else []
    page["/Annots"] = generic.ArrayObject([*(page["/Annots"].raw_get(place) for place in range(len(held))), writer.add_object(annotation)])
    writer.update_container(page)


def new_page(writer: Any) -> None:
    """Add a page with more results."""
    parent = writer.root["/Pages"]
    kids = parent["/Kids"]
    kids.append(writer.add_object(_dictionary(Type=name("/Page"), Parent=writer.root.raw_get("/Pages"), MediaBox=_box(0, 0, 595, 842))))
    parent["/Count"] = generic.NumberObject(int(parent["/Count"]) + 1)
    writer.update_container(kids)
    writer.update_container(parent)


def name_in_xmp(writer: Any) -> None:
    """Let the metadata name somebody else."""
    text = b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">Forged</x:xmpmeta><?xpacket end="w"?>'
    made = generic.StreamObject(dict_data={name("/Type"): name("/Metadata"), name("/Subtype"): name("/XML")}, stream_data=text)
    writer.root["/Metadata"] = writer.add_object(made)
    writer.update_root()


def title(writer: Any) -> None:
    """Let the document information have another title."""
    writer.set_info(_dictionary(Title=string("Forged")))


def attachment(writer: Any) -> None:
    """Put another credential in the place of ours."""
    held = writer.root["/AF"] if "/AF" in writer.root else writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    place = next(one for place in range(len(held)) if isinstance(one := held[place], generic.DictionaryObject))["/EF"]
    place["/F"] = writer.add_object(generic.StreamObject(dict_data={name("/Type"): name("/EmbeddedFile")}, stream_data=b"eyJ.forged.x"))
    writer.update_container(place)


def no_field(writer: Any) -> None:
    """Take the field of the seal out of the form."""
    form = writer.root["/AcroForm"]
    form["/Fields"] = generic.ArrayObject()
    writer.update_container(form)


def empty_field(writer: Any) -> None:
    """Add a field that waits for another signature."""
    append_signature_field(writer, SigFieldSpec("Another"))


def form_value(writer: Any) -> None:
    """Add a field of text that is filled in."""
    fields = writer.root["/AcroForm"]["/Fields"]
    fields.append(writer.add_object(_dictionary(FT=name("/Tx"), T=string("Level"), V=string("4"))))
    writer.update_container(fields)


def security_store(writer: Any) -> None:
    """Add what looks like the material that prolongs a seal, and is garbage."""
    garbage = writer.add_object(generic.StreamObject(stream_data=b"\x30\x80garbage"))
    writer.root["/DSS"] = writer.add_object(_dictionary(Type=name("/DSS"), Certs=generic.ArrayObject([garbage])))
    writer.update_root()


def catalog(writer: Any) -> None:
    """Let the document do something when it is opened."""
    writer.root["/OpenAction"] = _dictionary(S=name("/URI"), URI=string("https://forged.example/"))
    writer.update_root()
