"""The same commit gives the same bytes, whoever builds it, where and when."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.sites import PROGRAM, digest_of, files_of
from tests.support import BASE
from tests.variants import Variant, built, checkout

if TYPE_CHECKING:
    from pathlib import Path

#: A checkout, the digest of its site, and of each file.
Reference: TypeAlias = "tuple[Path, str, dict[str, str]]"
PLAIN = Variant("plain", {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"})
#: All that can be changed at once.
TOGETHER = Variant(
    "everything",
    {
        "PYTHONOPTIMIZE": "2",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TZ": "America/New_York",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONHASHSEED": "77",
        "TEST_SHUFFLE": "3",
        "TEST_LATER": "86400",
        "SOURCE_DATE_EPOCH": "86400",
        "GIT_DIR": "/nowhere",
        "GIT_INDEX_FILE": "/nowhere/index",
        "GIT_WORK_TREE": "/nowhere",
    },
    options=["--quiet"],
    clone=True,
    relative=True,
    folder="另一处",
    umask=0o027,
)
#: One by one, before a release: they say which of them it is.
VARIANTS = (
    Variant("no locale, no UTF-8 mode", {"LC_ALL": "POSIX", "PYTHONUTF8": "0"}, clone=True),
    Variant(
        "working directory, order of files",
        {"PYTHONHASHSEED": "4294967295", "TEST_SHUFFLE": "1"},
        options=["--quiet"],
        relative=True,
    ),
    Variant(
        "a hook of another repository",
        {"GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index", "GIT_WORK_TREE": "/nowhere"},
    ),
    Variant(
        "optimized, epoch given",
        {"PYTHONOPTIMIZE": "2", "PYTHONDONTWRITEBYTECODE": "1", "SOURCE_DATE_EPOCH": "1"},
    ),
    Variant("Shanghai", {"TZ": "Asia/Shanghai", "LC_ALL": "C", "PYTHONHASHSEED": "1"}, umask=0o077),
    Variant(
        "New York, Chinese",
        {"TZ": "America/New_York", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "random"},
        folder="另一个 文件夹/deeper",
    ),
    Variant("Kiritimati, Turkish", {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8"}),
    Variant(
        "order of files, a year later",
        {"TEST_SHUFFLE": "2", "TEST_LATER": "31622400", "CI": "true", "TERM": "dumb"},
    ),
    Variant(
        "another user, one processor",
        {"USER": "nobody", "LOGNAME": "nobody", "COLUMNS": "20"},
        command=[
            *("taskset", "--cpu-list", "0"),
            *("unshare", "--user", "--map-user=12345", "--map-group=12345"),
        ],
    ),
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """Return the small repository, built plainly."""
    folder = tmp_path_factory.mktemp("small")
    first = checkout(BASE, folder / "first")
    return (first, *built(PLAIN, first, folder, 0))


@pytest.fixture(scope="module")
def sample(sample_built: Path) -> Reference:
    """Return the sample, as it was built for all tests."""
    site = sample_built / "site"
    return sample_built / "first", digest_of(site), files_of(site)


def possible(variant: Variant) -> bool:
    """Whether this machine lets a process run under the command of a variant."""
    if not variant.command:
        return True
    if shutil.which(variant.command[0]) is None:
        return False
    probe = [*variant.command, sys.executable, "-c", "import generator.cli.main"]
    return subprocess.run(probe, cwd=PROGRAM, capture_output=True, check=False).returncode == 0


def differing(variant: Variant, reference: Reference, folder: Path, seed: int) -> list[str]:
    """Build a checkout of the same commit in another way; return the files that differ."""
    first, digest, files = reference
    own, own_files = built(variant, first, folder, seed)
    changed = {name for name, _ in files.items() ^ own_files.items()}
    assert bool(changed) == (own != digest)
    return sorted(changed)


def test_one_digest_of_the_sample(sample: Reference, tmp_path: Path) -> None:
    assert differing(TOGETHER, sample, tmp_path, 0) == []


@pytest.mark.long
@pytest.mark.parametrize("number", range(len(VARIANTS)), ids=lambda n: VARIANTS[n].name)
def test_one_digest(number: int, small: Reference, tmp_path: Path) -> None:
    variant = VARIANTS[number]
    if not possible(variant):
        pytest.skip(f"this machine does not permit: {variant.name}")
    assert differing(variant, small, tmp_path, number) == []


def test_the_whole_site_is_compared(sample: Reference, sample_built: Path, tmp_path: Path) -> None:
    """What stock MkDocs makes anew each day is among the files; other data give another digest."""
    _, digest, files = sample
    wanted = {"sitemap.xml", "sitemap.xml.gz", "index.html", "results.json", "404.html"}
    assert wanted <= files.keys()
    assert len(files) > 100
    site = tmp_path / "site"
    shutil.copytree(sample_built / "site", site, copy_function=os.link)
    packed = site / "sitemap.xml.gz"
    assert gzip.decompress(packed.read_bytes()) == (site / "sitemap.xml").read_bytes()
    assert digest_of(site) == digest
    (site / "extra").mkdir()
    assert digest_of(site) != digest
    (site / "extra").rmdir()
    assert files_of(site) == files


def test_the_disturbances_disturb(tmp_path: Path) -> None:
    """Listings do come in another order, and clocks do show another day."""
    for name in "abcdefgh":
        (tmp_path / name).touch()
    look = (
        "import sys, datetime, time; from pathlib import Path; from os import walk\n"
        "print([p.name for p in Path(sys.argv[1]).iterdir()], next(walk(sys.argv[1]))[2])\n"
        "print(datetime.datetime.now(datetime.UTC).year, datetime.date.today().year,"
        " time.gmtime().tm_year)"
    )
    customize = tmp_path / "with" / "sitecustomize.py"
    customize.parent.mkdir()
    customize.write_text("import tests.variants as v\nv.disturb()\n")

    def said(**environment: str) -> list[str]:
        path = os.pathsep.join([str(customize.parent), str(PROGRAM)])
        done = subprocess.run(
            [sys.executable, "-c", look, tmp_path],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": path, **environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()

    plain, other = said(), said(TEST_SHUFFLE="1", TEST_LATER="31622400")
    assert plain[0] != other[0]
    assert plain[0] != said(TEST_SHUFFLE="2")[0]
    assert [int(n) + 1 for n in plain[1].split()] == [int(n) for n in other[1].split()]
