/* A page that stays open: it asks whether others changed something, and draws that part anew. It works without this.
   A page that draws itself listens for np:news on the part and prevents the default. */

const POLL_MS = 4000;
const SLOWEST_MS = 60000;
const part = document.querySelector("[data-changes]");
const news = document.querySelector("[data-news]");
const minute = /\.\d{4}"$/; // the end of a version: it changes though nobody did anything
let wait = POLL_MS;
let timer = 0;

/* The control that has the focus is known again by where it leads or what it is called. */
const nameOf = (element) => element.getAttribute("href") || element.getAttribute("aria-label") || element.textContent.trim();
function draw(html) {
  const held = part.contains(document.activeElement) ? nameOf(document.activeElement) : "";
  const open = Array.from(part.querySelectorAll("details"), (one) => one.open);
  const drawn = new DOMParser().parseFromString(html, "text/html");
  part.replaceChildren(...(drawn.querySelector("[data-changes]") || drawn.body).childNodes);
  if (window.htmx) window.htmx.process(part);
  part.querySelectorAll("details").forEach((one, at) => { one.open = open[at] || false; });
  const again = held && Array.from(part.querySelectorAll("a, button, summary")).find((one) => nameOf(one) === held);
  if (again) again.focus({ preventScroll: true });
}
/* Nothing is taken from under a pointer, a drag or a question. */
const busy = () => "dragging" in part.dataset || part.querySelector("a:active, button:active, summary:active") || document.querySelector("dialog[open]");

async function ask() {
  clearTimeout(timer);
  if (document.hidden) return;
  if (busy()) { timer = setTimeout(ask, POLL_MS / 4); return; }
  try {
    const answer = await fetch(part.dataset.changes, { headers: { "If-None-Match": part.dataset.version }, credentials: "same-origin", redirect: "error" });
    if (answer.status === 401) { location.reload(); return; } // signed out meanwhile: the page is closed
    if (answer.status === 200) {
      const html = await answer.text();
      if (part.dispatchEvent(new CustomEvent("np:news", { cancelable: true, detail: html }))) draw(html);
      const version = answer.headers.get("ETag");
      if (version.replace(minute, "") !== part.dataset.version.replace(minute, "")) news.textContent = part.dataset.said;
      part.dataset.version = version;
    } else if (answer.status !== 304) throw new Error(String(answer.status));
    wait = POLL_MS;
    document.dispatchEvent(new CustomEvent("np:online"));
  } catch {
    wait = Math.min(wait * 2, SLOWEST_MS);
    document.dispatchEvent(new CustomEvent("np:offline"));
  }
  timer = setTimeout(ask, wait);
}

if (part) {
  document.addEventListener("visibilitychange", ask);
  timer = setTimeout(ask, wait);
}
