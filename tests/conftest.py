"""Fixtures for tests of any module, made when a test first asks for them, and who runs what."""

from __future__ import annotations

import gc
import os
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from generator.engine.branch import SELDOM
from generator.site.build.building import build_site
from generator.site.data.years import load_site
from generator.text.language import set_language
from tests import tiers
from tests.browser import browser, lent, page, sites
from tests.shared import made_once
from tests.sites import PROGRAM, Place, Runner, namespace
from tests.variants import checkout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.site.data.years import SiteData
    from tests.workflow_project import Project

__all__ = ["browser", "lent", "page", "sites"]

#: The same examples every time, as many as it takes, and the first quarter of them for
#: ``make fast``; ``make test-long`` looks for new ones.
PATIENT: Any = {"deadline": None, "suppress_health_check": (HealthCheck.too_slow,)}
settings.register_profile("fixed", derandomize=True, **PATIENT)
settings.register_profile("quick", derandomize=True, max_examples=25, **PATIENT)
settings.register_profile("searching", max_examples=1000, **PATIENT)
settings.load_profile("fixed")
#: No git of a test waits for the disk: what is written here is read at once, and then thrown away.
os.environ.update(GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="core.fsync", GIT_CONFIG_VALUE_0="none")
#: A shell has what it starts in the background ignore Ctrl-C, which is tried here.
signal.signal(signal.SIGINT, signal.default_int_handler)

#: Files that take longest: whoever begins with them does not end with them alone. The second is
#: one that asks for no served ``sites``, or both processes would begin with waiting for them.
FIRST = (
    "test_site_visits", "test_workflow_steps", "test_workflow_publish", "test_site_scale",
    "test_form_page", "test_site_print", "test_site_lighthouse", "test_swap",
    "test_swap_failures", "test_preview", "test_same_bytes", "test_site_form_engine",
    "test_form_files", "test_git_unreadable", "test_pyodide", "test_site_finding",
    "test_package_writes", "test_catalogue", "test_site_heat_browser", "test_impact",
    "test_site_browser", "test_hostile_workflow", "test_benchmarks", "test_mistake",
    "test_cache", "test_site_html", "test_site_machine", "test_whatif", "test_site_keyboard",
    "test_rules", "test_removals", "test_session",
)  # fmt: skip
#: What builds sites, starts browsers and programs, makes histories, or takes seconds for words of
#: one command: left out by ``make fast``.
#: Whoever adds a file decides whether it belongs here; docs of the tiers: tests/README.md.
SLOW = re.compile(
    r"test_(?:site_(?!chronicle|criteria|directory|heat$|lacking|pages|ranking|scorecard)\w+"
    r"|bounds|corrections|dates|due_changed|edited|guard_office|impact_\w+|limits|links|naive_receipts|office_attachments"
    r"|removals|review_files|sound_pictures|unsent"
    r"|bundles\w*|commands_told|contents_kept|exchange_drawn|export_\w+|filling|new|session\w*"
    r"|sound_documents"
    r"|at_day|form_page|form_year|hostile_(?!yaml)\w+|kept_years|new_dialogue|verify_results|workflow\w*|swap\w*|benchmarks|cache|catalogue|comment"
    r"|final|form_files|gate|git_trees|git_unreadable|guard|impact|mistake|mutants|package_git|package_import|package_making|package_writes|preview|pure|pyodide|rules|same_bytes|shards|since|some|startup|succession|whatif|whole_filing|whole_year|withdrawn_history)"
)
#: Tests of random data: each stands alone, and any process may take any of them. The first kills
#: go with their file, whose process has a site to kill builds of.
RANDOM = re.compile(r"::test_(?:(?:random|both_readings)\w*\[|kills\w*\[(?!0\]))")

#: Files that go where another one goes, whose fixtures they share.
BESIDE = {
    "test_workflow_publish": "test_workflow_steps",
    "test_mistake": "test_workflow_steps",
    "test_swap_failures": "test_swap",
    "test_preview": "test_swap",
}

#: Builds the sample as the command line does, and says which heavy libraries came along.
BUILD = """
import sys
sys.argv = ["appraise", "--root", sys.argv[1], "build", "--quiet", "--site-dir", sys.argv[2]]
from generator.cli.main import main
try:
    main()
finally:
    print([name for name in ("pyarrow", "PIL") if name in sys.modules])
"""


