"""Certificates against plain WeasyPrint, as ratios of processor time within one run. Run by name:

pytest tests/benchmarks/bench_certificates.py -s
"""

import statistics
import time

import weasyprint
from django.template.loader import render_to_string

from netzkoord.lib import pdf
from netzkoord.lib.pdf_standards import VARIANT
from participants.certificates import STYLES, TEMPLATE, render_certificate, render_certificates, sheet_of
from tests.factories import staff
from tests.participants.finished import attending, certificate_for, finished_cohort

ROUNDS = 10
BATCH = 50


def seconds(work):
    began = time.process_time()
    work()
    return time.process_time() - began


def plain(certificate):
    """One `write_pdf` of the same HTML as WeasyPrint's manual shows it: fonts and style sheets read each time."""
    sheet = sheet_of(certificate)
    context = {"sheets": [{**sheet.context, "number_in_batch": 1}], "document_title": sheet.title}
    metadata = {"document_author": pdf.AUTHOR, "document_description": sheet.description}
    html = render_to_string(TEMPLATE, context | metadata)
    fetcher = pdf.ClosedFetcher({f"1-{name}": picture for name, picture in sheet.pictures.items()})
    fonts = weasyprint.text.fonts.FontConfiguration()
    names = ("css/tokens.css", "css/pdf.css", *STYLES)
    styles = [weasyprint.CSS(url=f"static:{name}", url_fetcher=fetcher, font_config=fonts) for name in names]
    source = weasyprint.HTML(string=html, url_fetcher=fetcher)
    return source.write_pdf(stylesheets=styles, font_config=fonts, **VARIANT)


def test_certificate_single_and_in_batch_against_plain_weasyprint(db):
    certificate = certificate_for(attending(finished_cohort()), staff("Organisation"))
    render_certificate(certificate)
    plain(certificate)

    plain_seconds = statistics.median(seconds(lambda: plain(certificate)) for _ in range(ROUNDS))
    single_seconds = statistics.median(seconds(lambda: render_certificate(certificate)) for _ in range(ROUNDS))
    batch_seconds = seconds(lambda: list(render_certificates([certificate] * BATCH))) / BATCH

    print(f"\nplain WeasyPrint:     {plain_seconds * 1000:6.0f} ms (1.00)")
    print(f"single:               {single_seconds * 1000:6.0f} ms ({single_seconds / plain_seconds:.2f})")
    print(f"per piece, {BATCH} at once: {batch_seconds * 1000:6.0f} ms ({batch_seconds / plain_seconds:.2f})")
