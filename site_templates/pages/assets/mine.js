/* My branch: a button on its scorecard keeps its id on this device and nowhere else; from then on the
   header of every page and the home page lead to it. Where nothing can be kept, nothing is offered. */
"use strict";
(() => {
  const link = document.querySelector(".ap-mine-link");
  if (!link) return;
  const root = new URL(".", link.href);
  const key = `${root.pathname}.ap-branch`;
  const keep = document.querySelector(".ap-mine-keep");
  const line = document.querySelector(".ap-mine-line");
  const said = document.querySelector(".ap-mine-said");

  /* What is kept, {id, name}, or null; reading or writing may be forbidden, and others may write. */
  const read = () => {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      const words = typeof kept?.name === "string" && typeof kept.id === "string";
      return words && /^[\w-]+$/.test(kept.id) ? kept : null;
    } catch {
      return null;
    }
  };
  const write = (kept) => {
    try {
      if (kept) localStorage.setItem(key, JSON.stringify(kept));
      else localStorage.removeItem(key);
      return true;
    } catch {
      return false;
    }
  };
  const able = (() => {
    try {
      localStorage.setItem(`${key}-try`, "");
      localStorage.removeItem(`${key}-try`);
      return true;
    } catch {
      return false;
    }
  })();

  const show = () => {
    const kept = read();
    const address = kept && new URL(`${link.dataset.year}/branches/${kept.id}.html`, root).href;
    const words = kept && link.dataset.words.replace("{name}", () => kept.name);
    link.hidden = !kept;
    if (kept) {
      link.href = address;
      link.title = words;
      link.lastElementChild.textContent = words;
    }
    if (line) {
      line.hidden = !kept;
      const own = line.querySelector("a");
      if (kept) own.href = address;
      own.textContent = kept ? kept.name : "";
    }
    if (keep) {
      const mine = kept?.id === keep.dataset.branch;
      keep.textContent = mine ? keep.dataset.drop : keep.dataset.keep;
      keep.hidden = !able;
    }
  };

  keep?.addEventListener("click", () => {
    const mine = read()?.id === keep.dataset.branch;
    const done = write(mine ? null : { id: keep.dataset.branch, name: keep.dataset.name });
    show();
    if (done) said.textContent = mine ? said.dataset.dropped : said.dataset.kept;
  });
  line?.querySelector("button").addEventListener("click", () => {
    write(null);
    show();
    document.querySelector("h1").tabIndex = -1;
    document.querySelector("h1").focus({ preventScroll: true });
  });
  addEventListener("storage", show);
  addEventListener("pageshow", (event) => event.persisted && show());
  show();
})();

/* How many days of publicity are left, beside the printed days: today is that in Chongqing. */
(() => {
  const DAY = 86400000;
  const today = Math.floor((Date.now() + 8 * 3600000) / DAY);
  const days = (text) => Date.parse(`${text}T00:00:00Z`) / DAY - today;
  for (const place of document.querySelectorAll(".ap-left")) {
    const { from, to, before, last, over, ...words } = place.dataset;
    const [ahead, left] = [days(from), days(to)];
    const said = ahead > 0 ? before : left > 0 ? words.days : left === 0 ? last : over;
    place.textContent = said.replace("{n}", () => (ahead > 0 ? ahead : left));
  }
})();

/* The page of the form hides what stands there without it until it is known which of the two is shown:
   where the form has not begun once all is loaded, it does not come. */
(() => {
  const { classList } = document.documentElement;
  addEventListener("load", () => classList.contains("ap-f-coming") || classList.add("ap-f-out"));
})();
