"""Longer-lived forms: with a time stamp, for the archive, and renewed. What was there stays byte for byte, and others accept the whole."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from inspire_lms.kernel import clock
from inspire_lms.plugins.certificate.prolonging import levels
from inspire_lms.plugins.certificate.prolonging.levels import NotProlongedError
from inspire_lms.plugins.certificate.sealing import pades, pkcs12
from inspire_lms.plugins.certificate.sealing.seal import TimeStampError, in_pem, root_of
from inspire_lms.plugins.certificate.sealing.time import Stamper
from inspire_lms.plugins.certificate.verdict import Verdict, judge
from tests.judges import second, verapdf
from tests.plugins.certificate.sealing.conftest import run
from tests.plugins.certificate.sealing.pki import PASSWORD, a_crl, a_key, a_p12, a_root
from tests.plugins.certificate.sealing.servers import a_tsa, plainly, serving, their


@pytest.fixture
def a_seal(authority, tmp_path):
    def made(kind="P-256", **but):
        key = a_key(kind, 3)
        return pkcs12.opened(a_p12(tmp_path / f"{kind}.p12", key, authority.issue("Seal of these tests", key, **but), authority.chain), PASSWORD)

    return made


def believed(pdf, *roots, at=None):
    """Say what pyHanko finds about each signature of a file: name, sound, how much of the file, what was added later and whether it may."""
    found = []
    for one in PdfFileReader(BytesIO(pdf)).embedded_signatures:
        context = ValidationContext(trust_roots=[their(root) for root in roots], allow_fetching=False, moment=at)
        is_stamp = one.sig_object["/Type"] == "/DocTimeStamp"
        status = validate_pdf_timestamp(one, context) if is_stamp else validate_pdf_signature(one, context)
        is_sound = status.intact and status.valid and status.trusted and (is_stamp or status.bottom_line)
        stamped = None if is_stamp else bool(status.timestamp_validity and status.timestamp_validity.trusted)
        added = getattr(status, "modification_level", None)
        found.append((one.field_name, is_sound, stamped, status.coverage, added, is_stamp or status.docmdp_ok))
    return found


FILE, REVISION = SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION
NOTHING, FOR_THE_ARCHIVE = ModificationLevel.NONE, ModificationLevel.LTA_UPDATES


def gap(pdf):
    return [int(one) for one in pades.RANGES.findall(pdf)[0][1:3]]


def table(pdf):
    """Give the last table of cross-references; of one that is a stream, its entries."""
    begins = int(pdf.split(b"startxref\n")[-1].split()[0])
    return pdf[begins:].split(b"stream")[0]


def xmp(pdf):
    return re.findall(rb"<\?xpacket begin.*?<\?xpacket end", PdfFileReader(BytesIO(pdf)).root["/Metadata"].data, re.DOTALL)


@pytest.mark.parametrize("engine", ["fast", "pyhanko"])
@pytest.mark.parametrize("kind", ["P-256", "3072"])
def test_a_time_stamp_is_set_in_the_gap_and_nowhere_else(a_seal, sealed, tsa, trusting, tmp_path, kind, engine):
    seal, root = a_seal(kind), tsa.authority.certificate
    plain = sealed(seal, engine=engine)
    stamped = levels.with_time_stamp(plain, Stamper(tsa.url, [root]))
    begins, ends = gap(plain)
    assert (len(stamped), stamped[: begins + 1], stamped[ends - 1 :], tsa.asked) == (len(plain), plain[: begins + 1], plain[ends - 1 :], 1)
    assert re.fullmatch(rb"<[0-9A-F]+>", stamped[begins:ends])
    assert pades.covered_digest(stamped) == pades.covered_digest(plain)
    assert believed(stamped, root_of(seal), root) == [("Seal", True, True, FILE, NOTHING, True)]
    assert believed(plain, root_of(seal), root) == [("Seal", True, False, FILE, NOTHING, True)]
    assert judge(stamped, [seal.certificate], [root_of(seal), root], at=clock.now()).verdict is Verdict.INTACT
    assert levels.last_stamp_ends_at(stamped) == tsa.certificate.not_valid_after_utc
    assert levels.last_stamp_ends_at(plain) is None
    path = tmp_path / "stamped.pdf"
    path.write_bytes(stamped)
    said = run("pdfsig", "-nssdir", trusting(root_of(seal), root), path).stdout
    assert [words for words in ("Signature is Valid.", "Certificate is Trusted.", "Total document signed") if words not in said] == []
    (tmp_path / "covered").write_bytes(stamped[:begins] + stamped[ends:])
    (tmp_path / "seal.p7").write_bytes(bytes.fromhex(stamped[begins + 1 : ends - 1].decode()))
    (tmp_path / "root.pem").write_bytes(in_pem([root_of(seal)]))
    words = ("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "seal.p7", "-content", tmp_path / "covered", "-CAfile", tmp_path / "root.pem", "-purpose", "any", "-out", tmp_path / "out")
    assert "CAdES Verification successful" in run("openssl", *words).stderr


def test_a_time_stamp_that_does_not_fit_is_refused_and_one_that_just_fits_is_not(a_seal, sealed, tsa):
    seal, stamper = a_seal(), Stamper(tsa.url)
    long = len(stamper.token_for(b"a value"))
    with pytest.raises(NotProlongedError, match=r"and \d+ are kept free"):
        levels.with_time_stamp(sealed(seal, token_bytes=long + 8), stamper)
    assert levels.last_stamp_ends_at(levels.with_time_stamp(sealed(seal, token_bytes=long + 48), stamper))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda pdf: b"%PDF-1.7 nothing", "exactly one signature"),
        (lambda pdf: pdf + b"% more", "does not cover the file"),
        (lambda pdf: pdf[: gap(pdf)[0]] + b"(" + pdf[gap(pdf)[0] + 1 :], "holds something else"),
    ],
)
def test_what_is_not_a_sealed_file_gets_no_time_stamp(a_seal, sealed, tsa, change, says):
    with pytest.raises(NotProlongedError, match=says):
        levels.with_time_stamp(change(sealed(a_seal())), Stamper(tsa.url))
    assert tsa.asked == 0


def test_a_second_time_stamp_and_one_after_the_end_of_the_seal_are_refused(a_seal, sealed, tsa):
    stamper, plain = Stamper(tsa.url), sealed(a_seal(days=20))
    with pytest.raises(NotProlongedError, match="has a time stamp already"):
        levels.with_time_stamp(levels.with_time_stamp(plain, stamper), stamper)
    with clock.frozen(datetime.now(UTC) + timedelta(days=21)), pytest.raises(NotProlongedError, match="certificate has ended"):
        levels.with_time_stamp(plain, stamper)


def test_without_a_server_there_is_no_time_stamp_and_the_error_says_so(a_seal, sealed, tsa):
    tsa.behave = plainly(500, "text/html", b"")
    with pytest.raises(TimeStampError):
        levels.with_time_stamp(sealed(a_seal()), Stamper(tsa.url))


@pytest.mark.parametrize(
    ("kind", "engine", "pinned"), [("P-256", "fast", True), ("P-256", "fast", False), ("P-256", "pyhanko", True), ("3072", "fast", True), ("3072", "pyhanko", False)]
)
def test_a_file_for_the_archive_begins_with_the_one_that_was_there_and_may_be_renewed(a_seal, sealed, tsa, trusting, tmp_path, kind, engine, pinned):
    seal, root = a_seal(kind), tsa.authority.certificate
    stamper = Stamper(tsa.url, [root] if pinned else [])
    stamped = levels.with_time_stamp(sealed(seal, engine=engine), stamper)
    kept = levels.with_archive(stamped, [root_of(seal)], stamper)
    again = levels.with_archive(kept, [root_of(seal)], stamper)
    assert (kept.startswith(stamped), again.startswith(kept), tsa.asked) == (True, True, 3)
    assert [one.count(b"startxref") for one in (stamped, kept, again)] == [1, 2, 3]
    assert xmp(stamped) == xmp(kept) == xmp(again) != []
    trusted = (root_of(seal), root)
    assert believed(kept, *trusted) == [("Seal", True, True, REVISION, FOR_THE_ARCHIVE, True), ("Stamp1", True, None, FILE, NOTHING, True)]
    assert believed(again, *trusted) == [
        ("Seal", True, True, REVISION, FOR_THE_ARCHIVE, True),
        ("Stamp1", True, None, REVISION, FOR_THE_ARCHIVE, True),
        ("Stamp2", True, None, FILE, NOTHING, True),
    ]
    store = trusting(*trusted)
    for number, pdf in enumerate((kept, again)):
        (tmp_path / f"{number}.pdf").write_bytes(pdf)
        first = run("pdfsig", "-nssdir", store, tmp_path / f"{number}.pdf").stdout.split("Signature #2")[0]
        assert [words for words in ("Signature is Valid.", "Certificate is Trusted.") if words not in first] == []
        assert run("qpdf", "--check", tmp_path / f"{number}.pdf").returncode == 0
        assert "Γεώργιος Παπαϊωάννου" in run("pdftotext", "-layout", tmp_path / f"{number}.pdf", "-").stdout
        assert run("mutool", "info", tmp_path / f"{number}.pdf").returncode == 0


@pytest.mark.parametrize("engine", ["fast", "pyhanko"])
def test_every_form_stays_accessible_and_archivable(a_seal, sealed, tsa, engine):
    """But for one rule of the second judge: it asks that each seal covers the file to its end, which none can before a later time stamp."""
    seal, stamper = a_seal(), Stamper(tsa.url)
    plain = sealed(seal, engine=engine)
    stamped = levels.with_time_stamp(plain, stamper)
    kept = levels.with_archive(stamped, [root_of(seal)], stamper)
    again = levels.with_archive(kept, [root_of(seal)], stamper)
    forms = (plain, stamped, kept, again)
    assert [verapdf.failures(pdf, flavour) for pdf in forms for flavour in ("3a", "ua1")] == [()] * 8
    assert [second.failures(pdf, "ua1") for pdf in forms] == [()] * 4
    assert [[one.rule for one in second.failures(pdf, "3a")] for pdf in forms] == [[], [], *[["PDFA3A-SIGNATURE-BYTERANGE-001"]] * 2]
    assert [bool(each.failures(kept.replace(b"/MarkInfo", b"/KramInfo"), "ua1")) for each in (verapdf, second)] == [True, True]


@pytest.mark.parametrize(("end", "engine"), [(b"\r", "fast"), (b"\r", "pyhanko"), (b"\n", "fast"), (b"e", "fast")])
def test_the_last_byte_of_a_certificate_is_not_taken_for_the_end_of_a_line(authority, sealed, tsa, tmp_path, end, engine):
    key = a_key("P-256", 3)
    ending = next(one for one in (authority.issue("Seal of these tests", key) for _ in range(5000)) if one.public_bytes(Encoding.DER).endswith(end))
    seal = pkcs12.opened(a_p12(tmp_path / "seal.p12", key, ending, authority.chain), PASSWORD)
    stamped = levels.with_time_stamp(sealed(seal, engine=engine), Stamper(tsa.url))
    kept = levels.with_archive(stamped, [root_of(seal)], Stamper(tsa.url))
    assert b"\r\nendstream" not in kept
    assert [b"/Filter" in table(pdf) for pdf in (stamped, kept)] == [engine == "fast", False]
    assert verapdf.failures(kept, "3a") == ()
    assert [one.rule for one in second.failures(kept, "3a")] == ["PDFA3A-SIGNATURE-BYTERANGE-001"]
    assert ending in [x509.load_der_x509_certificate(one.dump()) for one in DocumentSecurityStore.read_dss(PdfFileReader(BytesIO(kept))).load_certs()]
    (tmp_path / "kept.pdf").write_bytes(kept)
    assert run("qpdf", "--check", tmp_path / "kept.pdf").returncode == 0


def test_the_end_of_the_last_time_stamp_is_that_of_the_newest(a_seal, sealed, tsa):
    seal = a_seal()
    kept = levels.with_archive(levels.with_time_stamp(sealed(seal), Stamper(tsa.url)), [root_of(seal)], Stamper(tsa.url))
    longer = a_tsa(a_root("Another root of time stamps"), days=2000)
    with serving(longer.answer) as url:
        again = levels.with_archive(kept, [root_of(seal)], Stamper(url))
    assert levels.last_stamp_ends_at(kept) == tsa.certificate.not_valid_after_utc
    assert levels.last_stamp_ends_at(again) == longer.certificate.not_valid_after_utc
    assert [sound for _, sound, *_ in believed(again, root_of(seal), tsa.authority.certificate, longer.authority.certificate)] == [True] * 3


def test_a_file_without_a_time_stamp_is_not_for_the_archive(a_seal, sealed, tsa):
    with pytest.raises(NotProlongedError, match="no time stamp yet"):
        levels.with_archive(sealed(a_seal()), [root_of(a_seal())], Stamper(tsa.url))


def test_a_file_of_somebody_else_is_not_for_the_archive(a_seal, sealed, tsa):
    stamper = Stamper(tsa.url)
    with pytest.raises(NotProlongedError, match="cannot be checked"):
        levels.with_archive(levels.with_time_stamp(sealed(a_seal()), stamper), [a_root("Somebody else").certificate], stamper)


@pytest.mark.parametrize("state", ["valid", "revoked", "silent"])
def test_the_answer_about_revocation_is_kept_in_the_file_or_nothing_is_made(authority, sealed, tsa, tmp_path, state):
    listed = []

    def lists(_path, _sent, _headers):
        return (503, "text/plain", b"") if state == "silent" else (200, "application/pkix-crl", a_crl(authority, *listed))

    with serving(lists) as url:
        key = a_key("P-256", 21)
        certificate = authority.issue("Seal with a list", key, crl=f"{url}/list.crl")
        listed += [certificate] if state == "revoked" else []
        seal, stamper = pkcs12.opened(a_p12(tmp_path / "listed.p12", key, certificate, authority.chain), PASSWORD), Stamper(tsa.url)
        stamped = levels.with_time_stamp(sealed(seal), stamper)
        if state != "valid":
            with pytest.raises(NotProlongedError, match="cannot be checked"):
                levels.with_archive(stamped, [root_of(seal)], stamper)
            return
        kept = levels.with_archive(stamped, [root_of(seal)], stamper)
    store = PdfFileReader(BytesIO(kept)).root["/DSS"]
    assert [x509.load_der_x509_crl(one.get_object().data).issuer for one in store["/CRLs"]] == [authority.certificate.subject]
    held = {stream.get_object().data for stream in store["/Certs"]}
    assert {their(one).dump() for one in (certificate, *authority.chain, tsa.certificate)} <= held


def by_what_it_keeps(pdf, *roots):
    """Say whether the seal is valid at the time of the first stamp over the file, without any network: each answer has to be in the file."""
    reader = PdfFileReader(BytesIO(pdf))
    told = {"trust_roots": [their(root) for root in roots], "allow_fetching": False, "revocation_mode": "hard-fail", "crls": [], "ocsps": []}
    if reader.embedded_timestamp_signatures:
        first = reader.embedded_timestamp_signatures[0]
        assert validate_pdf_timestamp(first, ValidationContext(trust_roots=told["trust_roots"], allow_fetching=False)).trusted
        moment = first.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
        context = DocumentSecurityStore.read_dss(reader).as_validation_context(told | {"moment": moment})
    else:
        context = ValidationContext(**told)
    return validate_pdf_signature(reader.embedded_regular_signatures[0], context).trusted


def test_what_is_needed_to_check_a_seal_later_is_in_the_file_for_the_archive_and_only_there(sealed, tmp_path):
    root, stamps = a_root("Root with lists"), a_root("Root of time stamps with lists")
    known = {"/root.crl": root, "/stamps.crl": stamps}
    with serving(lambda path, *_asked: (200, "application/pkix-crl", a_crl(known[path]))) as lists:
        known["/authority.crl"] = authority = root.below("Authority with lists", crl=f"{lists}/root.crl")
        key = a_key("P-256", 22)
        certificate = authority.issue("Seal with lists", key, crl=f"{lists}/authority.crl")
        seal = pkcs12.opened(a_p12(tmp_path / "listed.p12", key, certificate, authority.chain), PASSWORD)
        made = a_tsa(stamps, crl=f"{lists}/stamps.crl")
        with serving(made.answer) as url:
            stamped = levels.with_time_stamp(sealed(seal), Stamper(url))
            kept = levels.with_archive(stamped, [root_of(seal)], Stamper(url))
    roots = (root_of(seal), stamps.certificate)
    assert (by_what_it_keeps(stamped, *roots), by_what_it_keeps(kept, *roots)) == (False, True)
    assert len(PdfFileReader(BytesIO(kept)).root["/DSS"]["/CRLs"]) == 3
