/* The treatment room: saves each change, keeps what was typed, counts in big steps. Works without: the buttons post. */

const form = document.querySelector("form[data-autosave]");
const WAIT_MS = 400;
const TYPING_MS = 3000; // a line still being typed is saved too, within five seconds
const RETRY_MS = 5000;
const ANSWER_MS = 8000; // a network that hangs counts as lost: what was typed is kept and sent again
let timer = 0;
let flight = null;
let dirty = false;

const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const number = (text) => Number(String(text).replace(",", "."));

/* ---- steppers over text fields: read a comma, start at the last or usual value, keep off-step values in reach */
function stepped(field, up) {
  const stop = number(field.dataset.stop);
  const [least, most] = [number(field.dataset.least), number(field.dataset.most)];
  if (!field.value.trim() || Number.isNaN(number(field.value))) return number(field.dataset.first);
  const steps = number(field.value) / stop;
  const next = up ? Math.floor(steps + 1e-6) + 1 : Math.ceil(steps - 1e-6) - 1;
  return Math.min(most, Math.max(least, next * stop));
}
function stepClicked(event) {
  const button = event.target instanceof Element ? event.target.closest("[data-step]") : null;
  const field = button && button.closest(".np-step").querySelector("input[data-stop]");
  if (!field) return;
  event.stopPropagation();
  const decimals = field.dataset.stop === "1" ? 0 : 2;
  field.value = stepped(field, button.dataset.step === "up").toFixed(decimals);
  field.dispatchEvent(new Event("change", { bubbles: true }));
}
document.addEventListener("click", stepClicked, true);

/* ---- the reason for a depth is asked only where one lies above its limit */
function askReason() {
  const box = document.querySelector("[data-reason]");
  if (!box) return;
  const device = document.querySelector("[name=device] option:checked");
  const label = device && device.dataset.most ? number(device.dataset.most) : Infinity;
  const deep = all("[data-warn]").some((field) => number(field.value) > Math.min(number(field.dataset.warn), label));
  const input = box.querySelector("input");
  box.hidden = !deep && !input.value && box.querySelector("[data-error]").hidden;
}

/* ---- what differs from the last visit, and the field that a passed limit asks for */
const plain = (text) => (text.trim() && !Number.isNaN(number(text)) ? String(number(text)) : text.trim());
function valueOf(name) {
  const field = form.elements[name];
  return field ? String(field.value || "") : "";
}
function markDifferences() {
  all("[data-differs]").forEach((mark) => {
    const before = Array.from(new URLSearchParams(mark.dataset.differs));
    const other = before.filter(([name, said]) => valueOf(name) && plain(valueOf(name)) !== plain(said));
    mark.hidden = !other.length;
    if (before.length > 1) mark.querySelector("[data-which]").textContent = `${other.map(([name]) => name.split("-")[0]).join(", ")} `;
  });
}
function askLimits() {
  ["limits", "photos"].forEach((what) => {
    const box = document.querySelector(`[data-${what}-box]`);
    if (!box) return;
    const asked = document.querySelector(`[data-${what}]`) || box.querySelector("input").value;
    box.hidden = !asked && box.querySelector("[data-error]").hidden;
  });
}

/* ---- what the server said */
function say(text, bad) {
  const place = document.querySelector("[data-part=saved]");
  place.textContent = text;
  place.classList.toggle("np-bad", Boolean(bad));
  delete place.dataset.key; // or the same answer, of the same second, would not be shown
}
function show(parts) {
  Object.entries(parts).forEach(([name, part]) => {
    const place = document.querySelector(`[data-part="${name}"]`);
    if (!place || place.dataset.key === part.key) return;
    place.innerHTML = part.html;
    place.dataset.key = part.key;
    all("[data-noscript]", place).forEach((element) => { element.hidden = true; });
    place.classList.remove("np-bad");
  });
}
function showErrors(errors) {
  all("[data-error]").forEach((place) => {
    const words = errors[place.dataset.error] || "";
    place.textContent = words;
    place.hidden = !words;
  });
  all(".np-step input").forEach((field) => field.classList.toggle("is-invalid", Boolean(errors[field.name])));
  const first = all("[data-error]").find((place) => !place.hidden);
  if (first) first.scrollIntoView({ block: "nearest" });
  const shown = new Set(all("[data-error]").map((place) => place.dataset.error));
  const rest = Object.entries(errors).filter(([name]) => !shown.has(name)).map(([, words]) => words);
  const box = document.querySelector("[data-problems]");
  box.replaceChildren();
  if (!rest.length) return;
  const note = document.createElement("div");
  note.className = "np-note np-unsuitable";
  note.setAttribute("role", "alert");
  note.textContent = rest.join(" ");
  box.append(note);
}

