/* Dragging a visit on the board: it shows where it would go, and dropping opens the preview. Nothing is saved here.
   With a mouse or a pen only: a finger scrolls, and has the button Move visit. */

const board = document.getElementById("board");
const FEW = 6; // pixels before a press becomes a drag
const EDGE = 36; // pixels at the rim of the board where it scrolls on
const MINUTES = 5; // of a line
let drag = null;

const dayOf = () => board.querySelector("[data-begin]").dataset;
/* Minutes are those that have passed since midnight; on the day of a clock change the wall shows others. */
function said(minute) {
  const { change, shift } = dayOf();
  const wall = minute + (shift && minute >= Number(change) ? Number(shift) : 0);
  return `${String(Math.floor(wall / 60)).padStart(2, "0")}:${String(wall % 60).padStart(2, "0")}`;
}
const lineHeight = (lane) => lane.getBoundingClientRect().height / Number(board.querySelector("[data-lines]").dataset.lines);

function press(event) {
  const link = event.target instanceof Element ? event.target.closest("[data-move]") : null;
  if (!link || event.button !== 0 || event.pointerType === "touch" || !link.closest(".np-lane")) return;
  drag = { link, x: event.clientX, y: event.clientY, ghost: null, place: null };
}

function begin() {
  const { link } = drag;
  drag.block = link.closest("li");
  drag.lane = link.closest(".np-lane");
  drag.row = Number(/(?:^| )np-r(\d+)/.exec(drag.block.className)[1]);
  drag.grid = Number(board.querySelector("[data-grid]").dataset.grid);
  drag.inner = board.querySelector("[data-scroll]");
  const box = drag.block.getBoundingClientRect();
  drag.grab = drag.y - box.top;
  measure();
  drag.ghost = drag.block.cloneNode(true);
  drag.ghost.classList.add("is-ghost");
  drag.ghost.classList.forEach((name) => { if (/^np-[rs]\d/.test(name)) drag.ghost.classList.remove(name); });
  drag.ghost.style.height = `${box.height}px`;
  drag.ghost.querySelector("a").removeAttribute("data-visit");
  drag.label = drag.ghost.querySelector(".t");
  drag.block.classList.add("is-dragged");
  board.dataset.dragging = "";
  if (drag.pointer !== undefined) link.setPointerCapture(drag.pointer);
}

/* Where everything is: read once, and again after scrolling, so that a move reads nothing from the page. */
function measure() {
  drag.columns = Array.from(board.querySelectorAll(".np-col"), (column) => ({ column, box: column.getBoundingClientRect(), lane: column.querySelector(".np-lane") }));
  const lane = drag.lane.getBoundingClientRect();
  drag.top = lane.top;
  drag.line = lineHeight(drag.lane);
  drag.edge = drag.inner.getBoundingClientRect();
}

function follow(event) {
  if (!drag) return;
  if (!drag.ghost) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FEW) return;
    drag.pointer = event.pointerId;
    begin();
  }
  event.preventDefault();
  drag.at = { x: event.clientX, y: event.clientY };
  if (!drag.frame) drag.frame = requestAnimationFrame(move);
}

/* One step a frame, however often the mouse tells of itself. */
function move() {
  if (!drag || !drag.at) return;
  drag.frame = 0;
  const { x, y } = drag.at;
  if (scrollAtEdge(x, y)) measure();
  const under = drag.columns.find(({ box }) => box.width && box.left <= x && x < box.right);
  if (!under) return;
  const arrival = Number(drag.link.dataset.start);
  const lines = (y - drag.grab - drag.top) / drag.line + 1 - drag.row;
  const start = Math.round((arrival + lines * MINUTES) / drag.grid) * drag.grid;
  const row = drag.row + (start - arrival) / MINUTES;
  if (start < 0 || start >= Number(dayOf().length) || row < 1) return;
  drag.place = { start, column: under.column };
  if (drag.shown !== row) {
    drag.shown = row;
    drag.ghost.style.transform = `translateY(${(row - 1) * drag.line}px)`;
    drag.label.textContent = `Arrives ${said(start)}`;
  }
  if (drag.ghost.parentElement !== under.lane) under.lane.append(drag.ghost);
}

function scrollAtEdge(x, y) {
  const { inner, edge } = drag;
  const down = y > edge.bottom - EDGE ? 12 : y < edge.top + EDGE * 2 ? -12 : 0;
  const right = x > edge.right - EDGE ? 12 : x < edge.left + EDGE ? -12 : 0;
  if (down || right) inner.scrollBy(right, down);
  return down || right;
}

function stop() {
  if (drag && drag.ghost) {
    cancelAnimationFrame(drag.frame);
    drag.ghost.remove();
    drag.block.classList.remove("is-dragged");
    delete board.dataset.dragging;
  }
  drag = null;
}

function drop() {
  if (drag && drag.frame) move();
  const held = drag;
  stop();
  if (!held || !held.place) return;
  const { link, place } = held;
  const address = new URL(held.inner.dataset.moves.replace("/0/", `/${link.dataset.visit}/`), location.origin);
  address.searchParams.set("start", new Date(Date.parse(dayOf().begin) + place.start * 60000).toISOString());
  address.searchParams.set(place.column.dataset.kind, place.column.dataset.key);
  const unmoved = place.start === Number(link.dataset.start) && place.column === held.lane.closest(".np-col");
  if (!unmoved) location.assign(address);
  suppressClick = true;
  setTimeout(() => { suppressClick = false; }, 0);
}

let suppressClick = false;
board.addEventListener("pointerdown", press);
board.addEventListener("dragstart", (event) => { if (event.target.closest("[data-move]")) event.preventDefault(); });
document.addEventListener("pointermove", follow);
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", stop);
document.addEventListener("selectstart", (event) => { if (drag && drag.ghost) event.preventDefault(); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
board.addEventListener("click", (event) => { if (suppressClick) { event.preventDefault(); event.stopPropagation(); } }, true);
