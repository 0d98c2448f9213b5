"""What judging texts and contents costs ``check``: the same command with and without, in turns.

    python -m benchmarks.judged check …       # the program without that judgement

Without it no text is searched for personal data, no attachment is read for its texts and
metadata, and contents are told apart by git's ids alone, as before there was any of that.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from subprocess import CalledProcessError
from typing import TYPE_CHECKING

from benchmarks.making import make_repository
from benchmarks.measuring import Done, Failure, appraise, python, run
from benchmarks.table import Row

if TYPE_CHECKING:
    from benchmarks.bench import Bench

#: Branches that file text and small files alone: every fiftieth has large ones.
BRANCHES = 40
STEP = "check, text judged"
#: Rounds of both commands, however often others are run: their difference is small.
ROUNDS = 9
#: Modules with what is put in the place of their functions.
SWITCHED = {
    "generator.text.privacy": ("hits_of", "may_number"),
    "generator.loading.personal": ("hits_of", "may_hold"),
    "generator.loading.reader": ("report_personal",),
    "generator.loading.attached": ("report_attachment",),
}


def measure(bench: Bench) -> None:
    """Measure both in turns; the ratio is that of the least CPU of each."""
    root = bench.scratch / "text"
    alone = ("check", "--root", str(root), "--jobs=1", "--no-cache", "--quiet")
    commands = (appraise(*alone), python("benchmarks.judged", *alone))
    try:
        make_repository(root, BRANCHES)
        rounds = [[run(command, accept={0, 1}) for command in commands] for _ in range(ROUNDS)]
    except (Failure, CalledProcessError) as failure:
        bench.absent(STEP, f"failed: {failure}")
        return
    judged, bare = (min(runs, key=cpu) for runs in zip(*rounds, strict=True))
    note = f"{BRANCHES} branches, CPU ÷ that without judging texts and contents, in turns"
    ratio = cpu(judged) / cpu(bare)
    bench.add(Row(STEP, BRANCHES, judged.usage, BRANCHES, "branches", ratio, note))
    shutil.rmtree(root)


def cpu(done: Done) -> float:
    """Return the seconds that the processor worked."""
    return done.usage.cpu


def nothing(*_: object, **__: object) -> list[object]:
    """Find nothing, and say no."""
    return []


def switch_off() -> None:
    """Take the judgement out of the program in this process."""
    for name, functions in SWITCHED.items():
        module = importlib.import_module(name)
        for function in functions:
            getattr(module, function)  # one that is no longer there would be measured as well
            setattr(module, function, nothing)
    same = importlib.import_module("generator.files.attachments.inside.same")
    attached = importlib.import_module("generator.loading.attached")
    vars(attached).update(key_of=lambda blob, _: same.key_of_blob(blob), taken_on=lambda *_: None)


def main() -> None:
    """Run a command without the judgement."""
    from generator.cli.main import main as program  # noqa: PLC0415 - not in the measuring process

    switch_off()
    sys.argv = ["appraise", *sys.argv[1:]]
    program()


if __name__ == "__main__":
    main()
