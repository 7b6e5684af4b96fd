"""The typefaces of paper: Source Sans out of its package, DejaVu Sans of the system behind it."""

import functools
from pathlib import Path

import font_source_sans_pro
from django.core.exceptions import ImproperlyConfigured

SOURCE_SANS_FOLDER = Path(font_source_sans_pro.__file__).parent / "files"
SOURCE_SANS = "SourceSansPro-Regular.ttf"
# Where Debian, Fedora, Arch, Homebrew and a person on macOS put DejaVu.
FALLBACK_FOLDERS = [
    Path("/usr/share/fonts/truetype/dejavu"),
    Path("/usr/share/fonts/dejavu-sans-fonts"),
    Path("/usr/share/fonts/dejavu"),
    Path("/usr/share/fonts/TTF"),
    Path("/opt/homebrew/share/fonts"),
    Path("/Library/Fonts"),
    Path.home() / "Library/Fonts",
    Path.home() / ".local/share/fonts",
]
FALLBACK_FILES = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")


@functools.cache
def fallback_font(name: str) -> Path:
    """The file of one cut of DejaVu Sans; it has every letter of DIN 91379."""
    if name in FALLBACK_FILES:
        for folder in FALLBACK_FOLDERS:
            if (folder / name).is_file():
                return folder / name
    raise ImproperlyConfigured(
        f"The font {name} was not found. Install the system package fonts-dejavu-core (Fedora: dejavu-sans-fonts, "
        "macOS: brew install --cask font-dejavu)."
    )
