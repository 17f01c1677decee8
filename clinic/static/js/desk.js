/* Search as one types, keys that go places, and what a page says when the connection is gone. */

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const typing = (element) => element instanceof Element && element.closest("input, select, textarea, [contenteditable]");
const inPage = (selector) => document.querySelector(selector);

/* ---- search: the arrows walk from the field over the hits, Escape leads back */
function closeHits() {
  const box = inPage("#np-hits");
  if (box) box.replaceChildren();
}
function walkHits(event) {
  const form = event.target instanceof Element ? event.target.closest(".np-search") : null;
  if (!form) return;
  const field = form.querySelector("[data-search]");
  const hits = all("[data-hit]", form);
  const at = hits.indexOf(document.activeElement);
  if (event.key === "Escape") {
    closeHits();
    field.focus();
  } else if (event.key === "ArrowDown" && hits.length) hits[Math.min(at + 1, hits.length - 1)].focus();
  else if (event.key === "ArrowUp" && at >= 0) (hits[at - 1] || field).focus();
  else return;
  event.preventDefault();
}
document.addEventListener("keydown", walkHits);
document.addEventListener("focusout", (event) => {
  const form = event.target instanceof Element ? event.target.closest(".np-search") : null;
  if (form && event.relatedTarget && !form.contains(event.relatedTarget)) closeHits();
});
document.addEventListener("click", (event) => { if (!(event.target instanceof Element && event.target.closest(".np-search"))) closeHits(); });

/* ---- G, then the first letter of a section, goes there; off with the other keys */
const SOON_MS = 1500;
let waiting = 0;
function go(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.body.dataset.keys === "off" || inPage("dialog[open]")) return;
  if (Date.now() - waiting < SOON_MS) {
    waiting = 0;
    const link = all("[data-go]").find((one) => one.dataset.go === event.key);
    if (link) { event.preventDefault(); event.stopImmediatePropagation(); link.click(); }
  } else if (event.key === "g") waiting = Date.now();
}
document.addEventListener("keydown", go, true);

/* ---- no connection: say it, and keep what was typed instead of sending it into nothing */
function offline(gone) {
  const notice = inPage("#np-offline");
  if (notice) notice.hidden = !gone;
}
window.addEventListener("offline", () => offline(true));
window.addEventListener("online", () => offline(false));
document.addEventListener("np:offline", () => offline(true));
document.addEventListener("np:online", () => offline(!navigator.onLine));
document.addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  offline(true);
  const notice = inPage("#np-offline");
  if (notice) notice.focus();
}, true);
offline(!navigator.onLine);

/* ---- paper is always light */
const root = document.documentElement;
const worn = root.dataset.bsTheme;
window.addEventListener("beforeprint", () => { root.dataset.bsTheme = "light"; });
window.addEventListener("afterprint", () => { root.dataset.bsTheme = worn; });
