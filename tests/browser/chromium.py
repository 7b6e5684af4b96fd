"""Which Chromium the browser tests use."""

import os
import shutil
from pathlib import Path

# First the one without windows of its own: a whole browser builds one, with its pages, for each visitor.
COMMANDS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT_FOLDERS = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
PLAYWRIGHT_BROWSERS = (
    "chromium_headless_shell-*/*/*headless*shell",
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
MISSING = (
    "Kein Chromium gefunden: Paket chromium-headless-shell oder chromium installieren, "
    "NETZKOORD_CHROMIUM auf ein Programm setzen oder `playwright install chromium` ausführen."
)


def chromium_path() -> str | None:
    """NETZKOORD_CHROMIUM, then a browser on the PATH, then Playwright's own; None when there is none."""
    return os.environ.get("NETZKOORD_CHROMIUM") or next(
        filter(None, map(shutil.which, COMMANDS)), playwrights_own()
    )


def playwrights_own() -> str | None:
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    for folder in [named] if named else PLAYWRIGHT_FOLDERS:
        for pattern in PLAYWRIGHT_BROWSERS:
            found = sorted(Path(folder).expanduser().glob(pattern))
            if found:
                return str(found[-1])
    return None