@pytest.fixture(autouse=True)
def in_chinese() -> Iterator[None]:
    """Leave the process in Chinese, whatever a test has asked the program for."""
    yield
    set_language("zh")


@pytest.fixture(scope="session")
def site() -> SiteData:
    """The sample, evaluated once a process; nobody changes it."""
    return load_site(PROGRAM, "zh", PROGRAM / "site_templates")


@pytest.fixture(scope="session")
def sample_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the sample in one commit (``first``), its site and what was printed.

    The site lies in ``site``, what its build printed in ``said``.
    """

    def make(folder: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-c", BUILD, checkout(PROGRAM, folder / "first"), folder / "site"],
            cwd=PROGRAM,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        (folder / "said").write_text(done.stdout, "utf-8")

    return made_once(tmp_path_factory, "sample", make)


@pytest.fixture(scope="session")
def sample_english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the sample's site in English."""

    def make(folder: Path) -> None:
        build_site(PROGRAM, folder / "site", "en", quiet=True)
        set_language("zh")

    return made_once(tmp_path_factory, "english", make) / "site"


@pytest.fixture(scope="session")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Return the project on a remote, made once a process; programs of its steps are forked."""
    from tests.warm import Warm
    from tests.workflow_project import Project

    with Warm(builds=True) as warm:
        yield Project(tmp_path_factory.mktemp("forge"), warm)


@pytest.fixture
def project(forge: Project) -> Project:
    """Return the project without pull requests, as if nothing was ever published."""
    forge.clear()
    return forge


@pytest.fixture(scope="session")
def runner() -> Iterator[Runner]:
    """Return a process that forks builds, and may mount where anybody may."""
    with Runner(namespace(), alike=True) as it:
        yield it


@pytest.fixture(scope="session")
def swapped(tmp_path_factory: pytest.TempPathFactory, runner: Runner) -> Place:
    """Return a repository whose site shows version 0; nobody changes it."""
    return Place(tmp_path_factory.mktemp("swapped")).prepare(runner)


@pytest.fixture
def place(tmp_path: Path, swapped: Place) -> Place:
    """Return a repository whose site shows version 0, with version 1 in the working tree."""
    it = swapped.copy(tmp_path)
    it.write(1)
    return it


class ByFixtures(LoadScopeScheduling):  # type: ignore[misc] # ships no types
    """Keeps each file in one process, for it shares fixtures; random data is shared out."""

    def _split_scope(self, nodeid: str) -> str:
        if RANDOM.search(nodeid):
            return nodeid
        name = nodeid.partition(".py::")[0].rpartition("/")[2]
        return BESIDE.get(name, name)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFixtures:
    """Return who hands out tests, in the order in which they are collected."""
    config.option.loadscopereorder = False
    return ByFixtures(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Say what this run leaves out, and let nobody look for cycles of objects while it collects."""
    tiers.left_out.update(m for m in ("slow", "long") if tiers.never(config.option.markexpr, m))
    if "slow" in tiers.left_out:
        settings.load_profile("quick")
    gc.disable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave slow files out before anybody imports them, but for those that are named."""
    if "slow" not in tiers.left_out or not SLOW.fullmatch(collection_path.stem):
        return None
    named = {argument.partition("::")[0] for argument in config.args}
    return not any(config.invocation_params.dir / name == collection_path for name in named)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, and end with what can be shared out best."""
    turns = {name: turn for turn, name in enumerate(FIRST)}
    slow = {path for path in {item.path for item in items} if SLOW.fullmatch(path.stem)}
    for item in items:
        if item.path in slow:
            item.add_marker(pytest.mark.slow)

    def turn(item: pytest.Item) -> tuple[bool, int]:
        alone = RANDOM.search(item.nodeid) is not None
        return alone, turns.get(item.path.stem, len(FIRST))

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what collecting made: it is there to the end.

    From then on it looks seldom: tests make much that holds itself nowhere, and ever again it would
    go through what they share.
    """
    gc.freeze()
    gc.set_threshold(SELDOM, 20, 20)
    gc.enable()
