"""Faults put into what points, ranks and permissions rest on: the suite has to notice each.

``python -m tools.mutants`` draws mutants by a seed, evenly over modules, and runs each module's own
tests on each of them, in a copy of the tree. What it found is kept in ``.mutants/``: a mutant whose
module and tests are as they were is not run again.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import yaml

from tools.mutant_report import LEAST, rows_of, share, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
ROOT = Path(__file__).resolve().parent.parent
#: Module, or the folder of some → the quick tests that should notice; the first that fits holds.
TESTS: dict[str, tuple[str, ...]] = {
    "generator/scoring/ranking.py": ("tests/test_ranking.py", "tests/test_properties.py"),
    "generator/scoring/": (
        "tests/test_scoring.py",
        "tests/test_reasons.py",
        "tests/test_methods.py",
        "tests/test_ranking.py",
        "tests/test_review.py",
        "tests/test_ballots.py",
        "tests/test_advice.py",
        "tests/test_due.py",
    ),
    "generator/rubric/measures.py": (
        "tests/test_methods.py",
        "tests/test_reasons.py",
        "tests/test_scoring.py",
        "tests/test_schemas.py",
    ),
    "generator/rubric/failing.py": ("tests/test_conditions.py", "tests/test_reasons.py"),
    "generator/rubric/levels.py": ("tests/test_levels.py", "tests/test_schemas.py"),
    "generator/rubric/vocabulary.py": ("tests/test_methods.py", "tests/test_reasons.py"),
    "generator/text/numbers.py": (
        "tests/test_numbers.py",
        "tests/test_scoring.py",
        "tests/test_reasons.py",
        "tests/test_properties.py",
    ),
    "generator/rubric/methods/": (
        "tests/test_methods.py",
        "tests/test_reasons.py",
        "tests/test_scoring.py",
        "tests/test_schemas.py",
        "tests/test_faulty_rubrics.py",
        "tests/test_due.py",
    ),
    "generator/proposals/guard/final.py": (
        "tests/test_correction_proposals.py",
        "tests/test_guard.py",
    ),
    "generator/proposals/guard/": (
        "tests/test_guard.py",
        "tests/test_gate.py",
        "tests/test_guard_office.py",
        "tests/test_hostile_authority.py",
        "tests/test_hostile_names.py",
        "tests/test_due_changed.py",
        "tests/test_levels.py",
    ),
}
EQUIVALENT = Path(__file__).with_name("equivalents.yml")
KEPT = ".mutants/results.jsonl"
#: Digest of program and tests → the seconds that the tests took, and passed.
PASSED = ".mutants/passed.json"
COUNT, SEED = 400, 2025
#: A mutant may take so many times as long as the tests without it, and so many seconds more.
PATIENCE, GRACE = 5, 60
MEMORY = 4 << 30
IMPORTED = re.compile(rb"^ *from tests\.(\w+) import", re.MULTILINE)
FAILED = re.compile(r"^(?:FAILED|ERROR) (tests/[^: ]+)", re.MULTILINE)


@dataclass(frozen=True)
class Site:
    """A fault that can be made: in which module, by which operator, at its how-manieth place."""

    path: str
    operator: str
    occurrence: int
    scope: str


@dataclass(frozen=True)
class Mutant:
    """A module with one fault: its whole text, and the lines that went and came."""

    site: Site
    text: str
    diff: str
    old: str
    new: str


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: killed (``by`` a file of tests), timeout, survived.

    ``module`` and ``tests`` are digests of the mutated module and of the tests that decided.
    """

    path: str
    module: str
    tests: str
    result: str
    by: str = ""

    @property
    def killed(self) -> bool:
        """Whether the tests noticed."""
        return self.result != "survived"


def tests_of(path: str) -> tuple[str, ...]:
    """Return the tests of a module; raises KeyError where the table has none."""
    for start, tests in TESTS.items():
        if path == start or (start.endswith("/") and path.startswith(start)):
            return tests
    raise KeyError(path)


def modules(root: Path) -> list[str]:
    """Return the paths of the modules that the table names."""
    found: set[Path] = set()
    for start in TESTS:
        found |= set((root / start).rglob("*.py")) if start.endswith("/") else {root / start}
    return sorted(path.relative_to(root).as_posix() for path in found)


def draw(sites: Mapping[str, Sequence[Site]], count: int, seed: int) -> list[Site]:
    """Return so many sites by a seed, in turn from each module while it has any left."""
    rng = random.Random(seed)  # noqa: S311 - a draw that anyone can repeat
    piles = []
    for path in sorted(sites):
        pile = list(sites[path])
        rng.shuffle(pile)
        piles.append(pile)
    drawn: list[Site] = []
    while len(drawn) < count and any(piles):
        for pile in piles:
            if pile and len(drawn) < count:
                drawn.append(pile.pop())
    return drawn


