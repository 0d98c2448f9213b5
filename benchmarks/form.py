"""The form in the browser: how large its engine is, and how long a person waits for it.

    python -m benchmarks.form    (after ``make engine``; needs Chromium)

The least of three runs counts; where other programs work as well, the CPU tells more than the time.
The sample's year 2025 is opened anew, and ``demo-a`` with its 35 records is filled in. Files come
from this machine, so a slow line comes on top. Chromium slows down the main thread of a page
evenly, its workers not: for a device of a quarter of the speed, the worker's script runs in the
page itself.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import ROOT, environment
from generator.site.form import engine
from tests.browser import launched, opened, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from generator.site.form.engine import Assets
    from tests.browser import Site

BRANCH, YEAR = "demo-a", 2025
#: Runs of each measurement, of which the least counts.
TIMES = 3
SLOWER = 4
KILO, MEGA = 1000, 1_000_000
TYPED = {"title": "主题党日", "type": "主题党日", "date": f"{YEAR}-11-12", "place": "学会会议室"}
DRAFT: dict[str, Any] = {
    "draft": "d", "form": "activity", "id": None, "files": [], "values": TYPED
}  # fmt: skip
#: Runs the worker's script, in a worker or here, and gives the milliseconds of each step.
MEASURE = """async ([here, branch, year, draft]) => {
  const told = JSON.parse(document.querySelector("#ap-form-settings").textContent);
  const script = new URL("./worker.js", document.querySelector("script[type=module]").src);
  const absolute = (address) => new URL(address, document.baseURI).href;
  const text = async (address) => (await fetch(absolute(address))).text();
  const shared = await text(told.bundles.shared);
  const own = await text(told.bundles.own.replace("{branch}", branch));
  const waiting = new Map();
  const took = {};
  let begun = performance.now(), last = 0, worker;
  const lap = (name) => { const now = performance.now(); took[name] = now - begun; begun = now; };
  const heard = (answer) => {
    const step = answer.progress?.step;
    if (step === "start") lap("loaded");
    if (step === "ready") lap("started");
    waiting.get(step ?? answer.id)?.(answer);
  };
  if (here) {
    self.postMessage = heard;
    await import(script);
  } else {
    worker = new Worker(script, { type: "module" });
    worker.onmessage = ({ data }) => heard(data);
  }
  const send = (data) =>
    here ? dispatchEvent(new MessageEvent("message", { data })) : worker.postMessage(data);
  const until = (what) => new Promise((done) => waiting.set(what, done));
  const ask = async (name, call, args) => {
    const id = ++last, answer = until(id);
    begun = performance.now();
    send({ id, call, args });
    const { fault } = await answer;
    if (fault) throw new Error(`${call}: ${fault}`);
    lap(name);
  };
  const { index, program } = told.engine;
  begun = performance.now();
  send({ load: { ...told.engine, index: absolute(index), program: absolute(program) } });
  await until("ready");
  const today = `${year}-11-20`;
  self.calls = async () => {
  await ask("opened", "open", { shared, own, branch, year, today, lang: told.lang });
  await ask("form", "form", { form: "activity", id: null, like: null, draft: null });
  await ask("first", "check", { drafts: [draft], current: "d" });
  draft.values.place = "示例会场";
  await ask("again", "check", { drafts: [draft], current: "d" });
  return took;
  };
}"""
CALLS = "() => self.calls()"
STEPS = {
    "loaded": "fetched", "started": "Python started, the program imported",
    "opened": "the branch opened: 35 records read, checked, scored", "form": "first form",
    "first": "first check with a draft", "again": "every further check",
    "cpu-start": "CPU of the browser until the program is there",
    "cpu-calls": "CPU of the browser for the four calls",
}  # fmt: skip


def made(folder: Path) -> Path:
    """Build the site of the sample with its year 2025 open; return its folder."""
    root = folder / "root"
    root.mkdir()
    for name in ("branches", "committee", "site_templates"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("rubric.yml", "mkdocs.yml"):
        shutil.copy(ROOT / name, root / name)
    for begun in (root / "committee" / "2026", *root.glob("branches/*/2026")):
        shutil.rmtree(begun)
    appraisal = root / "committee" / f"{YEAR}" / "appraisal.yml"
    text = appraisal.read_text("utf-8")
    appraisal.write_text(re.sub("(?m)^stage: .*$", "stage: open", text), "utf-8")
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "generator", "--root", root, "build", "--quiet", "--no-cache",
         "--site-dir", folder / "site"],
        check=True, env=environment(),
    )  # fmt: skip
    return folder / "site"


def measured(browser: Browser, site: Site, *, slower: bool) -> dict[str, float]:
    """Return the least milliseconds of each step."""
    runs: list[dict[str, float]] = []
    for _ in range(TIMES):
        with opened(browser) as page:
            page.goto(f"{site.origin}downloads.html")
            page.goto(f"{site.origin}file.html")
            if slower:
                client = page.context.new_cdp_session(page)
                client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            begun = worked()
            page.evaluate(MEASURE, [slower, BRANCH, YEAR, DRAFT])
            there = worked()
            took: dict[str, float] = page.evaluate(CALLS)
            runs.append({**took, "cpu-start": there - begun, "cpu-calls": worked() - there})
    return {step: min(run[step] for run in runs) for step in STEPS}


def worked() -> float:
    """Return the milliseconds that the processor worked for all processes begun here."""
    took: dict[int, float] = {}
    below: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        number = int(stat.parent.name)
        below.setdefault(int(fields[1]), []).append(number)
        took[number] = (int(fields[11]) + int(fields[12])) * KILO / os.sysconf("SC_CLK_TCK")
    found = [os.getpid()]
    for number in found:
        found += below.get(number, [])
    return sum(took[number] for number in found[1:])


def unpacked(assets: Assets) -> int:
    """Return the bytes that a browser fetches, what is packed in them unpacked."""
    whole = 0
    for file in assets.files():
        if file.address.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
                whole += sum(entry.file_size for entry in archive.infolist())
        elif file.address.endswith(".gz"):
            whole += len(gzip.decompress(file.content))
        elif not file.address.endswith(engine.NOTICE):
            whole += len(file.content)
    return whole


def say(*cells: Any) -> None:
    """Write a row."""
    sys.stdout.write(f"| {' | '.join(map(str, cells))} |\n")


def main() -> None:
    """Measure sizes, and times in a worker and on a device of a quarter of the speed."""
    assets = engine.assets("zh")
    if assets is None:
        sys.exit("make engine first")
    say("engine", "MB")
    say("---", "---:")
    for name, size in assets.sizes.items():
        say(name, f"{size / MEGA:.2f}")
    say("all that is fetched", f"{assets.size / MEGA:.2f}")
    say("the same, unpacked", f"{unpacked(assets) / MEGA:.2f}")
    with tempfile.TemporaryDirectory() as folder, served(made(Path(folder))) as site, \
            launched() as browser:  # fmt: skip
        here = measured(browser, site, slower=False)
        phone = measured(browser, site, slower=True)
    sys.stdout.write("\n")
    say("step", "ms", f"ms, {SLOWER} times slower")
    say("---", "---:", "---:")
    for step, words in STEPS.items():
        say(words, round(here[step]), round(phone[step]))


if __name__ == "__main__":
    main()
