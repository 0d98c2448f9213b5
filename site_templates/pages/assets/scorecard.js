/* A link to a criterion opens it, one button opens or closes all, and printing opens everything.
   Without this script all of it can be read: each criterion opens by itself, and paper opens all. */
"use strict";
(() => {
  const all = () => document.querySelectorAll(".ap-criterion, .ap-group, .ap-data");
  const foldable = () => document.querySelectorAll(".ap-criterion, .ap-group");

  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    const within = target.matches("details") ? target : target.closest("details");
    for (let folded = within; folded; folded = folded.parentElement.closest("details")) {
      folded.open = true;
    }
    if (within) target.scrollIntoView();
  };

  const button = document.querySelector(".ap-unfold");
  if (button) {
    const label = () => {
      const open = [...foldable()].every((folded) => folded.open);
      button.textContent = open ? button.dataset.close : button.dataset.open;
      return open;
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      const open = label();
      for (const folded of foldable()) folded.open = !open;
      label();
    });
    document.addEventListener("toggle", label, true);
    label();
  }

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...all()].filter((folded) => !folded.open);
    for (const folded of opened) folded.open = true;
  });
  addEventListener("afterprint", () => {
    for (const folded of opened) folded.open = false;
  });
  addEventListener("hashchange", reveal);
  reveal();
})();
