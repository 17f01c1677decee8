/* What pages do beyond plain HTML. Everything here is optional: each page works without it.
   Elements opt in by data attributes; listeners sit on the document, so that parts swapped in later work too. */

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const near = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);
const typing = (element) => element instanceof Element && element.closest("input, select, textarea, [contenteditable]");

/* ---- parts that only make sense with script are hidden in the HTML */
function reveal(root) {
  all("[data-print], [data-toast-close], [data-reveal], [data-step], [data-sign-clear]", root).forEach((e) => { e.hidden = false; });
  all("[data-noscript]", root).forEach((e) => { e.hidden = true; });
}

/* ---- a page that a form drew and that its address leads back to: Back and Reload ask for it without the form */
if (document.querySelector("[data-readdressed]")) history.replaceState(history.state, "");

/* ---- show and hide a password: <button data-reveal="ID"> */
function togglePassword(button) {
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.textContent = shown ? "Show" : "Hide";
  button.setAttribute("aria-pressed", String(!shown));
}

/* ---- dialogs: any element with data-dialog="ID" opens it; a link stays the way without script */
function openDialog(trigger, event) {
  const dialog = document.getElementById(trigger.dataset.dialog);
  if (!(dialog instanceof HTMLDialogElement)) return;
  event.preventDefault();
  dialog.showModal();
}

/* ---- toasts leave after 8 s, not while pointed at or focused */
const TOAST_MS = 8000;
function startToast(toast) {
  let timer = 0;
  const leave = () => { toast.classList.add("is-leaving"); setTimeout(() => toast.remove(), 200); };
  const start = () => { timer = setTimeout(leave, TOAST_MS); };
  const hold = () => clearTimeout(timer);
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("mouseleave", start);
  toast.addEventListener("focusout", start);
  start();
}

/* ---- forms: <form data-guard> asks before typed input is lost; every POST form is sent once */
const dirty = new Set();
function watchDirty(event) {
  const form = near(event, "form[data-guard]");
  if (form) dirty.add(form);
}
/* who types or points is here: without a request for long the session would end over a page being filled in */
const HERE_MS = 60 * 1000;
const IDLE_MS = Number(document.body.dataset.idle || 0) * 60 * 1000;
const LAST = "np-here"; // when somebody typed or pointed last, in any page of this browser
let told = Date.now();
const keep = (when) => { try { localStorage.setItem(LAST, String(when)); } catch { /* closed: each page for itself */ } };
const last = () => { try { return Math.max(Number(localStorage.getItem(LAST)), told); } catch { return told; } };
const askHere = () => fetch(document.body.dataset.here, { credentials: "same-origin", redirect: "manual", cache: "no-store" });
function tellHere() {
  if (!document.body.dataset.here) return;
  keep(Date.now());
  if (Date.now() - told < HERE_MS || cover?.open) return;
  told = Date.now();
  askHere().then((answer) => { if (answer.status !== 204) closePage(); }, () => {});
}
document.addEventListener("keydown", tellHere);
document.addEventListener("pointerdown", tellHere);
/* the page of a session that has ended shows nothing of patients; what was typed waits behind a cover */
const cover = document.getElementById("np-idle");
const unsaved = () => Array.from(dirty).some((form) => form.isConnected);
const closeIdle = () => { if (Date.now() - last() > IDLE_MS + 5000) closePage(); };
function closePage() {
  if (!cover || cover.open) return;
  if (!unsaved()) { location.replace(location.pathname + location.search); return; }
  all("dialog[open]").forEach((dialog) => dialog.close());
  cover.showModal();
}
/* the same person is back: forms take the token of the new session */
async function goOn() {
  const says = cover.querySelector("[data-idle-says]");
  let answer;
  try { answer = await askHere(); } catch { says.textContent = "No connection. Try again."; return; }
  if (answer.status !== 204) { says.textContent = "You are not signed in yet."; return; }
  if (answer.headers.get("X-Account") !== document.body.dataset.account) {
    says.textContent = "Somebody else is signed in now. What was typed here can only be saved by who typed it.";
    return;
  }
  const token = answer.headers.get("X-CSRFToken");
  all("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  told = Date.now();
  keep(told);
  says.textContent = "";
  cover.close();
}
if (cover) {
  keep(told);
  setInterval(closeIdle, 10000);
  document.addEventListener("visibilitychange", closeIdle);
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("keydown", (event) => { if (event.key === "Escape") event.preventDefault(); });
  cover.querySelector("[data-idle-back]").addEventListener("click", goOn);
}
/* who signs out leaves nothing typed in this browser */
function forget(event) {
  if (!event.target.action || !event.target.action.endsWith("/logout/")) return;
  try { Object.keys(localStorage).filter((key) => key.startsWith("np-unsent:")).forEach((key) => localStorage.removeItem(key)); } catch { /* closed */ }
}
document.addEventListener("submit", forget);
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  dirty.delete(form);
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.target || form.hasAttribute("hx-post")) return;
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  const again = () => { delete form.dataset.sent; form.removeAttribute("aria-busy"); };
  setTimeout(again, 15000);
  window.addEventListener("pageshow", again, { once: true });
}

