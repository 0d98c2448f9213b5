// node lighthouse.mjs FLOOR URL…: audits pages with Lighthouse, as a phone on a slow line, one after the
// other in one Chromium. Prints JSON, a page each: its scores of 0 to 100 and what was found wanting.
// A score of performance below FLOOR is measured twice more, and the median counts: a machine that is
// busy makes pages slow. CHROME_PATH names the browser.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices"];
const TIMES = 3;
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu"];
const [floor, ...addresses] = process.argv.slice(2);

const audit = async (address, port) => {
  const run = await lighthouse(address, { port, onlyCategories: CATEGORIES, logLevel: "error" });
  const { audits, categories } = run.lhr;
  const scores = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(categories[name].score * 100)]));
  const wanting = CATEGORIES.flatMap((name) =>
    categories[name].auditRefs
      .filter(({ id, weight }) => weight > 0 && audits[id].score !== null && audits[id].score < 0.9)
      .map(({ id }) => [name, id, audits[id].title, audits[id].displayValue ?? ""].join(": ")),
  );
  return { address, scores, wanting };
};

const chrome = await launch({ chromeFlags: FLAGS });
try {
  const found = [];
  for (const address of addresses) {
    const runs = [await audit(address, chrome.port)];
    if (runs[0].scores.performance < Number(floor)) {
      while (runs.length < TIMES) runs.push(await audit(address, chrome.port));
    }
    runs.sort((one, other) => one.scores.performance - other.scores.performance);
    found.push(runs[(runs.length - 1) / 2]);
  }
  process.stdout.write(JSON.stringify(found));
} finally {
  chrome.kill();
}
