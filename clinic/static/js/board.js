/* The board: what others change appears by itself, the arrow keys walk over the visits. It works without this. */

const board = document.getElementById("board");
const news = document.getElementById("board-news");
const visits = (root = board) => Array.from(root.querySelectorAll("[data-visit]")).filter((link) => link.offsetParent);
/* Where a visit is moved: the board holds the address once, with 0 in the place of the key. */
const moveOf = (link) => ("move" in link.dataset ? board.querySelector("[data-moves]").dataset.moves.replace("/0/", `/${link.dataset.visit}/`) : "");
const columnOf = (link) => link.closest(".np-col, td");

/* ---- one visit at a time is a stop of the Tab key; the arrows reach the others */
function rove(link) {
  const all = visits();
  const stop = link || all.find((one) => one.getAttribute("aria-current")) || all[0];
  all.forEach((one) => { one.tabIndex = one === stop ? 0 : -1; });
}
function pick(link) {
  board.querySelectorAll("[data-visit][aria-current]").forEach((one) => one.removeAttribute("aria-current"));
  board.querySelectorAll(`[data-visit="${link.dataset.visit}"]`).forEach((one) => one.setAttribute("aria-current", "true"));
  rove(link);
}
const middle = (link) => { const box = link.getBoundingClientRect(); return box.top + box.height / 2; };
function beside(link, step) {
  const columns = Array.from(new Set(visits().map(columnOf)));
  for (let at = columns.indexOf(columnOf(link)) + step; columns[at]; at += step) {
    const there = visits(columns[at]);
    if (there.length) return there.reduce((best, one) => (Math.abs(middle(one) - middle(link)) < Math.abs(middle(best) - middle(link)) ? one : best));
  }
  return null;
}
function walked(event) {
  const link = event.target instanceof Element ? event.target.closest("[data-visit]") : null;
  if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
  const own = visits(columnOf(link));
  const at = own.indexOf(link);
  if (event.key === "m" && moveOf(link) && document.body.dataset.keys !== "off") { event.preventDefault(); event.stopPropagation(); location.assign(moveOf(link)); return; }
  const steps = { ArrowUp: () => own[at - 1], ArrowDown: () => own[at + 1], ArrowLeft: () => beside(link, -1), ArrowRight: () => beside(link, 1) };
  if (!steps[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
  const next = steps[event.key]();
  if (next) { rove(next); next.focus(); next.scrollIntoView({ block: "nearest", inline: "nearest" }); }
}

/* ---- other people's changes (follow.js): the picked visit, the focus and the scroll stay */
function show(html) {
  const held = document.activeElement ? document.activeElement.dataset.visit : "";
  const column = held ? Array.from(board.querySelectorAll(".np-col, td")).indexOf(columnOf(document.activeElement)) : -1;
  const picked = board.querySelector("[data-visit][aria-current]");
  const inner = board.querySelector("[data-scroll]");
  const [left, top] = inner ? [inner.scrollLeft, inner.scrollTop] : [0, 0];
  board.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  if (window.htmx) window.htmx.process(board);
  const scrolled = board.querySelector("[data-scroll]");
  if (scrolled) scrolled.scrollTo(left, top);
  const again = picked && board.querySelector(`[data-visit="${picked.dataset.visit}"]`);
  if (again) pick(again); else rove();
  const places = board.querySelectorAll(".np-col, td");
  const focus = held && ((places[column] && places[column].querySelector(`[data-visit="${held}"]`)) || board.querySelector(`[data-visit="${held}"]`));
  if (focus) { rove(focus); focus.focus({ preventScroll: true }); }
}

board.addEventListener("np:news", (event) => { event.preventDefault(); show(event.detail); });
board.addEventListener("keydown", walked);
/* A visit opens beside the board; with Ctrl, or without this script, on a page of its own. */
board.addEventListener("click", (event) => {
  const link = event.target.closest("[data-visit]");
  if (!link) return;
  pick(link);
  if (!window.htmx || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  window.htmx.ajax("GET", `${board.dataset.here}&visit=${link.dataset.visit}`, { target: "#drawer", swap: "outerHTML" });
});
document.addEventListener("htmx:afterSwap", () => {
  const drawer = document.getElementById("drawer");
  const name = drawer.querySelector(".np-name");
  if (!name) return;
  news.textContent = `Picked: ${name.textContent}`;
  drawer.scrollIntoView({ block: "nearest" });
});
rove();
const now = board.querySelector("[data-now]");
const inner = board.querySelector("[data-scroll]");
if (inner && now) inner.scrollTop = now.offsetTop - inner.clientHeight / 3;