/* ---- what is typed and not saved yet waits in this browser, for this person and record; saved, it is gone */
const KEPT_MS = 12 * 3600 * 1000;
const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "password", "scan"]);
const slot = () => `np-unsent:${form.dataset.user}:${window.location.pathname}`;
function keep() {
  const entries = Array.from(new FormData(form)).filter(([name]) => !NEVER_KEPT.has(name));
  try { localStorage.setItem(slot(), JSON.stringify({ at: Date.now(), entries })); } catch { /* full or closed */ }
}
function drop() {
  try { localStorage.removeItem(slot()); } catch { /* closed */ }
}
function fill(entries) {
  const sent = new Map();
  entries.forEach(([name, value]) => sent.set(name, [...(sent.get(name) || []), value]));
  Array.from(form.elements).forEach((field) => {
    if (!field.name || NEVER_KEPT.has(field.name) || field.tagName === "BUTTON") return;
    const values = sent.get(field.name) || [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (values.length) [field.value] = values;
  });
}
function putBack() {
  let kept;
  try { kept = JSON.parse(localStorage.getItem(slot()) || "null"); } catch { kept = null; }
  if (!kept) return;
  drop();
  if (Date.now() - kept.at > KEPT_MS) return;
  fill(kept.entries); // with the version it was typed on: if somebody saved since, both are shown
  save();
}

/* ---- save: one at a time, the newest values */
async function send() {
  dirty = false;
  const data = new FormData(form);
  data.delete("password");
  say("Saving…");
  let answer;
  try {
    const response = await fetch(window.location.pathname.replace(/sign\/$/, "finish/"), {
      method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!(response.headers.get("Content-Type") || "").startsWith("application/json")) throw new Error("not JSON");
    answer = await response.json();
  } catch {
    dirty = true;
    keep();
    say("Not saved: no answer from the server. What you typed is kept here and sent again.", true);
    timer = setTimeout(save, RETRY_MS);
    return false;
  }
  if (answer.errors) {
    if (answer.stale) { // the page with both versions, field by field
      drop();
      dirty = false;
      form.dataset.sent = "yes";
      form.submit();
      return false;
    }
    dirty = true;
    keep();
    if (answer.errors.depth_reason) document.querySelector("[data-reason]").hidden = false;
    showErrors(answer.errors);
    say("Not saved. Look at what is marked.", true);
    return false;
  }
  form.elements.version.value = answer.version;
  if (dirty) keep(); else drop();
  showErrors({});
  show(answer.parts);
  askLimits();
  return true;
}
async function save() {
  clearTimeout(timer);
  if (flight) await flight;
  flight = send();
  const done = await flight;
  flight = null;
  return done;
}
function changed(event) {
  if (event.target.name === "password" || "scan" in event.target.dataset) return;
  all(`[data-copied="${event.target.name}"]`).forEach((mark) => mark.remove()); // now it is typed
  dirty = true;
  keep();
  askReason();
  markDifferences();
  clearTimeout(timer);
  timer = setTimeout(save, WAIT_MS);
}

/* ---- a button waits for the save that is under way, so that it carries the newest version */
async function submitted(event) {
  clearTimeout(timer);
  if (!flight) drop();
  if (!flight) return;
  event.preventDefault();
  const button = event.submitter;
  await flight;
  form.requestSubmit(button);
}

/* ---- leaving by the rail or another link of the room saves first; a second click leaves in any case */
let warned = "";
async function left(event) {
  const link = event.target instanceof Element ? event.target.closest(".np-room a[href]") : null;
  if (!link || event.ctrlKey || event.metaKey || (!dirty && !flight)) return;
  if (warned === link.href) return;
  event.preventDefault();
  if (await save()) window.location.assign(link.href);
  else warned = link.href;
}

/* ---- the body map: a tap goes to the depth of the area */
function bodyTapped(event) {
  const mark = event.target instanceof Element ? event.target.closest("[data-body]") : null;
  const field = mark && form.elements[`depth-${mark.dataset.body}`];
  if (!field) return;
  event.preventDefault();
  all(".np-area-two").forEach((row) => row.classList.toggle("is-picked", row.id === `row-${mark.dataset.body}`));
  field.closest(".np-area").scrollIntoView({ block: "nearest" });
  field.focus({ preventScroll: true });
}

if (form) {
  document.addEventListener("click", bodyTapped);
  form.addEventListener("change", changed);
  form.addEventListener("input", (event) => {
    if ("scan" in event.target.dataset) return;
    dirty = true;
    keep();
    askReason();
    markDifferences();
    clearTimeout(timer);
    timer = setTimeout(save, TYPING_MS);
  });
  form.addEventListener("submit", submitted);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    if ("scan" in event.target.dataset) form.requestSubmit(form.querySelector("button[name=find]"));
    else if ("signs" in event.target.dataset) form.requestSubmit(document.querySelector("[data-sign-now]"));
    else save();
  });
  document.addEventListener("click", left);
  window.addEventListener("beforeunload", (event) => { if (dirty && !form.dataset.sent) event.preventDefault(); });
  askReason();
  askLimits();
  markDifferences();
  window.addEventListener("online", () => { if (dirty) save(); });
  putBack();
}
