/* Two branches side by side, from the figures of the table on the page. The choice stands in the
   address (#a=…&b=…), so that it can be passed on. Without this script the table is all there. */
"use strict";
(() => {
  const box = document.querySelector(".ap-compare");
  const table = document.querySelector("table.ap-points");
  if (!box || !table) return;
  const words = box.dataset;
  const status = box.querySelector(".ap-compare-status");
  const out = box.querySelector(".ap-compare-out");
  const selects = [...box.querySelectorAll("select")];
  const swap = box.querySelector("button");
  const branches = new Map([...table.tBodies[0].rows].map((row) => [row.dataset.id, row]));
  const sections = [...table.tHead.rows[0].cells].filter((cell) => cell.matches("th"));
  const heads = [...table.tHead.rows[1].cells];

  const name = (row) => row.cells[0].querySelector("a").textContent;
  /* Where a page speaks another language than its data, the data says so. */
  const spoken = (element) => element.lang || document.documentElement.lang;
  for (const select of selects) {
    for (const [id, row] of branches) {
      const option = new Option(name(row), id);
      option.lang = spoken(row.cells[0].querySelector("a"));
      select.add(option);
    }
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const make = (tag, content, attributes = {}) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...[content].flat());
    return element;
  };

  /* Points are written with fixed decimals: whole numbers of their smallest unit are exact. */
  const points = (cell) => {
    const text = [...cell.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const written = text.map((node) => node.data).join("").trim().replace("\u2212", "-");
    return /^-?\d+(\.\d+)?$/.test(written) ? written : null;
  };
  const minus = (one, other) => {
    const places = (one.split(".")[1] || "").length;
    const units = (text) => Math.round(Number(text) * 10 ** places);
    const difference = units(one) - units(other);
    const size = (Math.abs(difference) / 10 ** places).toFixed(places);
    return { difference, size, text: `${difference > 0 ? "+" : difference < 0 ? "\u2212" : ""}${size}` };
  };

  /* One line: what it is, the maximum, both figures with their bases, and the difference. */
  const line = (index, [one, other], anchored) => {
    const [a, b] = [one.cells[index], other.cells[index]];
    const known = points(a) !== null && points(b) !== null;
    const result = known ? minus(points(a), points(b)) : null;
    const head = heads[index].querySelector("a") || heads[index];
    const show = (row, cell) => {
      const copy = make("td", [...cell.childNodes].map((node) => node.cloneNode(true)));
      copy.className = cell.className;
      if (!anchored) return copy;
      const link = row.cells[0].querySelector("a").getAttribute("href");
      copy.querySelector("b")?.remove();
      copy.append(
        make("a", [...copy.childNodes].filter((node) => node.nodeName !== "I"), {
          href: `${link}#${heads[index].dataset.id}`,
        }),
      );
      return copy;
    };
    const row = make("tr", [
      make("th", anchored ? head.cloneNode(true) : head.textContent, { scope: "row" }),
      make("td", heads[index].dataset.max || ""),
      show(one, a),
      show(other, b),
      make("td", known ? (result.difference ? result.text : words.tie) : "\u2014"),
    ]);
    row.lastChild.classList.toggle("ap-differs", Boolean(result && result.difference));
    return { row, differs: Boolean(result && result.difference) };
  };

  const compared = (pair) => {
    const headings = [words.criterion, words.max, name(pair[0]), name(pair[1]), words.difference];
    const caption = fill(words.caption, { a: name(pair[0]), b: name(pair[1]) });
    const result = make("table", make("caption", caption, { class: "ap-unseen" }), { class: "ap-side-by-side" });
    result.append(make("thead", make("tr", headings.map((text) => make("th", text, { scope: "col" })))));
    pair.forEach((row, index) => {
      result.tHead.rows[0].cells[index + 2].lang = spoken(row.cells[0].querySelector("a"));
    });
    let index = 1;
    let differing = 0;
    for (const section of sections) {
      const title = section.querySelector("b");
      const group = { scope: "rowgroup", colspan: 5, lang: spoken(title) };
      const body = make("tbody", make("tr", make("th", title.textContent, group)));
      for (let count = 0; count < section.colSpan; count += 1, index += 1) {
        const { row, differs } = line(index, pair, true);
        body.append(row);
        differing += differs;
      }
      result.append(body);
    }
    const foot = make("tfoot", []);
    for (; index < heads.length; index += 1) foot.append(line(index, pair, false).row);
    result.append(foot);
    return { result, differing };
  };

  const total = (row) => points(row.cells[row.cells.length - 2]);
  const say = (pair, differing) => {
    const { difference, size } = minus(total(pair[0]), total(pair[1]));
    const [first, second] = difference < 0 ? [pair[1], pair[0]] : pair;
    const values = { a: name(first), b: name(second), n: size, k: differing };
    status.textContent = fill(difference ? words.more : words.same, values);
  };

  const show = () => {
    const chosen = selects.map((select) => branches.get(select.value));
    swap.disabled = !chosen.every(Boolean);
    out.replaceChildren();
    if (!chosen.every(Boolean)) {
      status.textContent = words.none;
    } else if (chosen[0] === chosen[1]) {
      status.textContent = words.twice;
    } else {
      const { result, differing } = compared(chosen);
      out.append(result);
      say(chosen, differing);
    }
  };

  /* The address: read when it changes, written when a choice does; going back is not filled up. */
  const read = () => {
    const asked = new URLSearchParams(window.location.hash.slice(1));
    if (!asked.has("a") && !asked.has("b")) return;
    ["a", "b"].forEach((key, index) => {
      selects[index].value = branches.has(asked.get(key)) ? asked.get(key) : "";
    });
  };
  const write = () => {
    const asked = new URLSearchParams();
    ["a", "b"].forEach((key, index) => selects[index].value && asked.set(key, selects[index].value));
    window.history.replaceState(null, "", `#${asked}`);
  };
  for (const select of selects) {
    select.addEventListener("change", () => {
      write();
      show();
    });
  }
  swap.addEventListener("click", () => {
    [selects[0].value, selects[1].value] = [selects[1].value, selects[0].value];
    write();
    show();
  });
  window.addEventListener("hashchange", () => {
    read();
    show();
  });
  read();
  show();
  box.hidden = false;
})();
