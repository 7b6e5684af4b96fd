"""The typefaces of paper: Source Sans, Noto Sans for what it cannot set, DejaVu Sans of the system behind both."""

import functools
from pathlib import Path

import font_source_sans_pro
import fontpkg_noto_sans
from django.core.exceptions import ImproperlyConfigured

SOURCE_SANS_FOLDER = Path(font_source_sans_pro.__file__).parent / "files"
SOURCE_SANS = "SourceSansPro-Regular.ttf"
# Knows for each letter of DIN 91379, composed or not, where each of its accents stands. One file of all weights.
NOTO_SANS = Path(fontpkg_noto_sans.__file__).parent / "files" / "NotoSans[wdth,wght].ttf"
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
    """The file of one cut of DejaVu Sans; it has signs that the others lack, but sets accents into each other."""
    if name in FALLBACK_FILES:
        for folder in FALLBACK_FOLDERS:
            if (folder / name).is_file():
                return folder / name
    raise ImproperlyConfigured(
        f"The font {name} was not found. Install the system package fonts-dejavu-core (Fedora: dejavu-sans-fonts, "
        "macOS: brew install --cask font-dejavu)."
    )
