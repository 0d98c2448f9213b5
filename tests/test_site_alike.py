"""Pictures that look alike, beside each other: on the committee's site alone, and small."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmarks.alike import CHANGES, photo, saved
from generator.engine.year import Means
from generator.files.attachments import inspect
from generator.reports.alike import year as year_of_alike
from generator.reports.alike.looking import ALONE
from generator.reports.alike.year import Likeness, likeness_of
from generator.results.audience import INTERNAL, PUBLIC, read_publish
from generator.site.addresses import ALIKE
from generator.site.build.producing import addresses_of, volumes_of
from generator.site.build.reading import with_likeness
from generator.site.data.years import assembled, evaluations
from generator.site.guarding.guard import Guard, LeakError
from generator.site.html.audit import Auditor
from generator.site.html.page import bare
from generator.site.work import alike
from generator.text.language import set_language
from tests.memory import MemoryTree, base_files
from tests.site_bodies import site_files, site_pages
from tests.support import appraise, write
from tests.test_alike import filed, flat
from tests.test_site_pages import TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.results.audience import Publish
    from generator.site.data.years import SiteData

HOSTILE = '"><script>alert(1)</script> {{ 7 * 7 }} &amp;'
PHONE = "13812345678"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    own, other = (photo(random.Random(seed)).resize((240, 180)) for seed in (1, 2))
    title = f"title: '{HOSTILE}'\n".encode()
    plain = filed("demo-a", "2025-04-01", saved(own))
    found = {path: replaced(path, data, title) for path, data in plain.items()}
    again = filed("demo-a", "2025-05-01", CHANGES["turned by 90°"](own))
    found |= {path.replace("a.jpg", f"{PHONE}.jpg"): data for path, data in again.items()}
    record = "branches/demo-a/2025/activities/2025-05-01-theme/activity.yml"
    found[record] = found[record].replace(b"a.jpg", f"{PHONE}.jpg".encode())
    found |= filed("demo-a", "2024-05-01", CHANGES["grey"](own))
    found |= filed("demo-b", "2025-06-01", saved(other), "joint_with: [demo-a]\n")
    found |= filed("demo-a", "2025-06-02", CHANGES["half size"](other))
    even = filed("demo-b", "2025-07-01", flat())
    found |= {
        path.replace("a.jpg", "a.png"): d.replace(b"a.jpg", b"a.png") for path, d in even.items()
    }
    return {**base_files(), **found}


def replaced(path: str, data: bytes, title: bytes) -> bytes:
    if not path.endswith("activity.yml"):
        return data
    lines = data.splitlines(keepends=True)
    return b"".join(title if line.startswith(b"title:") else line for line in lines)


def site_for(files: dict[str, bytes], publish: Publish) -> SiteData:
    tree = MemoryTree(files)
    found = evaluations(tree, Means(summaries=True))
    seen = {e.year: likeness_of(tree, e.year, e.summaries, ALONE) for e in found if not e.frozen}
    return with_likeness(assembled(TEMPLATES.parent, TEMPLATES, found, publish=publish), seen)


@pytest.fixture(scope="module")
def site(files: dict[str, bytes]) -> SiteData:
    return site_for(files, INTERNAL)


@pytest.fixture
def english() -> Iterator[None]:
    set_language("en")
    yield
    set_language("zh")


def bodies(site: SiteData) -> dict[str, str]:
    made = volumes_of(site)[0]
    found = {address: str(make().body) for address, make in alike.pages(made)}
    return {address: body.replace("\u00a0", " ") for address, body in found.items()}


def test_each_pair_stands_with_branch_record_day_and_distance(site: SiteData) -> None:
    (body,) = bodies(site).values()
    names = {branch.id: branch.name for branch in site.results.branches}
    likeness = site.likeness
    assert likeness is not None
    assert len(likeness.shown) == len(likeness.found.pairs) == 4
    for number, pair in enumerate(likeness.shown, start=1):
        own = body.partition(f'id="pair-{number}"')[2].partition("</section>")[0]
        assert f"64 处中 {pair.bits} 处不同" in own
        assert own.count("<img ") == 2
        for picture in (pair.one, pair.other):
            small = likeness.small[picture.path]
            assert names[picture.branch] in own
            assert picture.record[-16:-6] in own
            assert f'width="{small.width}" height="{small.height}"' in own
        assert ("往年" in own) is (not pair.other.current)
        assert ("联合开展的支部" in own) is (pair.one.branch != pair.other.branch)
    assert "1 张没有比较" in body
    assert "&lt;script&gt;" in body
    assert "<script" not in body
    assert PHONE not in body
    assert "1381···5678.jpg" in body


def test_all_that_is_shown_is_there_and_passes_the_audit(site: SiteData) -> None:
    made = volumes_of(site)[0]
    files = {file.address: b"".join(file.pieces()) for file in site_files(site)}
    for _, make in alike.pages(made):
        page = make()
        Auditor().body(page.address, bare(str(page.body)))
        shown = [part.partition('"')[0] for part in str(page.body).split('<img src="')[1:]]
        assert len(shown) == 8
        assert {address.removeprefix("../") for address in shown} <= files.keys()
    small = {address: data for address, data in files.items() if address.endswith(".jpg")}
    assert len(small) == 5, "each picture once"
    assert all(inspect("a.jpg", data, 60_000) == () for data in small.values())
    assert small.keys() <= addresses_of(made)


@pytest.mark.usefixtures("english")
def test_the_page_is_there_in_english(site: SiteData) -> None:
    (body,) = bodies(site).values()
    assert "Pair 1" in body
    assert "of 64 places differ" in body


def test_no_byte_of_it_is_public(files: dict[str, bytes], site: SiteData) -> None:
    assert site.likeness is not None
    hidden = {hashlib.sha256(own.data).hexdigest() for own in site.likeness.small.values()}
    for publish in (PUBLIC, replace(PUBLIC, moved=read_publish({"due": "internal"}))):
        public = site_for(files, publish)
        for volume in volumes_of(public):
            assert not any(ALIKE.partition(".")[0] in address for address in addresses_of(volume))
        for page in site_pages(public):
            assert "<img" not in page.body
            assert "alike" not in page.body
        for file in site_files(public):
            data = b"".join(file.pieces())
            assert hashlib.sha256(data).hexdigest() not in hidden
            assert not data.startswith(b"\xff\xd8")
    assert any(ALIKE in address for address in addresses_of(volumes_of(site)[0]))


def test_a_photo_in_a_public_site_keeps_it_from_being_published(
    files: dict[str, bytes], site: SiteData, tmp_path: Path
) -> None:
    for path, data in files.items():
        write(tmp_path / "root" / path, data)
    (own, *_) = (file for file in site_files(site) if file.address.endswith(".jpg"))
    write(tmp_path / "site" / own.address, b"".join(own.pieces()))
    with pytest.raises(LeakError) as told:
        Guard(tmp_path / "root", None, PUBLIC).look(tmp_path / "site")
    assert f"{own.address}：likeness（相像的照片）" in str(told.value)
    Guard(tmp_path / "root", None, INTERNAL).look(tmp_path / "site")
    write(tmp_path / "pages" / own.address, b"".join(own.pieces()))
    Guard(tmp_path / "root", None, PUBLIC, sources=[tmp_path / "pages"]).look(tmp_path / "site")


def test_many_pairs_are_shown_in_part_on_several_pages(
    files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(year_of_alike, "SHOWN", 3)
    monkeypatch.setattr(alike, "PAIRS", 2)
    site = site_for(files, INTERNAL)
    assert site.likeness is not None
    bits = sorted(pair.bits for pair in site.likeness.found.pairs)
    assert sorted(pair.bits for pair in site.likeness.shown) == bits[:3]
    found = bodies(site)
    assert [address.rpartition("/")[2] for address in found] == [ALIKE, "2.html"]
    assert [body.count("<section") for body in found.values()] == [2, 1]
    assert all("列出最像的 3 对，其余 1 对没有列出" in body for body in found.values())


def test_nothing_alike_and_a_decoder_that_lacks_a_kind_are_said() -> None:
    site = site_for(base_files(), INTERNAL)
    assert isinstance(site.likeness, Likeness)
    lacking = replace(site, likeness=site.likeness._replace(lacking=("webp",)))
    (body,) = bodies(lacking).values()
    assert "没有看起来很像的照片" in body
    assert "不能读 WebP" in body
    (body,) = bodies(site).values()
    assert "不能读" not in body


@pytest.mark.long
def test_both_sites_are_built_twice_with_the_same_bytes(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, data in files.items():
        write(tmp_path / "root" / path, data)
    folders = [tmp_path / name / "site" for name in ("one", "two")]
    for folder in folders:
        done = appraise(
            "build", "--audience", "both", "--jobs", "1", "--site-dir", str(folder),
            root=tmp_path / "root",
        )  # fmt: skip
        assert done.exit_code == 0, done.output
        monkeypatch.setenv("TZ", "Asia/Chongqing")
    public, internal = (
        [tree_of(folder.with_name(name)) for folder in folders]
        for name in ("site", "site-internal")
    )
    assert public[0] == public[1]
    assert internal[0] == internal[1]
    assert any(path.endswith(ALIKE) for path in internal[0])
    assert sum(path.endswith(".jpg") for path in internal[0]) == 5
    assert not any("alike" in path for path in public[0])
    assert not any(b"alike.html" in data for data in public[0].values())


def tree_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
