"""The system's part of a PDF: two libraries and a font that no wheel brings. Standard library only."""

import ctypes
import ctypes.util
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
    "/opt/homebrew/share/fonts",
)
BREW_FOLDERS = ("/opt/homebrew/lib", "/usr/local/lib")


@dataclass(frozen=True)
class Part:
    """Something the operating system must bring, and what its package is called."""

    debian: str
    fedora: str
    brew: str
    library: str = ""
    font: str = ""
    module: str = ""

    def is_there(self) -> bool:
        if self.library:
            return library_loads(self.library)
        return font_exists(self.font) if self.font else module_exists(self.module)


FOR_DOCUMENTS = (
    Part("libpangoft2-1.0-0", "pango", "pango", library="pangoft2-1.0"),
    Part("libharfbuzz-subset0", "harfbuzz", "harfbuzz", library="harfbuzz-subset"),
    Part("fonts-dejavu-core", "dejavu-sans-fonts", "font-dejavu", font="DejaVuSans.ttf"),
)
# Debian splits the part of Python that puts pip into a new environment into a package of its own.
FOR_ENVIRONMENT = Part("python3-venv", "python3-pip", "python@3.13", module="ensurepip")


def library_loads(name: str) -> bool:
    candidates = [f"lib{name}.so.0", *(f"{folder}/lib{name}.dylib" for folder in BREW_FOLDERS)]
    for candidate in candidates:
        try:
            ctypes.CDLL(candidate)
        except OSError:
            continue
        return True
    return ctypes.util.find_library(name) is not None


def font_exists(name: str) -> bool:
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return any(next(folder.rglob(name), None) for folder in folders)


def module_exists(name: str) -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec(name) is not None


def require(parts: Iterable[Part]) -> None:
    """Install what is missing where that is allowed; otherwise end with the sentence that says how."""
    missing = [part for part in parts if not part.is_there()]
    if missing and not (apt_install(missing) and all(part.is_there() for part in missing)):
        sys.exit(sentence_for(missing))


def apt_install(parts: list[Part]) -> bool:
    """Install Debian packages as root, or through a sudo that asks for no password."""
    apt = shutil.which("apt-get")
    prefix = root_prefix()
    if apt is None or prefix is None:
        return False
    names = [part.debian for part in parts]
    print(f"Systempakete werden installiert: {', '.join(names)} …", flush=True)
    # Over sudo too, nothing may ask a question.
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq", "-o", "DPkg::Lock::Timeout=120"]
    # An update that fails (one source of several is down) does not matter when the packages can be had.
    run_quietly([*command, "update"])
    return run_quietly([*command, "install", "-y", "--no-install-recommends", *names])


def root_prefix() -> list[str] | None:
    """What to put before a command to run it as root; None when that is not possible without a password."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    return [sudo] if sudo and run_quietly([sudo, "-n", "true"]) else None


def run_quietly(command: list[str]) -> bool:
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return result.returncode == 0


def sentence_for(missing: list[Part]) -> str:
    """One sentence: what is missing and the command that brings it, on each system."""
    what = ", ".join(part.debian for part in missing)
    verb = "Es fehlt das Systempaket" if len(missing) == 1 else "Es fehlen die Systempakete"
    return (
        f"{verb} {what}. Bitte installieren und den Befehl wiederholen:\n"
        f"  Debian, Ubuntu:  sudo apt-get install {' '.join(part.debian for part in missing)}\n"
        f"  Fedora:          sudo dnf install {' '.join(part.fedora for part in missing)}\n"
        f"  macOS:           brew install {' '.join(part.brew for part in missing)}"
    )
