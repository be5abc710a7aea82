"""docs/compatibility.md: every row of it names tests, and every test that it names is there."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = [path for path in ROOT.glob("tests/**/*") if path.suffix in (".py", ".cpp")]
ROWS = [line for line in (ROOT / "docs/compatibility.md").read_text().splitlines()
        if line.startswith("| ") and not line.startswith(("| ---", "| promise |", "| client |"))]


def is_there(file, name):
    wanted = rf"(def |_CASE\(){name}\b"
    return any(re.search(wanted, path.read_text()) for path in TESTS if path.stem == file)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:60])
def test_a_promise_names_tests_that_are_there(row):
    named = re.findall(r"`(\w+)::(\w+)`", row)
    assert named, f"no test shows: {row}"
    missing = [f"{file}::{name}" for file, name in named if not is_there(file, name)]
    assert not missing, f"not there: {missing}"


def test_the_table_is_whole():
    assert len(ROWS) > 60
