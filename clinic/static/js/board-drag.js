/* Dragging a visit on the board: it shows where it would go, and dropping opens the preview. Nothing is saved here.
   With a mouse or a pen only: a finger scrolls, and has the button Move visit. */

const board = document.getElementById("board");
const FEW = 6; // pixels before a press becomes a drag
const EDGE = 36; // pixels at the rim of the board where it scrolls on
const MINUTES = 5; // of a line
let drag = null;

const minutesOf = (clock) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
const said = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
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
  drag.ghost = drag.block.cloneNode(true);
  drag.ghost.classList.add("is-ghost");
  drag.ghost.querySelector("a").removeAttribute("data-visit");
  drag.label = drag.ghost.querySelector(".t");
  drag.row = Number(drag.block.dataset.row);
  drag.grab = drag.y - drag.block.getBoundingClientRect().top;
  drag.grid = Number(board.querySelector("[data-grid]").dataset.grid);
  drag.block.classList.add("is-dragged");
  board.classList.add("is-dragging");
}

function follow(event) {
  if (!drag) return;
  if (!drag.ghost) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FEW) return;
    begin();
  }
  event.preventDefault();
  scrollAtEdge(event);
  const column = columnAt(event.clientX);
  if (!column) return;
  const lane = column.querySelector(".np-lane");
  const arrival = minutesOf(drag.link.dataset.start);
  const lines = (event.clientY - drag.grab - lane.getBoundingClientRect().top) / lineHeight(lane) + 1 - drag.row;
  const start = Math.round((arrival + lines * MINUTES) / drag.grid) * drag.grid;
  const row = drag.row + (start - arrival) / MINUTES;
  if (start < 0 || start >= 24 * 60 || row < 1) return;
  drag.place = { start, column };
  drag.ghost.classList.remove(`np-r${drag.shown || drag.row}`);
  drag.ghost.classList.add(`np-r${row}`);
  drag.shown = row;
  drag.label.textContent = `Arrives ${said(start)}`;
  if (drag.ghost.parentElement !== lane) lane.append(drag.ghost);
}

/* a person's visit goes to a person, a room's to a room; from one kind to the other is allowed, too */
function columnAt(x) {
  return Array.from(board.querySelectorAll(".np-col")).find((one) => {
    const box = one.getBoundingClientRect();
    return box.width && box.left <= x && x < box.right;
  });
}

function scrollAtEdge(event) {
  const inner = board.querySelector("[data-scroll]");
  const box = inner.getBoundingClientRect();
  if (event.clientY > box.bottom - EDGE) inner.scrollBy(0, 12);
  if (event.clientY < box.top + EDGE * 2) inner.scrollBy(0, -12);
  if (event.clientX > box.right - EDGE) inner.scrollBy(12, 0);
  if (event.clientX < box.left + EDGE) inner.scrollBy(-12, 0);
}

function stop() {
  if (drag && drag.ghost) {
    drag.ghost.remove();
    drag.block.classList.remove("is-dragged");
    board.classList.remove("is-dragging");
  }
  drag = null;
}

function drop() {
  const held = drag;
  stop();
  if (!held || !held.place) return;
  const { link, place } = held;
  const address = new URL(link.dataset.move, location.origin);
  address.searchParams.set("start", `${link.dataset.day}T${said(place.start)}`);
  address.searchParams.set(place.column.dataset.kind, place.column.dataset.key);
  const unmoved = place.start === minutesOf(link.dataset.start) && place.column === held.lane.closest(".np-col");
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
document.addEventListener("keydown", (event) => { if (event.key === "Escape") stop(); });
board.addEventListener("click", (event) => { if (suppressClick) { event.preventDefault(); event.stopPropagation(); } }, true);
