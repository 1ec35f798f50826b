"""The small repository of the story: a package with gates, and what the scripted agent does to it."""

import json
from typing import Any

PRICES = '''"""Prices in cents."""

VAT = 19


def net(gross):
    return gross - VAT


def gross(net):
    return net + VAT


def shown(cents):
    return str(cents)
'''
WORDS = '''"""Words for people."""


# spec! Say the plural
# - [ ] plural("cat", 2) is "2 cats", check: `python -m unittest -q tests.test_plural`
def plural(word, count):
    return word


# spec! Shout
# - [ ] shout("hi") is "HI!", check: `python -m unittest -q tests.test_shout`
def shout(text):
    return text
'''
DAYS = '''"""Days of the week."""


# spec! First day of the week
# - [ ] first_day() names the day on which a week begins
def first_day():
    raise NotImplementedError
'''
GREET = '"""Greetings."""\n\nHELLO = "Hello"\n'
NOTES = "# Notes\n\n## spec! Greet in German\n- [ ] HELLO is German\n"
SETTINGS = """agent = "scripted"

[agents.scripted]
script = "script.json"

[gates.tests]
command = "python -m unittest -q"

[gates.compile]
command = "python -m compileall -q shop"
"""
TEST = """import unittest

from shop.{module} import *


class Test(unittest.TestCase):
    def test_it(self):
        self.assertEqual({call}, {value})
"""


def edit(path: str, old: str, new: str) -> dict[str, Any]:
    return {"tool": "edit", "input": {"path": path, "old": old, "new": new}}


def test(name: str, module: str, call: str, value: str) -> dict[str, Any]:
    content = TEST.format(module=module, call=call, value=value)
    return {"tool": "write", "input": {"path": f"tests/test_{name}.py", "content": content}}


ROUNDS = {
    "Count VAT as a share": [
        [
            {"sleep": 4},  # long enough to close the editor meanwhile
            edit("shop/prices.py", "VAT = 19", "VAT = 0.19"),
            edit("shop/prices.py", "return gross - VAT", "return round(gross / (1 + VAT))"),
            edit("shop/prices.py", "return net + VAT", "return round(net * (1 + VAT))"),
            edit("shop/prices.py", "return str(cents)", 'return f"{cents / 100:.2f}"'),
            test("prices", "prices", "net(119)", "100"),
        ]
    ],
    "Say the plural": [
        [
            edit("shop/words.py", "return word\n", 'return f"{count} {word}s"\n'),
            test("plural", "words", 'plural("cat", 2)', '"2 cats"'),
        ]
    ],
    "Shout": [
        [
            edit("shop/words.py", "return text\n", 'return text.upper() + "!"\n'),
            test("shout", "words", 'shout("hi")', '"HI!"'),
        ]
    ],
    "Greet in German": [[edit("shop/greet.py", '"Hello"', '"Hallo"')]],
    "First day of the week": [
        [{"tool": "finish", "input": {"summary": "A question.", "blocked": "Monday or Sunday?"}}],
        [edit("shop/days.py", "raise NotImplementedError", 'return "Monday"')],
    ],
}
FILES = {
    "shop/__init__.py": "",
    "shop/prices.py": PRICES,
    "shop/words.py": WORDS,
    "shop/days.py": DAYS,
    "shop/greet.py": GREET,
    "notes.md": NOTES,
    "tests/__init__.py": "",
    "tests/test_shop.py": TEST.format(module="words", call="True", value="True"),
    "specwright.toml": SETTINGS,
    "script.json": json.dumps(ROUNDS, indent=1),
    ".gitignore": "__pycache__/\n",
}
