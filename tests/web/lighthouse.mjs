// node lighthouse.mjs TIMES URL…: audits pages with Lighthouse, as a phone on a slow line, one after the other in one
// Chromium. Prints JSON, a page each: scores of 0 to 100, what was found wanting, what a phone has to load and lay out.
// Speed is a matter of the machine as well: of several TIMES the best counts, since a machine that is busy makes pages
// slow, and nothing makes them fast. CHROME_PATH names the browser.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices"];
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu"];
// Pictures of a page from top to bottom and the way back to it are asked by nobody here, and take a third of the time.
const LESS = { disableFullPageScreenshot: true, skipAudits: ["bf-cache"] };
// What holds a page up before its first paint, and what the browser fetches before any script asks for it.
const BLOCKING = new Set(["Document", "Stylesheet", "Script"]);
const [times, ...addresses] = process.argv.slice(2);

const loaded = ({ audits }) => {
  const requests = audits["network-requests"].details.items.filter((one) => one.statusCode === 200);
  const blocking = requests.filter((one) => BLOCKING.has(one.resourceType));
  const bytes = (some) => some.reduce((sum, one) => sum + one.transferSize, 0);
  return {
    requests: requests.length,
    bytes: bytes(requests),
    blocking: blocking.length,
    blockingBytes: bytes(blocking),
    elements: audits["dom-size"].numericValue,
  };
};

const audit = async (address, port) => {
  const run = await lighthouse(address, { port, onlyCategories: CATEGORIES, logLevel: "error", ...LESS });
  const { audits, categories } = run.lhr;
  const scores = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(categories[name].score * 100)]));
  const failed = Object.values(audits).filter(({ score }) => score !== null && score < 0.9);
  const wanting = failed.map(({ id, title, displayValue }) => ({ id, words: `${title} ${displayValue ?? ""}`.trim() }));
  return { address, scores, wanting, loaded: loaded(run.lhr) };
};

const chrome = await launch({ chromeFlags: FLAGS });
const found = [];
try {
  for (const address of addresses) {
    const runs = [];
    for (let time = 0; time < Number(times); time += 1) runs.push(await audit(address, chrome.port));
    found.push(runs.reduce((best, run) => (run.scores.performance > best.scores.performance ? run : best)));
  }
} finally {
  chrome.kill();
}
// Lighthouse leaves timers behind, for which this process would wait three seconds more.
process.stdout.write(JSON.stringify(found), () => process.exit());
