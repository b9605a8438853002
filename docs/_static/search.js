// Search: the pages and sections that hold the words of a question, the rarest words first.
"use strict";
{
  // --- words: as in head/search_index.py of the extensions, which makes the index ---------------
  const WORD = /[a-z][a-z0-9]*/g;
  const ENDING = new RegExp(window.cnnvisIndex.ending);
  const COMMON = new Set(window.cnnvisIndex.common.split(" "));
  // what else a reader may call what these pages call by the word after the colon
  const ALIKE = Object.entries({
    black: "blank", dark: "blank", empty: "blank", dead: "blank", blank: "dead",
    gray: "grey", grayscale: "grey", greyscale: "grey", monochrome: "grey",
    color: "colour", center: "centre", normalise: "normalize", visualise: "visualize",
    image: "picture", picture: "image", photo: "image", jpg: "image", png: "image",
    plot: "draw", show: "draw", visualize: "draw", display: "draw",
    weight: "kernel", kernel: "filter", activation: "map", heatmap: "attribution",
    vram: "memory", oom: "memory", cuda: "gpu", crash: "problem", error: "problem",
    fails: "problem", failed: "problem", custom: "model",
    input: "image", typeerror: "type", dtype: "type", nan: "blank", leak: "memory",
    license: "licence", copyright: "licence", colormap: "colour", cmap: "colour",
    batchnorm: "normalization", norm: "normalization", internet: "offline", hidden: "layer",
    intermediate: "layer", dream: "preferred", maximization: "preferred", privacy: "tracking",
    mismatch: "shape", neuron: "unit",
  });

  const stem = (word) => {
    if (word.length < 4) return word;
    const start = word.replace(ENDING, "");
    return start.length < 3 ? word : start.replace(/([bdgmnprt])\1$/, "$1");
  };
  const words = (text) =>
    (text.toLowerCase().replace(/([\p{L}\p{N}_])['’][\p{L}\p{N}_]+/gu, "$1").match(WORD) ?? [])
      .filter((word) => !COMMON.has(word))
      .map(stem);
  const alike = new Map();
  for (const [word, other] of ALIKE) alike.set(stem(word), stem(other));

  const ASIDE = /^(about|contributing)/; // about the site, and not about what the site is about

  // --- the index, unpacked -----------------------------------------------------------------------
  const { pages, sections, words: steps } = window.cnnvisIndex;
  const known = new Map(); // word -> sections that have it
  const length = new Array(sections.length).fill(1);
  for (const [word, places] of Object.entries(steps)) {
    let at = 0;
    known.set(word, new Set(places.map((step) => (at += step))));
    for (const place of known.get(word)) length[place] += 1;
  }
  const usual = length.reduce((a, b) => a + b) / length.length;
  const titles = sections.map(([, , title]) => new Set(words(title)));
  const names = pages.map(([, name]) => new Set(words(name)));

  // Words one letter apart, or with two letters swapped: for a slip of the finger.
  const near = (a, b) => {
    if (Math.abs(a.length - b.length) > 1) return false;
    let start = 0;
    while (start < a.length && a[start] === b[start]) start += 1;
    let end = 0;
    while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
    const apart = Math.max(a.length, b.length) - start - end;
    const swapped = a[start] === b[start + 1] && a[start + 1] === b[start];
    return apart <= 1 || (apart === 2 && a.length === b.length && swapped);
  };

  // The words that stand for one of the question's, each with how well it does.
  const forms = (word) => {
    const found = new Map();
    if (known.has(word)) found.set(word, 1);
    const other = alike.get(word);
    if (known.has(other)) found.set(other, 0.7);
    if (found.size || word.length < 3) return found;
    const those = (fit) => [...known.keys()].filter(fit).forEach((one) => found.set(one, 0.5));
    those((one) => one.startsWith(word));
    if (!found.size && word.length > 4) those((one) => near(one, word));
    if (!found.size) those((one) => one.length > 2 && word.length < one.length + 4 && word.startsWith(one));
    return found;
  };

  // --- the search --------------------------------------------------------------------------------
  const find = (question) => {
    const asked = [...new Set(words(question))].map(forms).filter((some) => some.size);
    const scores = sections.map(() => 0);
    const bonus = pages.map(() => 0);
    const covered = pages.map(() => 0);
    let most = 0;
    for (const some of asked) {
      const best = new Map(); // section -> how well it has the word
      const note = (at, value) => best.set(at, Math.max(best.get(at) ?? 0, value));
      const inName = new Map();
      let rare = 0; // of the rarest: a usual word that may stand for it takes nothing from it
      for (const [word, fit] of some) {
        const worth = fit * Math.log(1 + sections.length / known.get(word).size);
        rare = Math.max(rare, worth);
        for (const at of known.get(word)) note(at, worth / (0.5 + 0.5 * Math.max(1, length[at] / usual)));
        titles.forEach((title, at) => title.has(word) && note(at, 3 * worth));
        names.forEach((name, at) => name.has(word) && inName.set(at, Math.max(inName.get(at) ?? 0, 2 * worth)));
      }
      most += rare;
      for (const [at, value] of best) scores[at] += value;
      for (const [at, value] of inName) bonus[at] += value;
      for (const page of new Set([...[...best.keys()].map((at) => sections[at][0]), ...inName.keys()]))
        covered[page] += rare;
    }
    const results = pages.map(([path, title, text]) => ({ path, title, text, parts: [] }));
    scores.forEach((score, at) => {
      const [page, anchor, title] = sections[at];
      if (score > 0) results[page].parts.push({ anchor, title, score });
    });
    results.forEach((result, page) => {
      result.parts.sort((a, b) => b.score - a.score);
      const [first = 0, ...rest] = result.parts.map((part) => part.score);
      const all = first + 0.1 * rest.slice(0, 8).reduce((a, b) => a + b, 0) + bonus[page];
      result.score = all * (covered[page] / most) ** 2 * (ASIDE.test(result.path) ? 0.5 : 1);
      result.parts = result.parts.filter((part) => part.anchor && part.score > first / 2).slice(0, 3);
    });
    return results.filter((one) => one.score > 0).sort((a, b) => b.score - a.score);
  };
  window.cnnvisSearch = { find, words };

  // --- the page ----------------------------------------------------------------------------------
  const KINDS = {
    about: "About", explain: "Explanation", howto: "How-to", reference: "Reference",
    tutorials: "Tutorial",
  };
  const make = (name, properties, ...content) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...content);
    return element;
  };
  const entry = ({ path, title, text, parts }) => {
    const item = make("li", {}, make("a", { href: `${path}.html`, textContent: title }));
    const kind = KINDS[path.split("/")[0]];
    if (kind && path.includes("/")) item.append(make("span", { className: "kind", textContent: kind }));
    item.append(make("p", { textContent: text }));
    const links = parts.map((part) =>
      make("li", {}, make("a", { href: `${path}.html#${part.anchor}`, textContent: part.title })),
    );
    if (links.length) item.append(make("ul", { ariaLabel: `Sections of ${title}` }, ...links));
    return item;
  };

  const box = document.getElementById("search-words");
  const status = document.getElementById("search-status");
  const list = document.getElementById("search-results");
  const help = document.getElementById("search-help");
  const show = () => {
    const question = box.value.trim();
    const results = question ? find(question) : [];
    const best = results.slice(0, 10);
    list.replaceChildren(...best.map(entry));
    help.hidden = results.length > 0;
    const pagesFound = `${results.length} ${results.length === 1 ? "page" : "pages"}`;
    const shown = results.length > best.length ? `, the best ${best.length} of them below` : "";
    if (!question) status.textContent = "";
    else if (results.length) status.textContent = `${pagesFound} found${shown}.`;
    else if (words(question).length) status.textContent = `No page has “${question}”.`;
    else status.textContent = "No word to look for: every page has these. Say it in other words.";
    const title = question ? `${question} - ` : "";
    document.title = `${title}Search - cnnvis`;
  };
  if (box) {
    box.value = new URLSearchParams(location.search).get("q") ?? "";
    const remember = () => {
      const question = box.value.trim();
      window.history.replaceState(null, "", question ? `?q=${encodeURIComponent(question)}` : location.pathname);
    };
    box.addEventListener("input", show);
    box.addEventListener("change", remember); // when the focus goes on to a result
    box.form.addEventListener("submit", (event) => {
      event.preventDefault();
      remember();
      show();
    });
    show();
  }
}
