"""Several finished PDFs as one file for the printer; the stored ones stay as they are."""

import io
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter


def joined(papers: Sequence[bytes]) -> bytes:
    """All pages in order, each paper beginning on a right-hand page so that two sides never mix patients."""
    writer = PdfWriter()
    for paper in papers:
        if len(writer.pages) % 2:
            writer.add_blank_page()
        for page in PdfReader(io.BytesIO(paper)).pages:
            writer.add_page(page)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
