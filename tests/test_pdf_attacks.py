"""Documents bent to reach the network or files, or to take all time and memory: refused, with a sentence."""

import io
import os
import socket
import struct
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest

from netzkoord.lib import pdf, press, typesetting
from netzkoord.lib.press import Label, Order, Press
from tests import factories
from tests.pdf import pdf_document, pdf_reader, pdf_text

ADDRESSES = [
    "file:///etc/passwd",
    "http://169.254.169.254/latest/",
    "https://example.org/x.png",
    "http://[::ffff:169.254.169.254]/x",
    "http://[::1]:8000/",
    "http://2130706433/",
    "ftp://example.org/x",
    "data:image/png;base64,iVBORw0KGgo=",
    "data:text/css,p{color:red}",
    "static:../manage.py",
    "static:missing.png",
    "fallback:../../../etc/passwd",
    "memory:unknown",
]
PLACES = [
    "<img src='{}' alt='x'>",
    "<img srcset='{}' alt='x' src='{}'>",
    "<object data='{}'>x</object>",
    "<embed src='{}'>",
    "<link rel=stylesheet href='{}'>",
    "<style>@import url('{}');</style>",
    "<p style='background:url({})'>x</p>",
    "<p style='list-style-image:url({});display:list-item'>x</p>",
    "<style>p::before {{ content: url('{}') }}</style><p>x</p>",
    "<a rel=attachment href='{}'>x</a>",
    "<base href='{}'><img src='' alt='x'><img src='x' alt='x'>",
]
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">'
    "{}</svg>"
)
INSIDE_SVG = [
    '<image href="{}" width="9" height="9"/>',
    '<image xlink:href="{}" width="9" height="9"/>',
    '<use href="{}#x"/>',
    '<use xlink:href="{}#x"/>',
    '<style>@import url("{}");</style><rect width="9" height="9"/>',
]


