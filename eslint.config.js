// The explorer's parts are modules, the site's own scripts are classic ones. Both run in browsers.
import js from "@eslint/js";
import globals from "globals";

const rules = {
  "block-scoped-var": "error",
  eqeqeq: "error",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-implicit-globals": "error",
  "no-shadow": ["error", { builtinGlobals: false, hoist: "never" }],
  "no-unused-vars": ["error", { args: "all", argsIgnorePattern: "^_" }],
  "no-use-before-define": ["error", { functions: false, variables: false }],
  "no-var": "error",
  "one-var": ["error", "never"],
  "prefer-const": "error",
};
// `name`, `event`, `status` and the like: a browser has them, so a forgotten import goes unseen
const ambiguous = Object.keys(globals.browser).filter((name) => !/^[A-Z]/.test(name));
const meant = [
  "cancelAnimationFrame", "clearInterval", "clearTimeout", "createImageBitmap", "document",
  "location", "navigator", "performance", "requestAnimationFrame", "setInterval", "setTimeout",
  "structuredClone", "window", "atob", "btoa",
];

export default [
  { ignores: ["**/*.min.js", "docs/_build/", "docs/tutorials/", ".venv/"] },
  js.configs.recommended,
  {
    files: ["cnnvis/explorer/web/**/*.js", "docs/_static/*.js"],
    languageOptions: { ecmaVersion: 2022, globals: globals.browser },
    rules: {
      ...rules,
      "no-restricted-globals": ["error", ...ambiguous.filter((name) => !meant.includes(name))],
    },
  },
  {
    files: ["docs/_static/*.js"],
    languageOptions: { sourceType: "script" },
    rules: { strict: ["error", "global"] },
  },
  {
    files: ["tests/web/*.js", "eslint.config.js"],
    languageOptions: { ecmaVersion: 2022, globals: globals.nodeBuiltin },
    rules,
  },
];
