/* A table that a phone lays out otherwise stays a table for those who hear it: some browsers ask that
   it says so. The page itself may not say it, since to HTML it is one already. */
"use strict";
for (const table of matchMedia("(max-width: 600px)").matches ? document.querySelectorAll("article table:not([role])") : []) {
  if (table.caption?.querySelector("a")) continue; // none that is laid out otherwise has a link there
  table.setAttribute("role", "table");
  for (const part of [table.tHead, ...table.tBodies, table.tFoot]) part?.setAttribute("role", "rowgroup");
  for (const row of table.rows) {
    row.setAttribute("role", "row");
    for (const cell of row.cells) {
      const heads = cell.scope.startsWith("row") ? "rowheader" : "columnheader";
      cell.setAttribute("role", cell.tagName === "TH" ? heads : "cell");
    }
  }
}
