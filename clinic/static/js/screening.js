/* The screening form: keys N, Y, U and the down arrow, and how much is answered. The page works without it. */

const form = document.getElementById("screening");
const questions = Array.from(form.querySelectorAll("[data-question]"));
const radio = (question, value) => question.querySelector(`.np-yn input[value="${value}"]`);
const isAnswered = (question) => question.querySelector(".np-yn input:checked") !== null;
const KEYS = { n: "no", y: "yes", u: "not_sure" };

function count() {
  document.querySelectorAll("[data-section]").forEach((section) => {
    const own = questions.filter((question) => question.dataset.question === section.dataset.section);
    const done = own.filter(isAnswered).length;
    section.querySelector("[data-done]").textContent = String(done);
    section.classList.toggle("ok", done === own.length);
    const icon = section.querySelector(".bi");
    icon.classList.toggle("bi-circle", done !== own.length);
    icon.classList.toggle("bi-check-circle-fill", done === own.length);
  });
  form.querySelector("[data-answered]").textContent = String(questions.filter(isAnswered).length);
}

function mark(question) {
  document.querySelectorAll("[data-section] a").forEach((link) => {
    if (link.parentElement.dataset.section === question.dataset.question) link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  });
}

function current() {
  const held = document.activeElement && document.activeElement.closest("[data-question]");
  return held ? questions.indexOf(held) : -1;
}

function go(place) {
  const question = questions[Math.min(Math.max(place, 0), questions.length - 1)];
  const wanted = question.querySelector(".np-yn input:checked") || radio(question, "no");
  wanted.focus();
  question.scrollIntoView({ block: "center" });
  mark(question);
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.body.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
  const field = event.target instanceof Element ? event.target.closest("input, select, textarea") : null;
  if (field && field.type !== "radio") return;
  const place = current();
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    go(place + (event.key === "ArrowDown" ? 1 : -1));
    return;
  }
  const value = KEYS[event.key.toLowerCase()];
  if (!value) return;
  event.preventDefault();
  const question = questions[Math.max(place, 0)];
  const answer = radio(question, value);
  answer.checked = true;
  answer.dispatchEvent(new Event("change", { bubbles: true }));
  const follow = question.querySelector(".more input, .more select, .more textarea");
  if (value === "yes" && follow) { answer.focus(); follow.focus(); } else go(questions.indexOf(question) + 1);
}

document.addEventListener("keydown", pressed);
form.addEventListener("change", count);
form.addEventListener("focusin", (event) => { const held = event.target.closest("[data-question]"); if (held) mark(held); });
document.querySelectorAll("[data-keys]").forEach((e) => { e.hidden = false; });
count();
