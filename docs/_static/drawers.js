// The drawers of narrow windows take the focus when they open, and give it back when they close.
"use strict";
window.addEventListener("DOMContentLoaded", () => {
  const drawers = [
    ["__navigation", ".sidebar-drawer"],
    ["__toc", ".toc-drawer"],
  ];
  for (const [id, place] of drawers) {
    const box = document.getElementById(id);
    const drawer = document.querySelector(place);
    if (!box || !drawer) continue;
    const tell = () => box.setAttribute("aria-expanded", box.checked);
    const close = () => {
      box.checked = false;
      tell();
    };
    box.addEventListener("focus", () => {
      const sign = [...box.labels].find((label) => !label.matches(".overlay") && label.offsetParent);
      sign?.scrollIntoView({ block: "nearest" });
    });
    box.addEventListener("change", () => {
      tell();
      const links = [...drawer.querySelectorAll("a")].filter((link) => link.offsetParent);
      if (box.checked) links[0]?.focus({ preventScroll: true });
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.checked) return;
      close();
      box.focus();
    });
    drawer.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && relatedTarget !== box && !drawer.contains(relatedTarget)) close();
    });
    drawer.addEventListener("click", ({ target }) => {
      if (target.closest("a[href^='#']")) close();
    });
    tell();
  }
});
