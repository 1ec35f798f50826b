"""Known holes in what we depend on, and lists of all of it (SBOM, CycloneDX) in `.cache/sbom/`.

Fails where a hole is known. A service that does not answer is told, and fails nothing.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).parent.parent
LISTS = ROOT / ".cache" / "sbom"
CLIENT = ROOT / "client-vscode"


def main() -> int:
    """0 unless a hole is known."""
    LISTS.mkdir(parents=True, exist_ok=True)
    return int(any([_python(), _npm()]))


def _python() -> bool:
    _list_python()
    program = Path(sys.executable).parent / "pip-audit"
    found = _run([program, "-r", "requirements/run.txt", "--require-hashes", "--disable-pip", "-f", "json"])
    try:
        packages = json.loads(found.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(f"Python: not audited, the service does not answer: {_last(found.stderr)}")
        return False
    known = [package for package in packages if "skip_reason" not in package]
    if len(known) < len(packages):
        print(f"Python: {len(packages) - len(known)} packages not audited, the service has no answer for them")
    return bool(known) and _told("Python", len(known), [f"{p['name']} {p['version']}" for p in known if p["vulns"]])


def _list_python() -> None:
    text = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    bom = Bom()
    for name, version in re.findall(r"^([\w.-]+)==([\w.+!-]+)", text, re.M):
        bom.components.add(Component(name=name, version=version, purl=PackageURL("pypi", name=name, version=version)))
    (LISTS / "python.json").write_text(JsonV1Dot6(bom).output_as_string(indent=1), encoding="utf-8")


def _npm() -> bool:
    found = _run(["npm", "audit", "--omit=dev", "--json"], CLIENT)
    try:
        report = json.loads(found.stdout)
        holes, total = report["vulnerabilities"], report["metadata"]["dependencies"]["prod"]
    except (ValueError, KeyError):
        print(f"npm: not audited, the service does not answer: {_last(found.stderr or found.stdout)}")
        return False
    listed = _run(["npm", "sbom", "--omit=dev", "--sbom-format=cyclonedx", "--package-lock-only"], CLIENT)
    (LISTS / "npm.json").write_text(listed.stdout, encoding="utf-8")
    return _told("npm", total, list(holes))


def _told(what: str, number: int, holes: list[str]) -> bool:
    print(f"{what}: {number} packages, " + (f"known holes in {', '.join(holes)}" if holes else "no known hole"))
    return bool(holes)


def _run(words: list[str | Path], folder: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603  # ours


def _last(text: str) -> str:
    return (text.strip().splitlines() or ["it says nothing"])[-1][:200]


if __name__ == "__main__":
    sys.exit(main())
