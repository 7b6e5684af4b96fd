"""200 posts at once on SQLite: as configured against Django's defaults. Run by name:

pytest tests/benchmarks/bench_sqlite.py -s
"""

import json
import subprocess
import sys

import pytest


def run(configuration, path):
    command = [sys.executable, "-m", "tests.benchmarks.sqlite_posts", configuration, str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(output.splitlines()[-1])


@pytest.mark.parametrize("repetition", range(3))
def test_posts_at_once(tmp_path, repetition):
    configured = run("configured", tmp_path / "configured.sqlite3")
    defaults = run("defaults", tmp_path / "defaults.sqlite3")

    print(f"\nconfigured: {configured}\ndefaults:   {defaults}")
    print(f"time, configured / defaults: {configured['seconds'] / defaults['seconds']:.2f}")
