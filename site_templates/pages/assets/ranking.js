/* The ranking: filters, sorting, and on a phone what stands behind a tap.
   Everything is in the page before; without this script the whole table is shown. */
"use strict";
(() => {
  const table = document.querySelector("table.ap-ranking");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const words = table.dataset;
  const status = document.getElementById("ap-status");
  const get = (id) => document.getElementById(id);

  const collator = new Intl.Collator(document.documentElement.lang || "zh");
  const text = (cell) => (cell.querySelector("a, b, .ap-share, .ap-grade") || cell).textContent.trim();
  /* A figure, or null where there is none: "—" is no number, least of all the lowest. */
  const number = (cell) => {
    const written = text(cell).replace("\u2212", "-").replace(/[^\d.+-]/g, "");
    return /\d/.test(written) ? Number(written) : null;
  };
  const headings = [...table.tHead.rows[0].cells].filter((th) => th.dataset.key);
  const place = new Map(rows.map((row, index) => [row, index]));

  const value = (row, heading) => {
    const cell = row.cells[heading.cellIndex];
    if (heading.dataset.key === "name") return text(cell);
    /* A cell whose words have an order of their own says its place, counted from the top. */
    if (heading.dataset.key === "grade") return cell.dataset.place ? -cell.dataset.place : null;
    return number(cell);
  };
  /* Which way a column is looked at first: names and ranks upwards, points downwards. */
  const first = (heading) => (["rank", "name"].includes(heading.dataset.key) ? "ascending" : "descending");

  const say = (what) => {
    if (status) status.textContent = [shown(), what].filter(Boolean).join(" · ");
  };
  const shown = () => {
    const count = rows.filter((row) => !row.hidden).length;
    return status ? status.dataset.shown.replace("{shown}", count) : "";
  };

  /* What is not known comes last, whichever way a column is looked at. */
  const sort = (heading, direction) => {
    const sign = direction === "ascending" ? 1 : -1;
    const keys = new Map(rows.map((row) => [row, value(row, heading)]));
    const ordered = [...rows].sort((one, other) => {
      const [a, b] = [keys.get(one), keys.get(other)];
      const order = typeof a === "string" ? collator.compare(a, b) : a - b;
      const known = (a === null) - (b === null);
      return known || sign * order || place.get(one) - place.get(other);
    });
    body.append(...ordered);
    for (const each of headings) each.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", direction);
    const select = get("ap-sort");
    if (select) select.value = heading.dataset.key;
    say(`${words.sorted}${label(heading)} ${direction === "ascending" ? words.up : words.down}`);
  };

  const label = (heading) => heading.querySelector("button").textContent;
  for (const heading of headings) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ap-sorter";
    button.append(heading.firstChild);
    heading.prepend(button);
    button.addEventListener("click", () => {
      const now = heading.getAttribute("aria-sort");
      const other = now === "ascending" ? "descending" : "ascending";
      sort(heading, now ? other : first(heading));
    });
  }
  headings[0].setAttribute("aria-sort", "ascending");

  const filters = document.querySelector(".ap-filters");
  if (filters) {
    const reset = get("ap-filter-reset");
    const fields = ["consortium", "kind", "grade"].map((name) => [name, get(`ap-filter-${name}`)]);
    const find = get("ap-filter-text");
    const none = document.querySelector(".ap-none-left");
    const fold = (words) => words.normalize("NFKC").toLowerCase();
    const narrow = () => {
      const asked = fold(find.value).split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const chosen = fields.every(([name, field]) => !field.value || row.dataset[name] === field.value);
        const found = fold(row.dataset.find);
        row.hidden = !(chosen && asked.every((word) => found.includes(word)));
      }
      const left = rows.some((row) => !row.hidden);
      none.hidden = left;
      table.hidden = !left;
      reset.hidden = !find.value && fields.every(([, field]) => !field.value);
      say("");
    };
    for (const [, field] of fields) {
      field.addEventListener("change", narrow);
    }
    find.addEventListener("input", narrow);
    reset.addEventListener("click", () => {
      for (const [, field] of fields) field.value = "";
      find.value = "";
      narrow();
      find.focus();
    });
    const select = get("ap-sort");
    for (const heading of headings) select.add(new Option(label(heading), heading.dataset.key));
    select.addEventListener("change", () => {
      const heading = headings.find((each) => each.dataset.key === select.value);
      sort(heading, first(heading));
    });
    filters.hidden = false;
  }

  /* On a phone a row shows rank, name and total; a button opens the rest. */
  table.classList.add("ap-folded");
  for (const row of rows) {
    const link = row.querySelector(".ap-branch a");
    if (!link) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ap-more";
    button.setAttribute("aria-expanded", "false");
    button.textContent = words.more;
    button.setAttribute("aria-label", `${words.more}: ${link.textContent}`);
    button.addEventListener("click", () => {
      const open = row.classList.toggle("ap-open");
      button.setAttribute("aria-expanded", String(open));
    });
    row.querySelector(".ap-branch").append(button);
  }
})();
