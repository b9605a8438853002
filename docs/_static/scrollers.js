// Boxes that scroll sideways can be reached, and scrolled, with the keyboard.
"use strict";
{
  const boxes = ".highlight pre, div.math, .table-wrapper, .output_html, .sig";
  const mark = (box) => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  window.addEventListener("DOMContentLoaded", () => {
    const observer = new ResizeObserver((entries) => entries.forEach((e) => mark(e.target)));
    document.querySelectorAll(boxes).forEach((box) => observer.observe(box));
  });
}
