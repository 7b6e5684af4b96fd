"""The Modulhandbuch of a large edition: seconds of processor time beside pages. Run by name:

pytest tests/benchmarks/bench_handbook.py -s
"""

import time

from curriculum.handbook import render_handbook
from curriculum.queries.handbook import handbook_of
from tests.benchmarks.large_edition import large_edition
from tests.pdf import pdf_reader


def seconds(work):
    began = time.process_time()
    result = work()
    return result, time.process_time() - began


def test_handbook_of_4_and_60_modules(db):
    for modules in (4, 60):
        edition = large_edition(modules=modules, title=f"Programm mit {modules} Modulen")
        content, reading = seconds(lambda edition=edition: handbook_of(edition))

        paper, printing = seconds(lambda content=content: render_handbook(content))

        pages = len(pdf_reader(paper).pages)
        print(f"\n{modules} modules, {modules * 10} units: read {reading:.2f} s, printed {printing:.1f} s,")
        print(f"{pages} pages, {len(paper) / 1_000_000:.1f} MB, {printing / pages * 1000:.0f} ms a page")
