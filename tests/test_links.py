"""What may become a link is one definition: what ``check`` lets pass, ``build`` shows."""

from __future__ import annotations

import json
import random
import shutil
from datetime import date
from html import escape, unescape
from typing import TYPE_CHECKING

import pytest

from generator.site.branches.calendar import months_of
from generator.site.html.audit import AuditError, Auditor
from generator.text.links import may_link
from tests.addresses import links, some, texts
from tests.support import BASE, appraise, write
from tests.tiers import tiered

if TYPE_CHECKING:
    from pathlib import Path

LINK = '<a href="{}" rel="noopener noreferrer nofollow">x</a>'


def test_one_definition_tells_links() -> None:
    assert [text for text in links() if not may_link(text)] == []
    assert [text for text in texts() if may_link(text)] == []


def test_the_audit_lets_pass_what_is_a_link_and_nothing_else() -> None:
    auditor = Auditor()
    for address in links():
        auditor.body("a.html", LINK.format(escape(address)))
    for address in texts():
        with pytest.raises(AuditError):
            auditor.body("a.html", LINK.format(escape(address)))


def test_no_mixture_of_signs_is_a_link_that_an_attribute_cannot_hold() -> None:
    rng = random.Random(3)
    signs = "https://[]:@%#?{}|^`'\"<>\\ \t\n\u202e\u00a0.-_ab中é9"
    for _ in range(20_000):
        text = "https://" + "".join(rng.choices(signs, k=rng.randrange(1, 12)))
        if may_link(text):
            Auditor().body("a.html", LINK.format(escape(text)))
            assert not set(text) & set("<>\"'`\\ \t\n\u202e\u00a0")
            assert "@" not in text[8:].replace("?", "/").replace("#", "/").partition("/")[0]


def repository(root: Path, addresses: list[str], end: str) -> None:
    """Write the base with a document an address, and the last day of its period."""
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    for number, address in enumerate(addresses):
        folder = root / f"branches/demo-b/2025/documents/d{number}"
        record = f"kind: plan\ntitle: 第{number}份 {json.dumps(address)[1:-1]}\ndate: 2025-03-01\n"
        write(folder / "document.yml", f"{record}url: {json.dumps(address)}\n".encode())
    appraisal = root / "committee/2025/appraisal.yml"
    text = appraisal.read_text("utf-8")
    assert "2025-12-31" in text
    appraisal.write_text(text.replace("2025-12-31", end, 1), "utf-8")


def accepted(address: str) -> bool:
    """Whether an address can be written at all: it has no sign that no text may have."""
    hidden = set("\u202e\u200b\u2066\u00ad\ufffa\u3164")
    return not hidden & set(address) and len(address) > len("https://")


@pytest.mark.parametrize("end", tiered(["2025-12-31", "9999-12-31"], often=1))
def test_what_check_accepts_is_built(end: str, tmp_path: Path) -> None:
    """To the last day of all there are 95,700 months, which one long run has on its cards."""
    sound = some(links(), 40)
    others = some((text for text in texts() if accepted(text)), 40)
    repository(tmp_path / "data", [*sound, *others], end)
    checked = appraise("check", "--format", "json", root=tmp_path / "data")
    assert checked.exit_code == 0, checked.output
    codes = [finding["code"] for finding in json.loads(checked.stdout)["findings"]]
    assert codes.count("S008") == sum(text.startswith("https:") for text in others)
    built = appraise(
        "build", "--quiet", "--site-dir", str(tmp_path / "site"), root=tmp_path / "data"
    )
    assert built.exit_code == 0, built.output
    for number, address in enumerate([*sound, *others]):
        page = tmp_path / f"site/2025/branches/demo-b/documents/d{number}.html"
        html = page.read_text("utf-8")
        assert (f'href="{escape(address)}"' in html) is (number < len(sound)), address
        assert address in unescape(html)


@pytest.mark.slow
def test_a_period_to_the_last_day_of_all_is_scored(tmp_path: Path) -> None:
    repository(tmp_path, [], "9999-12-31")
    for command in ("check", "score"):
        done = appraise(command, root=tmp_path)
        assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("9999-01-01", "9999-12-31", 12),
        ("9999-12-31", "9999-12-31", 1),
        ("2025-01-31", "2025-03-01", 3),
        ("0001-01-01", "0001-02-28", 2),
        ("2023-12-15", "2024-03-01", 4),
    ],
)
def test_months_reach_to_the_last_day_there_is(start: str, end: str, count: int) -> None:
    months = months_of(date.fromisoformat(start), date.fromisoformat(end))
    assert len(months) == count
    assert sum(float(m.width.rstrip("%")) for m in months) == pytest.approx(100, abs=0.1)