def equivalents(path: Path = EQUIVALENT) -> dict[tuple[str, str, str, str], str]:
    """Return (module, function, old line, new line) → why such a mutant is no other program."""
    rows = yaml.safe_load(path.read_text("utf-8")) or []
    return {(r["module"], r["in"], r["old"], r["new"]): r["why"] for r in rows}


def identity(mutant: Mutant) -> tuple[str, str, str, str]:
    """Return what an entry of the equivalent ones names."""
    return (mutant.site.path, mutant.site.scope, mutant.old, mutant.new)


def digest(*parts: bytes) -> str:
    """Return a short digest."""
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


class Copies:
    """Copies of the tree, one a process: what git tracks and what it does not ignore."""

    def __init__(self, root: Path, count: int) -> None:
        self.root = root
        self.home = Path(tempfile.mkdtemp(prefix="mutants-"))
        self.free: SimpleQueue[Path] = SimpleQueue()
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607 - git, wherever it is
            cwd=root, check=True, capture_output=True,
        ).stdout.decode("utf-8", "surrogateescape")  # fmt: skip
        for number in range(count):
            copy = self.home / str(number)
            for name in filter(None, listed.split("\0")):
                if (root / name).is_file():
                    (copy / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(root / name, copy / name, follow_symlinks=False)
            self.free.put(copy)

    @contextlib.contextmanager
    def one(self) -> Iterator[Path]:
        """Lend a copy that nobody uses."""
        copy = self.free.get()
        try:
            yield copy
        finally:
            self.free.put(copy)

    def remove(self) -> None:
        """Remove all of them."""
        shutil.rmtree(self.home, ignore_errors=True)


def run_tests(copy: Path, tests: Sequence[str], limit: float) -> tuple[str, str]:
    """Run tests in a copy; return ``survived``, ``killed`` or ``timeout``, and what was printed."""
    command = [
        sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider",
        f"--basetemp={copy.parent}/{copy.name}-tmp", *tests,
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(  # noqa: S603 - our own tests
        command, cwd=copy, env=environment, text=True, errors="replace", start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            printed, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return "timeout", ""
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return ("survived" if process.returncode == 0 else "killed"), printed


class Trial:
    """Runs mutants in copies of a tree, and keeps what became of them."""

    def __init__(self, root: Path, jobs: int) -> None:
        self.copies = Copies(root, jobs)
        self.kept, self.passed = root / KEPT, root / PASSED
        self.lock = threading.Lock()
        self.limits: dict[tuple[str, ...], float] = {}
        #: Tests as they were when the copies were made, whatever is edited meanwhile.
        self.tests = self.copies.home / "0"

    def known(self, *, grown: bool = False) -> dict[tuple[str, str], Outcome]:
        """Return what was found before, by module and digest of the mutated text.

        ``grown``: tests were only added since, so what was killed would be killed again.
        """
        if not self.kept.is_file():
            return {}
        rows = [Outcome(**json.loads(line)) for line in self.kept.read_text("utf-8").splitlines()]
        return {
            (row.path, row.module): row
            for row in rows
            if (grown and row.killed) or row.tests == self.digest_of(row)
        }

    def digest_of(self, outcome: Outcome) -> str:
        """Return the digest of the tests that decided on a mutant, as they are now."""
        files = [outcome.by] if outcome.by else tests_of(outcome.path)
        return self.tests_digest(files)

    def tests_digest(self, files: Iterable[str]) -> str:
        """Return the digest of files of tests and of what they import of one another."""
        texts: dict[str, bytes] = {}
        pending = list(files)
        while pending:
            name = pending.pop()
            if name not in texts and (self.tests / name).is_file():
                texts[name] = (self.tests / name).read_bytes()
                pending += [f"tests/{other.decode()}.py" for other in IMPORTED.findall(texts[name])]
        return digest(*(texts[name] for name in sorted(texts)))

    def measure(self, tests: tuple[str, ...]) -> None:
        """Run tests without a fault, and set the time that a mutant may take; they must pass."""
        program = sorted((self.tests / "generator").rglob("*.py"))
        key = digest(*(path.read_bytes() for path in program), self.tests_digest(tests).encode())
        with self.lock:
            passed = json.loads(self.passed.read_text("utf-8")) if self.passed.is_file() else {}
        if key not in passed:
            with self.copies.one() as copy:
                start = time.monotonic()
                result, printed = run_tests(copy, tests, 3600)
            if result != "survived":
                message = f"{' '.join(tests)}: fail without any fault\n{printed}"
                raise SystemExit(message)
            with self.lock:
                passed = json.loads(self.passed.read_text("utf-8")) if self.passed.is_file() else {}
                passed[key] = round(time.monotonic() - start, 1)
                self.passed.parent.mkdir(exist_ok=True)
                self.passed.write_text(json.dumps(passed), "utf-8")
        self.limits[tests] = PATIENCE * passed[key] + GRACE

    def try_out(self, mutant: Mutant) -> Outcome:
        """Run a module's tests on a mutant."""
        path, tests = mutant.site.path, tests_of(mutant.site.path)
        with self.copies.one() as copy:
            target = copy / path
            before = target.read_bytes()
            target.write_text(mutant.text, "utf-8")
            for compiled in (target.parent / "__pycache__").glob(f"{target.stem}.*"):
                compiled.unlink()
            try:
                result, printed = run_tests(copy, tests, self.limits[tests])
            finally:
                target.write_bytes(before)
        named = FAILED.search(printed)
        by = named[1] if result == "killed" and named else ""
        files = [by] if by else tests
        outcome = Outcome(path, module_digest(mutant), self.tests_digest(files), result, by)
        with self.lock:
            self.kept.parent.mkdir(exist_ok=True)
            with self.kept.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(outcome)) + "\n")
        return outcome


def module_digest(mutant: Mutant) -> str:
    """Return the digest of the mutated text."""
    return digest(mutant.text.encode("utf-8"))


def try_all(
    trial: Trial, mutants: Sequence[Mutant], jobs: int, *, grown: bool = False
) -> dict[Site, Outcome]:
    """Return what becomes of each mutant; those found before are not run again.

    Whoever interrupts it has what was found until then.
    """
    known = trial.known(grown=grown)
    found = {m.site: o for m in mutants if (o := known.get((m.site.path, module_digest(m))))}
    left = [m for m in mutants if m.site not in found]
    tell(f"{len(mutants)} mutants, {len(found)} of them known")
    with contextlib.suppress(KeyboardInterrupt), ThreadPoolExecutor(jobs) as pool:
        list(pool.map(trial.measure, dict.fromkeys(tests_of(m.site.path) for m in left)))
        for number, (mutant, outcome) in enumerate(
            zip(left, pool.map(trial.try_out, left), strict=True), start=1
        ):
            found[mutant.site] = outcome
            words = f"{outcome.result} {outcome.by}".strip()
            tell(f"{number}/{len(left)} {mutant.site.path} {mutant.site.scope}: {words}")
    return found


def tell(words: str) -> None:
    """Print progress beside the report."""
    sys.stderr.write(f"{words}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw mutants, try them and report; 1 where fewer than 90 of a hundred are killed."""
    from tools.mutating import mutant, sites  # noqa: PLC0415 - tests need no cosmic-ray

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="mutants to draw")
    parser.add_argument("--seed", type=int, default=SEED, help="which ones")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--only", default="", help="start of the modules' paths")
    parser.add_argument("--grown", action="store_true", help="tests were only added: killed stays")
    parser.add_argument("--anew", action="store_true", help="forget what was found before")
    chosen: Any = parser.parse_args(arguments)
    sources = {path: (ROOT / path).read_text("utf-8") for path in modules(ROOT)}
    drawn = draw({p: sites(p, text) for p, text in sources.items()}, chosen.count, chosen.seed)
    drawn = [site for site in drawn if site.path.startswith(chosen.only)]
    mutants = [mutant(site, sources[site.path]) for site in drawn]
    named = equivalents()
    equal = [m.site for m in mutants if identity(m) in named]
    others = [m for m in mutants if m.site not in equal]
    trial = Trial(ROOT, chosen.jobs)
    if chosen.anew:
        trial.kept.unlink(missing_ok=True)
    try:
        outcomes = try_all(trial, others, chosen.jobs, grown=chosen.grown)
    finally:
        trial.copies.remove()
    rows = rows_of(drawn, equal, outcomes)
    left = [m for m in mutants if m.site in outcomes and not outcomes[m.site].killed]
    diffs = [f"# {m.site.path} {m.site.scope}\n{m.diff}\n" for m in left]
    sys.stdout.write("\n".join([*diffs, table(rows), ""]))
    return int(share(rows) < LEAST)


if __name__ == "__main__":
    raise SystemExit(main())
