"""Many PDFs of ours bound into one for the printer: their pages as they are, and their structure with them.

Whoever merges PDFs by their pages loses the tags. Here each paper's structure tree moves under the document of
the first; what points from pages to the tree (`StructParents`) and inside of it (`Headers` → `ID`) is numbered
anew. What belongs to the single file only stays behind: attachments, outline, signature. The book has an outline
of its own, with one entry for each paper.
"""

import io
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from pikepdf import OutlineItem

# Of the file as a whole, and not true of the bound one.
LEFT_BEHIND = ("/AF", "/AcroForm", "/DSS", "/Names", "/Outlines", "/PageMode", "/Perms")


def bound(papers: Iterable[tuple[str, bytes]], *, title: str) -> bytes:
    """One PDF/UA-1 and PDF/A-3a of all the papers, in their order; there must be at least one.

    Each comes with its entry in the outline.
    """
    waiting = iter(papers)
    entry, first = next(waiting)
    with pikepdf.open(io.BytesIO(first)) as book:
        make_ready(book, first_key=0, prefix="1")
        entries = [OutlineItem(entry, 0)]
        for number, (entry, paper) in enumerate(waiting, 2):
            entries.append(OutlineItem(entry, len(book.pages)))
            with pikepdf.open(io.BytesIO(paper)) as single:
                add(book, single, prefix=str(number))
        name(book, title)
        with book.open_outline() as outline:
            outline.root.extend(entries)
        book.Root.PageMode = pikepdf.Name.UseOutlines
        return written(book)


def name(book: pikepdf.Pdf, title: str) -> None:
    """In place of what the first paper says of itself."""
    book.docinfo["/Title"] = book.docinfo["/Subject"] = title
    with book.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:description"] = title


def written(book: pikepdf.Pdf) -> bytes:
    output = io.BytesIO()
    book.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return output.getvalue()


def add(book: pikepdf.Pdf, single: pikepdf.Pdf, *, prefix: str) -> None:
    numbers = book.Root.StructTreeRoot.ParentTree.Nums
    make_ready(single, first_key=int(numbers[-2]) + 1, prefix=prefix)
    book.pages.extend(single.pages)
    # Only now: the copies of the pages are known, so the tree points to them.
    tree = book.copy_foreign(single.Root.StructTreeRoot)
    numbers.extend(tree.ParentTree.Nums)
    document = book.Root.StructTreeRoot.K[0]
    for part in tree.K[0].K:
        part.P = document
        document.K.append(part)


def make_ready(paper: pikepdf.Pdf, *, first_key: int, prefix: str) -> None:
    """Leaves behind what is of the file, and numbers what must be unique in a book."""
    for key in LEFT_BEHIND:
        if key in paper.Root:
            del paper.Root[key]
    for page in paper.pages:
        without_fields(page)
        for holder in (page.obj, *page.get("/Annots", ())):
            for key in ("/StructParents", "/StructParent"):
                if key in holder:
                    holder[key] = int(holder[key]) + first_key
    numbers = paper.Root.StructTreeRoot.ParentTree.Nums
    for index in range(0, len(numbers), 2):
        numbers[index] = int(numbers[index]) + first_key
    for element in elements(paper.Root.StructTreeRoot):
        name_anew(element, prefix)


def without_fields(page: pikepdf.Page) -> None:
    """A signature signs its own file only."""
    if "/Annots" in page:
        page.Annots = pikepdf.Array([note for note in page.Annots if note.get("/Subtype") != "/Widget"])


def elements(root: Any) -> Iterator[Any]:
    """All elements of a structure tree."""
    waiting = [root]
    while waiting:
        kids = waiting.pop().get("/K", ())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                waiting.append(kid)
                yield kid


def name_anew(element: Any, prefix: str) -> None:
    if "/ID" in element:
        element.ID = f"{prefix}-{element.ID}"
    attributes = element.get("/A")
    for owner in attributes if isinstance(attributes, pikepdf.Array) else [attributes]:
        if isinstance(owner, pikepdf.Dictionary) and "/Headers" in owner:
            owner.Headers = pikepdf.Array([f"{prefix}-{header}" for header in owner.Headers])
