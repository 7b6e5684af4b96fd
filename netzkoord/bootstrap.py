"""Sets the machine up: virtual environment, locked packages, system libraries, settings of the demo.

Standard library only, for it runs before anything is installed. Where Django can already be imported (a container,
an environment of one's own) nothing is installed. What cannot be done ends the process with one sentence.
"""

import argparse
import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from netzkoord import addresses, libraries

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
# Says which lock is installed. It is written empty before the work begins: an empty one means "half made".
STAMP = ".netzkoord.json"
# Set before this program starts itself again, so that it can do so only once.
RESTARTED = "NETZKOORD_RESTARTED"

NETWORK_TROUBLE = re.compile(
    r"NewConnectionError|NameResolutionError|Max retries exceeded|ConnectTimeout|ReadTimeout|ProxyError|"
    r"Connection refused|Network is unreachable|[Nn]ame resolution|Name or service not known|dns error|"
    r"error sending request|Failed to fetch|tcp connect error|No route to host|SSLError",
)


def prepare(arguments: list[str]) -> None:
    """Make this process able to run the command: perhaps set up and start again, then set the environment."""
    command = arguments[1] if len(arguments) > 1 else ""
    try:
        if command == "demo":
            options, _ = demo_parser().parse_known_args(arguments[2:])
            if not {"-h", "--help", "--attack"} & set(arguments):
                addresses.require_free_port(options.host, options.port)
        set_up(command, arguments)
        if command == "demo":
            set_demo_environment(options.host, options.port)
    except OSError as error:
        sys.exit(sentence_for(error))
    except KeyboardInterrupt:
        sys.exit("\nAbgebrochen.")
    os.environ.pop(RESTARTED, None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings" if command == "test" else "netzkoord.settings")


def sentence_for(error: OSError) -> str:
    """What went wrong with a file or folder, and what to do."""
    place = error.filename or BASE
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"Hier darf nicht geschrieben werden: {place}. Bitte netzkoord in einen eigenen Ordner kopieren."
    if error.errno == errno.ENOSPC:
        return f"Der Datenträger ist voll: {place}. Bitte Platz schaffen und den Befehl wiederholen."
    return f"Die Einrichtung ist gescheitert: {error.strerror or error} ({place})."


# --- Packages ---------------------------------------------------------------------------------------------------


def set_up(command: str, arguments: list[str]) -> None:
    """Install what is missing and start this program again inside the virtual environment."""
    inside = Path(sys.prefix).resolve() == VENV.resolve()
    managed = (VENV / STAMP).exists()
    if importlib.util.find_spec("django") and (os.environ.get(RESTARTED) or not (inside and managed)):
        return
    libraries.require(wanted_parts(VENV, command))
    if not is_current(VENV, command):
        if os.environ.get(RESTARTED):
            sys.exit(
                f"Die Pakete in {VENV} sind unvollständig. Bitte den Ordner löschen und den Befehl wiederholen."
            )
        with only_one():
            # Another process may have done the work while this one waited.
            if not is_current(VENV, command):
                install(VENV, command)
    elif inside:
        return
    python = str(VENV / "bin" / "python")
    os.environ[RESTARTED] = "1"
    sys.stdout.flush()
    os.execv(python, [python, *arguments])  # noqa: S606 -- no shell is wanted


def wanted_parts(venv: Path, command: str) -> list[libraries.Part]:
    """What the operating system must bring for this command."""
    parts = list(libraries.FOR_DOCUMENTS) if command in ("demo", "test") else []
    return parts if venv.exists() or shutil.which("uv") else [*parts, libraries.FOR_ENVIRONMENT]


def wanted_lock(venv: Path, command: str) -> Path:
    """The lock file for this command; what was once installed for the tests keeps their packages."""
    return BASE / ("requirements-dev.txt" if command == "test" or has_test_packages(venv) else "requirements.txt")


def read_stamp(venv: Path) -> dict[str, str]:
    try:
        stamp = json.loads((venv / STAMP).read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def has_test_packages(venv: Path) -> bool:
    return read_stamp(venv).get("lock") == "requirements-dev.txt"


def stamp_for(lock: Path) -> dict[str, str]:
    return {"lock": lock.name, "sha256": hashlib.sha256(lock.read_bytes()).hexdigest()}


def is_current(venv: Path, command: str) -> bool:
    """Whether the environment holds exactly the lock that this command needs, and its Python still runs."""
    if read_stamp(venv) != stamp_for(wanted_lock(venv, command)):
        return False
    return runs(venv, "import django")


def runs(venv: Path, statement: str) -> bool:
    try:
        probe = subprocess.run([venv / "bin" / "python", "-c", statement], capture_output=True, check=False)
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return False
    return probe.returncode == 0


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Hold the project's folder: two commands started at once must not install into each other."""
    folder = os.open(BASE, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Eine andere Einrichtung läuft schon; diese wartet auf sie …")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def install(venv: Path, command: str) -> None:
    """Bring the environment to the wanted lock; a half-made one is thrown away first."""
    lock = wanted_lock(venv, command)
    require_writable(venv if venv.exists() else venv.parent)
    half_made = (venv / STAMP).exists() and not read_stamp(venv)
    usable = runs(venv, "import django" if read_stamp(venv) else "import pip")
    if venv.exists() and (half_made or not usable):
        say("Die virtuelle Umgebung .venv ist unvollständig und wird neu angelegt …")
        shutil.rmtree(venv)
    fresh = not venv.exists()
    venv.mkdir(exist_ok=True)
    (venv / STAMP).write_text("")
    uv = shutil.which("uv")
    if fresh:
        make_environment(venv, with_pip=uv is None)
    say(f"Die Pakete aus {lock.name} werden installiert (das dauert etwa eine Minute) …")
    install_packages(venv, lock, uv)
    (venv / STAMP).write_text(json.dumps(stamp_for(lock)))


def require_writable(folder: Path) -> None:
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "nicht beschreibbar", str(folder))


def make_environment(venv: Path, *, with_pip: bool) -> None:
    if with_pip:
        libraries.require([libraries.FOR_ENVIRONMENT])
    # Not the Python of an environment that is being replaced.
    python = getattr(sys, "_base_executable", sys.executable)
    command = [python, "-m", "venv", *([] if with_pip else ["--without-pip"]), str(venv)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(
            f"Die virtuelle Umgebung {venv} ließ sich nicht anlegen: {last_line(result.stderr + result.stdout)}"
        )


def install_packages(venv: Path, lock: Path, uv: str | None) -> None:
    python = str(venv / "bin" / "python")
    if uv:
        command = [uv, "pip", "install", "--quiet", "--python", python]
    else:
        command = [python, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    # Whatever environment is active in the shell, this one is meant.
    environment = {key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "PYTHONHOME")}
    result = subprocess.run(
        [*command, "--require-hashes", "-r", str(lock)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if result.returncode:
        sys.exit(sentence_for_packages(result.stderr + result.stdout))


def sentence_for_packages(output: str) -> str:
    """Why the packages could not be installed, from what pip or uv printed."""
    if NETWORK_TROUBLE.search(output):
        return (
            "Die Pakete konnten nicht geladen werden: keine Verbindung zum Paketverzeichnis. "
            "Bitte die Internetverbindung (oder HTTPS_PROXY) prüfen und den Befehl wiederholen."
        )
    if "No space left" in output:
        return "Die Pakete konnten nicht installiert werden: Der Datenträger ist voll."
    if "HASHES" in output or "Hash mismatch" in output:
        return "Ein Paket stimmt nicht mit der gesperrten Fassung überein; es wurde nichts davon ausgeführt."
    return f"Die Pakete konnten nicht installiert werden: {last_line(output)}"


def last_line(output: str) -> str:
    """The line that names the error, without pip's notices around it."""
    lines = [line.strip() for line in output.splitlines() if line.strip() and not line.startswith("[notice]")]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines or ["ohne Angabe eines Grundes"])[-1]


def say(text: str) -> None:
    print(text, flush=True)


# --- Settings of the demo ---------------------------------------------------------------------------------------


def demo_parser() -> argparse.ArgumentParser:
    """Where the demo listens; the command declares the same arguments and explains them."""
    parser = argparse.ArgumentParser(add_help=False)
    add_address_arguments(parser)
    return parser


def add_address_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="Adresse, auf der die Demo hört (127.0.0.1)")
    parser.add_argument("--port", type=addresses.port_number, default=8000, help="Port (8000)")


def set_demo_environment(host: str, port: int) -> None:
    """Everything the settings need, made here; only the folder and the database may come from outside."""
    var = Path(os.environ.setdefault("VAR_DIR", str(BASE / "var")))
    folder = var / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    require_writable(folder)
    os.environ |= demo_secrets(folder)
    os.environ |= {
        "DEMO": "true",
        "DEBUG": "false",
        "BASE_URL": addresses.base_url(host, port),
        "ALLOWED_HOSTS": addresses.allowed_hosts(host),
    }
    # Quoted, for a folder's name may hold what means something else in an address.
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{quote(str(folder / 'netzkoord.sqlite3'))}")


def demo_secrets(folder: Path) -> dict[str, str]:
    """The secrets of this demo, made at its first start; a reset leaves them alone."""
    path = folder / "secrets.json"
    if not path.exists():
        made = {"SECRET_KEY": secrets.token_urlsafe(50), "BALLOT_SECRET": secrets.token_urlsafe(50)}
        draft = folder / f"secrets.{os.getpid()}.tmp"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(made, file)
        # In one step: a process killed here leaves no half of a secret behind.
        draft.replace(path)
    stored: dict[str, str] = json.loads(path.read_text())
    return stored
