"""The small repository that the demo makes: a Python package with tests, gates, four specs and a script to play."""

import json

FILES = {
    "clock/__init__.py": '"""Small helpers for times of day."""\n',
    "clock/durations.py": '''"""Durations as people write them."""


# spec! Parse minutes and seconds
# Turn texts such as "2m30s" into seconds, so that time limits can be written in settings.
# - [ ] parse("2m30s") is 150, check: `python -m unittest -q tests.test_durations`
# - [ ] the docstring of parse names the accepted forms, check: manual
# - error: any other text raises ValueError with the text quoted
# - files: clock/durations.py tests/test_durations.py
def parse(text: str) -> int:
    raise NotImplementedError(text)
''',
    "clock/greeting.py": '''"""What to say at which time of day."""


# spec! Greet by the hour
# - [ ] before 12 it is "Good morning", else "Good day"
#   check: `python -m unittest -q tests.test_greeting`
# - files: clock/greeting.py tests/test_greeting.py
def greet(hour: int) -> str:
    return "Hello"
''',
    "clock/weekday.py": '''"""Days of the week."""


# spec! First day of the week
# - [ ] first_day() names the day on which a week begins, check: `python -m unittest -q tests.test_weekday`
# - files: clock/weekday.py tests/test_weekday.py
def first_day() -> str:
    raise NotImplementedError
''',
    "clock/format.py": '''"""Times as text."""


# spec! Format times nicely
# Make the output look good. Format: ‹which?›
# - not: TBD
def show(hour: int, minute: int) -> str:
    return f"{hour}:{minute}"
''',
    "tests/__init__.py": "",
    "tests/test_package.py": """import unittest

import clock


class Package(unittest.TestCase):
    def test_it_says_what_it_is_for(self) -> None:
        self.assertIn("times of day", clock.__doc__ or "")
""",
    "checks/no_prints.py": '''"""A lint of our own: the package must not print."""

import pathlib
import sys

found = [str(path) for path in pathlib.Path("clock").glob("*.py") if "print(" in path.read_text()]
print("\\n".join(f"{path}: print() in library code" for path in found))
sys.exit(1 if found else 0)
''',
    "specwright.toml": """agent = "scripted"  # plays recorded tool calls; no model, no key, no network

[agents.scripted]
script = "script.json"

[gates.tests]
command = "python -m unittest -q"

[gates.lint]
command = "python checks/no_prints.py"
""",
    ".gitignore": "__pycache__/\n",
}

DURATIONS = '''"""Durations as people write them."""

import re

FORM = re.compile(r"(?:(\\d+)m)?(?:(\\d+)s)?")


# spec! Parse minutes and seconds
# Turn texts such as "2m30s" into seconds, so that time limits can be written in settings.
# - [ ] parse("2m30s") is 150, check: `python -m unittest -q tests.test_durations`
# - [ ] the docstring of parse names the accepted forms, check: manual
# - error: any other text raises ValueError with the text quoted
# - files: clock/durations.py tests/test_durations.py
def parse(text: str) -> int:
    """Seconds of a text such as "2m30s", "2m" or "30s"."""
    found = FORM.fullmatch(text)
    if not text or found is None:
        raise ValueError(f"not a duration: {text!r}")
    minutes, seconds = (int(part or 0) for part in found.groups())
    return minutes * 60 + seconds
'''

TEST_DURATIONS = """import unittest

from clock.durations import parse


class Durations(unittest.TestCase):
    def test_minutes_and_seconds(self) -> None:
        self.assertEqual(parse("2m30s"), 150)

    def test_anything_else_is_refused(self) -> None:
        for text in ("", "soon", "30"):
            with self.assertRaises(ValueError):
                parse(text)
"""

TEST_GREETING = """import unittest

from clock.greeting import greet


class Greeting(unittest.TestCase):
    def test_by_the_hour(self) -> None:
        self.assertEqual([greet(9), greet(15)], ["Good morning", "Good day"])
"""

TEST_WEEKDAY = """import unittest

from clock.weekday import first_day


class Weekday(unittest.TestCase):
    def test_the_week_begins_on_monday(self) -> None:
        self.assertEqual(first_day(), "Monday")
"""

QUESTION = "Does the week begin on Monday (ISO 8601) or on Sunday? The spec leaves it open."
ANSWER = "Monday, as in ISO 8601."


def _call(tool: str, **given: str) -> dict[str, object]:
    return {"tool": tool, "input": given}


def _finish(summary: str) -> dict[str, object]:
    return _call("finish", summary=summary)


def script() -> str:
    """What the scripted agent plays, round by round."""
    pause = {"sleep": 1.5}
    read = [_call("read", path="clock/greeting.py"), pause]
    rounds = {
        "Parse minutes and seconds": [
            [
                _call("read", path="clock/durations.py"),
                pause,
                _call("write", path="clock/durations.py", content=DURATIONS),
                pause,
                _call("write", path="tests/test_durations.py", content=TEST_DURATIONS),
                _call("bash", command="python -m unittest -q"),
                pause,
                _finish("parse() reads minutes and seconds; tests added."),
            ]
        ],
        "Greet by the hour": [
            [
                *read,
                _call(
                    "edit",
                    path="clock/greeting.py",
                    old='    return "Hello"',
                    new='    print(hour)\n    return "Good morning" if hour < 12 else "Good day"',
                ),
                _call("write", path="tests/test_greeting.py", content=TEST_GREETING),
                pause,
                _finish("greet() depends on the hour."),
            ],
            [
                {"say": "The lint gate found a print() that I left behind."},
                _call("edit", path="clock/greeting.py", old="    print(hour)\n", new=""),
                _finish("Removed the print()."),
            ],
        ],
        "First day of the week": [
            [_call("read", path="clock/weekday.py"), pause, _call("finish", summary="A question.", blocked=QUESTION)],
            [
                _call("edit", path="clock/weekday.py", old="    raise NotImplementedError", new='    return "Monday"'),
                _call("write", path="tests/test_weekday.py", content=TEST_WEEKDAY),
                _finish("first_day() is Monday, as answered."),
            ],
        ],
    }
    return json.dumps(rounds, indent=1, ensure_ascii=False) + "\n"


SPECS = ("clock/durations.py", "clock/greeting.py", "clock/weekday.py", "clock/format.py")
"""The files whose specs are queued, all at once."""