@pytest.fixture
def sealed(monkeypatch):
    """This process without network, as far as Python is asked for it."""

    def refuse(*args, **kwargs):
        raise AssertionError("a document asked for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    folders = [(prefix, Path(folder)) for prefix, folder in pdf.static_folders()]
    monkeypatch.setattr(typesetting, "static_folders", folders)


def order(content, **options):
    return Order([f"<html lang=de><title>x</title><h1>x</h1>{content}"], Label("x", "x", ""), (), **options)


def reached(paper):
    """What stands in the paper though nobody may have put it there."""
    names = pdf_reader(paper).trailer["/Root"].get("/Names", {})
    signs = {"picture": b"/Subtype /Image", "file": b"/EmbeddedFile"}
    return [name for name, sign in signs.items() if sign in paper] + [name for name in names if "Embedded" in name]


@pytest.mark.parametrize(
    ("place", "address"),
    [*((place, ADDRESSES[0]) for place in PLACES), *((PLACES[0], address) for address in ADDRESSES[1:])],
)
def test_markup_reaches_nothing(sealed, place, address):
    attacked = order(place.replace("{}", address).replace("{{", "{").replace("}}", "}"))

    try:
        paper = typesetting.made(attacked).paper
    except pdf.ForbiddenResource:
        return

    assert reached(paper) == []
    assert set(pdf_text(paper).removesuffix(" Seite 1 von 1").split()) <= {"x"}


@pytest.mark.parametrize(
    ("inside", "address"),
    [
        *((inside, ADDRESSES[0]) for inside in INSIDE_SVG),
        *((INSIDE_SVG[0], address) for address in ADDRESSES[1:]),
        (INSIDE_SVG[0], "data:image/svg+xml," + SVG.format("<image href='file:///etc/passwd'/>").replace('"', "'")),
    ],
)
def test_svg_reaches_nothing(sealed, inside, address):
    picture = SVG.format("<title>x</title>" + inside.format(address))

    try:
        paper = typesetting.made(order("<img src='memory:a' alt='x'>", pictures={"a": picture})).paper
    except pdf.ForbiddenResource:
        return

    assert reached(paper) == []


@pytest.mark.parametrize("place", PLACES[:-1])
def test_each_place_would_reach_what_is_there(sealed, place):
    """Without this, the tests above could pass because nobody looks at these places at all."""
    asked = []
    fetcher = typesetting.ClosedFetcher.fetch

    class Asked(typesetting.ClosedFetcher):
        def fetch(self, url, headers=None):
            asked.append(url)
            return fetcher(self, url, headers)

    attacked = order(place.replace("{}", "http://x.example/").replace("{{", "{").replace("}}", "}"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typesetting, "ClosedFetcher", Asked)
        with pytest.raises(pdf.ForbiddenResource):
            typesetting.made(attacked)

    assert "http://x.example/" in asked


def test_link_to_a_file_attaches_nothing(sealed):
    paper = typesetting.made(order("<link rel=attachment href='file:///etc/passwd'>")).paper

    assert reached(paper) == []


def test_path_without_a_scheme_leads_nowhere(sealed):
    paper = typesetting.made(order("<img src='/etc/passwd' alt='x'><img src='//169.254.169.254/' alt='x'>")).paper

    assert reached(paper) == []


# The process

# What an idle press has, and a little.
SMALL = 280 * 1024 * 1024

ESCAPES = {
    "connect": "socket.create_connection(('127.0.0.1', 9))",
    "look up": "socket.getaddrinfo('example.org', 80)",
    "listen": "socket.socket().bind(('127.0.0.1', 0))",
    "urlopen": "urllib.request.urlopen('http://127.0.0.1:9/')",
    "program": "subprocess.run(['true'])",
    "shell": "os.system('true')",
    "fork": "os.fork()",
    "read": "open('/etc/hostname').read()",
    "read bytes": "os.open('/etc/passwd', os.O_RDONLY)",
    "read settings": f"open({str(press.CODE.parent / 'pyproject.toml')!r})",
    "up": f"open({str(press.CODE / '..' / 'pyproject.toml')!r})",
    "write": f"open({str(press.CODE.parent.parent / 'escaped')!r}, 'w')",
    "write code": f"open({str(press.CODE / 'escaped.py')!r}, 'w')",
    "append": "os.open('/etc/hostname', os.O_WRONLY | os.O_APPEND)",
}
WHAT_OPENS = {
    "code": f"open({press.__file__!r}).read(1)",
    "style sheet": f"open({str(press.CODE.parent / 'static/css/pdf.css')!r}).read(1)",
    "temporary": "tempfile.TemporaryFile('w+').write('x')",
}


def test_a_press_refuses_network_programs_and_files_to_everything_inside_it(tmp_path):
    program = (
        "import os, socket, subprocess, sys, tempfile, urllib.request\n"
        "from pathlib import Path\nfrom netzkoord.lib import typesetting\n"
        f"typesetting.make_ready([('', Path({str(press.CODE.parent / 'static')!r})),"
        " ('fonts', typesetting.SOURCE_SANS_FOLDER)])\n"
        f"for name, code in {ESCAPES | WHAT_OPENS!r}.items():\n"
        "    try:\n        eval(code)\n        print(name)\n"
        "    except OSError as error:\n        assert ' a press' in str(error), error\n"
    )

    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": str(press.CODE.parent)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.split("\n")[:-1] == list(WHAT_OPENS)
    assert not (press.CODE.parent.parent / "escaped").exists()


def test_a_press_knows_no_secret(monkeypatch):
    for name in ("SECRET_KEY", "BALLOT_SECRET", "DATABASE_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE"):
        monkeypatch.setenv(name, "geheim")

    environment = Press([]).environment()

    assert "geheim" not in environment.values()
    assert "PATH" in environment


@pytest.fixture
def presses():
    return pdf.presses()


@pytest.fixture
def alive(presses):
    """Whatever happens in the test, the next document is made."""
    yield
    assert pdf_text(presses.make(order("<p>weiter")).paper) == "x weiter Seite 1 von 1"


def svg_of_pieces(levels):
    """Each level uses the one below ten times."""
    pieces = "".join(
        f'<g id="l{level}">' + f'<use href="#l{level - 1}"/>' * 10 + "</g>" for level in range(1, levels + 1)
    )
    return SVG.format(
        f'<title>x</title><defs><rect id="l0" width="1" height="1"/>{pieces}</defs><use href="#l{levels}"/>'
    )


def variables(levels):
    """Each custom property holds the one before ten times."""
    rules = "".join(f"--v{level}:{f'var(--v{level - 1}) ' * 10};" for level in range(1, levels + 1))
    return f"<style>:root{{--v0:x;{rules}}} p::after{{content:var(--v{levels})}}</style><p>x"


SLOW = {
    "nested flex boxes": order("<div style='display:flex'>" * 30, seconds=2),
    "table": order("<table>" + "<tr><td>a<td>b<td>c<td>d" * 8000 + "</table>", seconds=2),
    "endless word": order("<p>" + "x" * 100_000, seconds=2),
    "SVG of ten thousand million pieces": order(
        "<img src='memory:a' alt='x'>", pictures={"a": svg_of_pieces(10)}, seconds=2
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", SLOW)
def test_what_takes_too_long_is_given_up(presses, alive, kind):
    began = time.monotonic()

    with pytest.raises(pdf.DocumentTooLarge, match=r"Es ist nach 2 Sekunden noch nicht fertig\. Bitte kürzen"):
        presses.make(SLOW[kind])

    assert time.monotonic() - began < 90  # a press may have to start first, on a busy machine


@pytest.mark.slow
def test_variables_that_multiply_themselves_are_given_up(presses, alive):
    with pytest.raises(pdf.DocumentTooLarge, match="Das Dokument ist zu aufwendig"):
        presses.make(order(variables(12), seconds=5))


@pytest.mark.slow
def test_style_that_loops_is_printed(presses):
    loops = "<style>:root{--a:var(--b);--b:var(--a)} p{color:var(--a);width:calc(var(--b))}</style><p>rund"

    assert pdf_text(presses.make(order(loops)).paper) == "x rund Seite 1 von 1"


@pytest.mark.slow
@pytest.mark.parametrize("tag", ["div", "blockquote", "ul><li", "span", "table><tr><td", "svg"])
def test_deep_nesting_is_refused(presses, alive, tag):
    with pytest.raises(pdf.DocumentTooLarge, match=r"Das Dokument ist zu (tief verschachtelt|aufwendig)"):
        presses.make(order(f"<{tag}>" * 5000 + "x", seconds=20))


@pytest.mark.slow
def test_more_memory_than_allowed_is_refused_and_the_next_document_is_made():
    small = Press(pdf.static_folders(), memory_bytes=SMALL)

    try:
        with pytest.raises(pdf.DocumentTooLarge, match="zu viel Arbeitsspeicher"):
            small.make(order("<p>" + "Netz " * 2_000_000, seconds=200))
        assert pdf_text(small.make(order("<p>weiter")).paper) == "x weiter Seite 1 von 1"
    finally:
        small.stop()


def chunk(kind, content):
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width, height, content, *more):
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [chunk(b"IHDR", head), *more, chunk(b"IDAT", zlib.compress(content, 9)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.mark.parametrize(("width", "height"), [(30_000, 30_000), (8000, 8000), (2**31 - 1, 1)])
def test_picture_of_too_many_points_is_refused_by_its_head(pdf_template, width, height):
    name = pdf_template("<h1>x</h1><img src='memory:a' alt='x'>")

    with pytest.raises(pdf.DocumentTooLarge, match=r"mehr als 40 Millionen Bildpunkte\. Bitte verkleinern"):
        pdf.render(name, {}, title="x", pictures={"a": png(width, height, b"\0")})


@pytest.mark.slow
def test_packed_bomb_in_a_picture_is_never_unpacked():
    black, few = b"\0" * 100_000_000, b"\0" * 252
    packed = b"x\0\0" + zlib.compress(black)
    bombs = {
        "more points than announced": png(9, 9, black),
        "text": png(9, 9, few, chunk(b"zTXt", packed)),
        "colour profile": png(9, 9, few, chunk(b"iCCP", packed)),
    }
    small = Press(pdf.static_folders(), memory_bytes=SMALL)
    sizes, sentences = {}, {}

    for kind, bomb in bombs.items():
        try:
            made = small.make(order("<p>da<img src='memory:a' alt='x'>", pictures={"a": bomb}, seconds=60))
            sizes[kind] = len(made.paper)
        except pdf.DocumentTooLarge as refusal:
            sentences[kind] = str(refusal)
    small.stop()

    assert list(sizes) == ["more points than announced"]
    assert sizes["more points than announced"] < 1_000_000
    assert set(sentences.values()) == {typesetting.UNREADABLE}


# What is refused before it is begun


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x " * 2_500_000, "Das Dokument ist zu lang für ein PDF"),
        ("x" * 100_000, "ein Wort mit mehr als 3000 Zeichen. Bitte trennen Sie es"),
        ("<div>" * 100_000, "Das Dokument ist zu lang für ein PDF"),
        ("\N{ZERO WIDTH SPACE}".join("x" * 100_000), "ein Wort mit mehr als 3000 Zeichen"),
    ],
)
def test_text_of_a_user_that_is_too_long_is_refused(pdf_template, text, sentence):
    with pytest.raises(pdf.DocumentTooLarge, match=sentence):
        pdf.render(pdf_template("<p>{{ text }}</p>"), {"text": text}, title="x")


def test_table_of_ten_thousand_rows_is_refused(pdf_template):
    name = pdf_template("<table>{% for row in rows %}<tr><td>{{ row }}</td><td>x</td></tr>{% endfor %}</table>")

    with pytest.raises(pdf.DocumentTooLarge, match="zu viele Zeilen, Listenpunkte oder Absätze"):
        pdf.render(name, {"rows": range(10_000)}, title="x")


def test_nesting_that_a_user_types_is_text(pdf_template):
    typed = "<blockquote> " * 200 + "> " * 200

    paper = pdf.render(pdf_template("<p>{{ text }}</p>"), {"text": typed}, title="x")

    assert pdf_text(paper).replace(" ", "").startswith(typed.replace(" ", "")[:2000])


@pytest.mark.slow
def test_too_many_pages_are_refused(pdf_template):
    pages = "<p class='page-break'>x</p>" * (pdf.MAX_PAGES + 2)

    with pytest.raises(pdf.DocumentTooLarge, match="mehr als 300 Seiten"):
        pdf.render(pdf_template(pages), {}, title="x")


# The request


@pytest.fixture
def handbook(client, organiser):
    edition = factories.EditionFactory()
    client.force_login(organiser)
    return f"/programm/{edition.pk}/modulhandbuch.pdf"


@pytest.mark.one_database
def test_request_for_what_takes_too_long_gets_a_sentence_and_the_next_its_paper(client, handbook, monkeypatch):
    client.get(handbook)
    monkeypatch.setattr(pdf, "SECONDS", 0)

    refused = client.get(handbook)
    monkeypatch.undo()

    assert refused.status_code == 422
    assert "Das Dokument ist zu aufwendig" in refused.content.decode()
    assert client.get(handbook)["Content-Type"] == "application/pdf"


@pytest.mark.one_database
def test_request_that_finds_no_press_is_asked_to_come_back(client, handbook, monkeypatch):
    monkeypatch.setattr(press, "QUEUE_SECONDS", 0.1)

    with pdf.presses().one(), pdf.presses().one():
        waiting = client.get(handbook)

    assert (waiting.status_code, waiting["Retry-After"]) == (503, "60")
    assert "Gerade werden andere Dokumente erstellt." in waiting.content.decode()
    assert f'href="{handbook}"' in waiting.content.decode()
    assert client.get(handbook).status_code == 200


def test_a_long_document_does_not_hold_up_a_short_one(presses, monkeypatch):
    monkeypatch.setattr(press, "LONG_CHARACTERS", 1000)
    monkeypatch.setattr(press, "QUEUE_SECONDS", 0.1)
    endless = order("<div style='display:flex'>" * 50, seconds=6)
    presses.make(order("<p>warm"))
    outcomes = []

    def ask():
        try:
            presses.make(endless)
        except (pdf.DocumentTooLarge, pdf.PressesBusy) as refusal:
            outcomes.append(type(refusal))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    short = presses.make(order("<p>kurz"))
    for thread in threads:
        thread.join()

    assert pdf_text(short.paper) == "x kurz Seite 1 von 1"
    assert sorted(outcomes, key=str) == [pdf.DocumentTooLarge, pdf.PressesBusy, pdf.PressesBusy]


# Presses that end


def test_a_press_that_was_ended_while_it_had_nothing_to_do_is_replaced():
    one = Press(pdf.static_folders())
    one.make(order("<p>eins"))
    one.process.kill()
    one.process.wait()

    try:
        assert pdf_text(one.make(order("<p>zwei")).paper) == "x zwei Seite 1 von 1"
    finally:
        one.stop()


def test_a_press_leaves_nothing_behind():
    one = Press(pdf.static_folders())
    one.make(order("<p>eins"))
    folder, process = Path(one.temporary), one.process
    assert folder.is_dir()

    one.stop()

    assert process.returncode is not None
    assert not folder.exists()


@pytest.mark.slow
def test_a_press_ends_with_whoever_started_it(tmp_path):
    program = (
        "import sys\nfrom netzkoord.lib.press import Label, Order, Press\n"
        f"one = Press({pdf.static_folders()!r})\n"
        "one.make(Order(['<p>x'], Label('x', 'x', ''), ()))\n"
        "print(one.process.pid, one.temporary, flush=True)\nsys.stdin.read()\n"
    )
    environment = os.environ | {"PYTHONPATH": str(press.CODE.parent)}
    with subprocess.Popen(
        [sys.executable, "-c", program], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        pid, folder = parent.stdout.readline().split()
        parent.kill()

    patience = time.monotonic() + 20
    while is_running(int(pid)) and time.monotonic() < patience:
        time.sleep(0.1)

    assert not is_running(int(pid))
    assert not Path(folder).exists()


def is_running(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def test_a_mistake_of_ours_shows_where_it_happened():
    broken = Order(["<p>x"], "no label", ())

    with pytest.raises(pdf.PressFailed, match=r"Traceback(.|\n)*typesetting.py"):
        pdf.presses().make(broken)


def test_an_order_is_laid_out_in_this_process_as_in_a_press(sealed):
    assert len(pdf_document(order("<p>x")).pages) == 1
    assert io.BytesIO(typesetting.made(order("<p>x")).paper).read(5) == b"%PDF-"
