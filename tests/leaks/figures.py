"""What is found, what is taken for a key, and time: `PYTHONPATH=tests:server python -m leaks.figures FOLDER`."""

import random
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from leaks import keys
from specwright.leaks.find import Leak, find
from specwright.leaks.mask import mask

TIMES = 20
MOST_FILES = 4000
CODE = ("*.py", "*.pyi", "*.js", "*.ts", "*.json", "*.toml", "*.yaml", "*.yml", "*.md", "*.txt", "*.lock", "*.cfg")


def recall(dice: random.Random) -> Iterator[tuple[str, int, int]]:
    """Format, how many of its keys were found, of how many."""
    for kind, parts in keys.FORMATS:
        tried = [pair for _ in range(TIMES) for pair in keys.embedded(parts, dice)]
        found = [text for key, text in tried if any(leak.kind == kind and leak.sure for leak in find(text))]
        yield kind, len(found), len(tried)
    for name, (alphabet, length) in keys.ASSIGNED.items():
        texts = [f'db_password = "{keys.word(dice, alphabet, length)}"\n' for _ in range(TIMES * 10)]
        yield f"password of {name}", sum(bool(find(text)) for text in texts), len(texts)


def code(folder: Path) -> list[Path]:
    """The first files of a folder with text that people and tools wrote."""
    return sorted({path for suffix in CODE for path in folder.rglob(suffix)})[:MOST_FILES]


def taken_for_keys(files: Iterable[Path]) -> tuple[int, float, list[tuple[Path, Leak]]]:
    """Characters that were looked at, seconds, and what was found."""
    size, seconds, found = 0, 0.0, []
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        began = time.process_time()
        found += [(path, leak) for leak in find(text)]
        seconds += time.process_time() - began
        size += len(text)
    return size, seconds, found


def main() -> None:
    rows = list(recall(random.Random(0)))  # noqa: S311 - the same ones each time
    kinds = {kind for kind, *_ in rows}
    missed = [row for row in rows if row[1] < row[2]]
    print(f"{len(rows)} formats of {len(kinds)} kinds; found {sum(r[1] for r in rows)} of {sum(r[2] for r in rows)}")
    for kind, found, tried in missed:
        print(f"  {kind}: {found} of {tried}")
    for folder in [Path(sysconfig.get_path("stdlib")), *map(Path, sys.argv[1:])]:
        files = code(folder)
        size, seconds, hits = taken_for_keys(files)
        speed = seconds / size * 1e10
        counted = Counter((leak.kind, "fails" if leak.sure else "warns") for _, leak in hits)
        print(f"{folder}: {len(files)} files, {size / 1e6:.1f} MB, {speed:.0f} µs per 10 KB, {dict(counted)}")
        for path, leak in hits[:40]:
            print(f"  {path.relative_to(folder)}:{leak.line}:{leak.column} {leak.kind}")
    text = "".join(path.read_text(errors="replace") for path in code(Path(sysconfig.get_path("stdlib")))[:100])
    values = [f"value-number-{number}" for number in range(10)]
    for name, known in (("no known value", []), ("10 known values", values)):
        began = time.process_time()
        for at in range(0, len(text), 10_000):
            mask(text[at : at + 10_000], known)
        print(f"mask with {name}: {(time.process_time() - began) / len(text) * 1e10:.0f} µs per 10 KB")


if __name__ == "__main__":
    main()
