"""PDF/UA-1 and PDF/A-3a in one file: WeasyPrint writes the one or the other, their rules allow both.

An archive knows no properties but those it is told of, so the metadata describe the one that PDF/UA adds
(ISO 19005-3, 6.6.2.3).
"""

from xml.etree.ElementTree import Element, SubElement, fromstring, register_namespace, tostring

from weasyprint.pdf.metadata import DocumentMetadata

VARIANT = {"pdf_variant": "pdf/a-3a"}

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
UA = "http://www.aiim.org/pdfua/ns/id/"
EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
PROPERTY = "http://www.aiim.org/pdfa/ns/property#"
# Readers look for these prefixes, not only for the names behind them.
for prefix, namespace in {"pdfaExtension": EXTENSION, "pdfaSchema": SCHEMA, "pdfaProperty": PROPERTY}.items():
    register_namespace(prefix, namespace)

PART = {
    "name": "part",
    "valueType": "Integer",
    "category": "internal",
    "description": "Part of ISO 14289 to which the document conforms",
}
UA_SCHEMA = {"schema": "PDF/UA identification schema", "namespaceURI": UA, "prefix": "pdfuaid"}


class AccessibleArchive(DocumentMetadata):
    """Metadata of a German PDF/A that says of itself that it is PDF/UA-1, too."""

    def __init__(self, title: str, *, author: str, description: str) -> None:
        super().__init__(title, [author], description or title, generator="netzkoord", lang="de")  # type: ignore[no-untyped-call]  # WeasyPrint has no types here

    def generate_rdf_metadata(self, variant: str, version: int, conformance: str) -> bytes:
        metadata = fromstring(  # noqa: S314 -- our own
            super().generate_rdf_metadata(variant, version, conformance)  # type: ignore[no-untyped-call]  # as above
        )
        described(metadata).set(f"{{{UA}}}part", "1")
        self.describe_schema(metadata)
        return bytes(tostring(metadata, encoding="utf-8"))

    def describe_schema(self, metadata: Element) -> None:
        schema = bag_of_one(described(metadata), f"{{{EXTENSION}}}schemas", "Bag")
        for name, value in UA_SCHEMA.items():
            SubElement(schema, f"{{{SCHEMA}}}{name}").text = value
        part = bag_of_one(schema, f"{{{SCHEMA}}}property", "Seq")
        for name, value in PART.items():
            SubElement(part, f"{{{PROPERTY}}}{name}").text = value


def described(metadata: Element) -> Element:
    """A new description of the document itself."""
    return SubElement(metadata, f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})


def bag_of_one(parent: Element, name: str, kind: str) -> Element:
    """The only entry of a new list below the element; to be filled with what belongs to it."""
    entries = SubElement(SubElement(parent, name), f"{{{RDF}}}{kind}")
    return SubElement(entries, f"{{{RDF}}}li", {f"{{{RDF}}}parseType": "Resource"})
