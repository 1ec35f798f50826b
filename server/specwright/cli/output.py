"""What the verbs print: text that can't drive the terminal, and JSON. Nothing else of `cli` prints."""

import json
from typing import Any

import click

from specwright.api.codec import encode
from specwright.tasks.harmless import harmless, in_json


def echo(text: str, err: bool = False, nl: bool = True, lead: str = "", color: bool | None = None) -> None:
    """Print a text, whoever wrote it; `lead` is our own and may be coloured."""
    click.echo(lead + harmless(text), err=err, nl=nl, color=color)


def echo_json(document: str) -> None:
    """Print JSON text."""
    click.echo(in_json(document))


def print_json(value: object) -> None:
    """One JSON document."""
    document: Any = encode(value)
    echo_json(json.dumps(document, indent=2, ensure_ascii=False))