/* ---- steppers: buttons data-step="down|up" beside a number field */
function step(button) {
  const field = button.closest(".np-step").querySelector("input");
  if (field.disabled || field.readOnly) return;
  if (button.dataset.step === "up") field.stepUp(); else field.stepDown();
  const decimals = (field.step.split(".")[1] || "").length;
  field.value = Number(field.value).toFixed(decimals);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/* ---- timers: the server's clock is the truth. data-server-now on the timer or an ancestor. */
const pad = (number) => String(number).padStart(2, "0");
const clockOffset = new WeakMap();
function offsetOf(timer) {
  const holder = timer.closest("[data-server-now]");
  if (!holder) return 0;
  if (!clockOffset.has(holder)) clockOffset.set(holder, Date.parse(holder.dataset.serverNow) - Date.now());
  return clockOffset.get(holder);
}
function elapsed(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const rest = `${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}
function tick() {
  all("[data-timer-since], [data-timer-until]").forEach((timer) => {
    const now = Date.now() + offsetOf(timer);
    const since = timer.dataset.timerSince;
    const seconds = (since ? now - Date.parse(since) : Date.parse(timer.dataset.timerUntil) - now) / 1000;
    if (timer.dataset.timerForm === "minutes") {
      const minutes = Math.max(0, Math.ceil(seconds / 60));
      timer.textContent = minutes ? `${minutes}\u00a0min left` : timer.dataset.timerDone || "0\u00a0min left";
    } else {
      timer.textContent = elapsed(seconds);
    }
    if (!since && seconds <= 0 && !timer.dataset.timerOver) {
      timer.dataset.timerOver = "yes";
      timer.dispatchEvent(new CustomEvent("np:timer-over", { bubbles: true }));
    }
  });
  all("[data-timer-ring]").forEach((ring) => {
    const [from, until] = ring.dataset.timerRing.split(" ").map((word) => Date.parse(word));
    const share = Math.min(1, Math.max(0, (Date.now() + offsetOf(ring) - from) / (until - from)));
    const length = Number(ring.dataset.ringLength);
    ring.setAttribute("stroke-dasharray", `${(share * length).toFixed(1)} ${length}`);
  });
}

/* ---- signature: <div class="np-sign" data-sign="ID of hidden input"><svg viewBox="0 0 400 140"><path class="ink"/></svg></div> */
function penPoint(svg, event) {
  const box = svg.getBoundingClientRect();
  const view = svg.viewBox.baseVal;
  const scale = Math.min(box.width / view.width, box.height / view.height);
  const x = (event.clientX - box.left - (box.width - view.width * scale) / 2) / scale;
  const y = (event.clientY - box.top - (box.height - view.height * scale) / 2) / scale;
  const inside = (value, most) => Math.min(most, Math.max(0, value)).toFixed(1);
  return `${inside(x, view.width)} ${inside(y, view.height)}`;
}
function startSign(pad) {
  const svg = pad.querySelector("svg");
  const ink = svg.querySelector("path.ink");
  const field = document.getElementById(pad.dataset.sign);
  let drawing = false;
  let path = field.value;
  const show = () => {
    ink.setAttribute("d", path);
    field.value = path;
  };
  const done = () => {
    if (!drawing) return;
    drawing = false;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  svg.addEventListener("pointerdown", (event) => {
    drawing = true;
    svg.setPointerCapture(event.pointerId);
    const point = penPoint(svg, event);
    path += `M${point}L${point}`;
    show();
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    path += `L${penPoint(svg, event)}`;
    show();
  });
  svg.addEventListener("pointerup", done);
  svg.addEventListener("pointercancel", done);
  pad.addEventListener("np:clear", () => { path = ""; show(); field.dispatchEvent(new Event("change", { bubbles: true })); });
  show();
}

/* ---- the element with data-key="x", if there is one to press */
function press(key) {
  if (document.querySelector("dialog[open]")) return false;
  const target = all("[data-key]").find((e) => e.dataset.key === key && e.offsetParent !== null);
  if (target) { target.focus(); target.click(); }
  return Boolean(target);
}

/* ---- keys: "/" goes to search, data-key="x" to its element. Off while typing and with data-keys="off" on <body>. */
function pressed(event) {
  if (event.key === "Escape") all("details.np-account[open]").forEach((menu) => { menu.open = false; });
  if (event.ctrlKey && event.key === "Enter" && !event.isComposing && press("Control+Enter")) { event.preventDefault(); return; }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.body.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
  if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
    return;
  }
  if (press(event.key)) event.preventDefault();
}

/* ---- wire it up */
function clicked(event) {
  let found;
  if ((found = near(event, "[data-reveal]"))) togglePassword(found);
  else if ((found = near(event, "[data-dialog]"))) openDialog(found, event);
  else if ((found = near(event, "[data-dialog-close]"))) found.closest("dialog").close();
  else if ((found = near(event, "[data-toast-close]"))) found.closest("[data-toast]").remove();
  else if (near(event, "[data-print]")) window.print();
  else if ((found = near(event, "[data-step]"))) step(found);
  else if ((found = near(event, "[data-sign-clear]"))) found.closest("[data-sign]").dispatchEvent(new Event("np:clear"));
  if (!near(event, "details.np-account")) all("details.np-account[open]").forEach((menu) => { menu.open = false; });
}

function begin(root) {
  reveal(root);
  all("[data-toast]", root).forEach(startToast);
  all("[data-sign]", root).forEach(startSign);
  const focus = root.querySelector("[data-focus]");
  if (focus) focus.focus();
}

document.addEventListener("click", clicked);
document.addEventListener("keydown", pressed);
document.addEventListener("input", watchDirty);
document.addEventListener("submit", sendOnce);
window.addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
document.addEventListener("htmx:afterSwap", (event) => { begin(event.detail.elt); tick(); });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful && event.detail.requestConfig.verb === "post") dirty.delete(event.detail.elt.closest("form"));
});
begin(document);
tick();
setInterval(tick, 1000);
