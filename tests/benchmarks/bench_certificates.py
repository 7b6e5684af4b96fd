"""Certificates against plain WeasyPrint, as ratios of processor time within one run. Run by name:

pytest tests/benchmarks/bench_certificates.py -s
"""

import os
import resource
import statistics
import sys
import time
from pathlib import Path

import pytest
import weasyprint
from django.template.loader import render_to_string

from netzkoord.lib import charts, pdf, press, typesetting
from netzkoord.lib.pdf_standards import VARIANT
from participants.certificates import STYLES, TEMPLATE, render_certificate, render_certificates, sheet_of
from tests.factories import staff
from tests.participants.finished import attending, certificate_for, finished_cohort
from tests.pdf import pdf_reader

ROUNDS = 20
MANY = 60
THOUSAND = int(os.environ.get("CERTIFICATES", "1000"))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what other processes use is read from /proc")


def processor_seconds(pid):
    """What this process has used so far, in steps of hundredths."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def most_bytes(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def press_pids():
    return [one.process.pid for one in pdf.presses().all if one.process]


class Used:
    """Processor time of a block: of this process, and of each press."""

    def __enter__(self):
        self.began = {pid: processor_seconds(pid) for pid in [os.getpid(), *press_pids()]}
        return self

    def __exit__(self, *_):
        used = {pid: processor_seconds(pid) - self.began.get(pid, 0) for pid in [os.getpid(), *press_pids()]}
        self.own = used.pop(os.getpid())
        self.presses = sorted(used.values())

    @property
    def all(self):
        return self.own + sum(self.presses)

    @property
    def on_two_cores(self):
        """As long as it takes where nothing else runs: as the busier press, and this process."""
        return self.own + self.presses[-1]


def plain(certificate):
    """One `write_pdf` of the same HTML as WeasyPrint's manual shows it: fonts and style sheets read each time."""
    sheet = sheet_of(certificate, {})
    context = {"sheets": [{**sheet.context, "number_in_batch": 1}], "document_title": sheet.title}
    metadata = {"document_author": pdf.AUTHOR, "document_description": sheet.description}
    html = render_to_string(TEMPLATE, context | metadata)
    fetcher = typesetting.ClosedFetcher({f"1-{name}": picture for name, picture in sheet.pictures.items()})
    fonts = weasyprint.text.fonts.FontConfiguration()
    names = ("css/tokens.css", "css/pdf.css", *STYLES)
    styles = [weasyprint.CSS(url=f"static:{name}", url_fetcher=fetcher, font_config=fonts) for name in names]
    source = weasyprint.HTML(string=html, url_fetcher=fetcher)
    return source.write_pdf(stylesheets=styles, font_config=fonts, **VARIANT)


@pytest.fixture
def certificate(db, monkeypatch):
    folders = [(prefix, Path(folder)) for prefix, folder in pdf.static_folders()]
    monkeypatch.setattr(typesetting, "static_folders", folders)
    return certificate_for(attending(finished_cohort()), staff("Organisation"))


def test_certificate_single_and_in_batch_against_plain_weasyprint(certificate):
    list(render_certificates([certificate] * 40))  # both presses are warm
    plain(certificate)

    plain_seconds, single_seconds = [], []
    for _ in range(ROUNDS):  # in turn, so that what else the machine does troubles both alike
        with Used() as use:
            plain(certificate)
        plain_seconds.append(use.all)
        with Used() as use:
            render_certificate(certificate)
        single_seconds.append(use.all)
    with Used() as use:
        papers = list(render_certificates([certificate] * MANY))

    one, single = statistics.median(plain_seconds), statistics.median(single_seconds)
    many, of_both = use.on_two_cores / MANY, use.all / MANY
    print(f"\nplain WeasyPrint: {one * 1000:5.0f} ms (1.00)")
    print(f"single:           {single * 1000:5.0f} ms ({single / one:.2f})")
    print(f"of {MANY} at once:    {many * 1000:5.0f} ms on two cores ({many / one:.2f}), ", end="")
    print(f"{of_both * 1000:.0f} ms of processor ({of_both / one:.2f})")
    assert len(papers) == MANY
    assert single <= 0.7 * one
    assert many <= 0.35 * one


def test_memory_of_a_thousand_certificates(certificate):
    sizes = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

    with Used() as use:
        sizes.extend(map(len, render_certificates([certificate] * THOUSAND)))

    presses = [most_bytes(pid) for pid in press_pids()]
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    print(f"\n{len(sizes)} certificates of {statistics.median(sizes) / 1024:.0f} KiB: presses ", end="")
    print(" and ".join(f"{size / 2**20:.0f} MB" for size in presses), end="")
    print(f", this process {most_bytes(os.getpid()) / 2**20:.0f} MB ({grown / 2**20:.0f} more), {use.all:.0f} s")
    assert len(sizes) == THOUSAND
    assert sum(presses) + most_bytes(os.getpid()) < 600 * 2**20


SENTENCE = "Die Verantwortung für kommunale Netzwerke liegt bei Führungs- und Koordinierungskräften gemeinsam. "
ROWS = "".join(f"<tr><th scope=row>Frage {n}</th><td>{n}</td><td>4,5</td><td>80 %</td></tr>" for n in range(1, 9))
HEAD = "<thead><tr><th scope=col>Frage<th scope=col>Antworten<th scope=col>Mittel<th scope=col>Anteil</tr></thead>"


def chapter(number):
    chart = charts.change_line(f"Vorher und nachher: {number}", before=2.1, after=3.9, lowest=1, highest=5)
    table = f"<table><caption>Antworten {number}</caption>{HEAD}<tbody>{ROWS}</tbody></table>"
    return f"<h2>Kapitel {number}</h2><p>{SENTENCE * 9}</p><figure>{chart}</figure>{table}<p>{SENTENCE * 6}</p>"


def test_report_with_twenty_charts():
    html = "<html lang=de><title>Bericht</title><h1>Bericht</h1>" + "".join(map(chapter, range(1, 21)))
    order = press.Order([html], press.Label("Bericht", "netzkoord", ""), ["css/pdf/report.css"])
    pdf.presses().make(order)

    with Used() as use:
        paper = pdf.presses().make(order).paper

    print(f"\nreport of {len(pdf_reader(paper).pages)} pages with 20 charts: {use.all:.1f} s of processor")
    assert use.all < 10


def test_start_of_a_press():
    one = press.Press(pdf.static_folders())
    began = time.monotonic()
    one.running_line()
    print(f"\nstart of a press: {processor_seconds(one.process.pid):.1f} s of processor, ", end="")
    print(f"{time.monotonic() - began:.1f} s; it has {most_bytes(one.process.pid) / 2**20:.0f} MB")
    one.stop()
