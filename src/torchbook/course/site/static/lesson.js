// On the page of a lesson: its code, when it is there, where the reader is.
const lesson = document.getElementById("content");
const number = Number(lesson.dataset.lesson);
const root = document.getElementById("root");
const wanted = { anchor: decodeURIComponent(location.hash.slice(1)), scroll: 0 };
const key = `torchbook:scroll:${location.pathname}`;
const kind = performance.getEntriesByType("navigation")[0]?.type;
if (!wanted.anchor && (kind === "reload" || kind === "back_forward")) wanted.scroll = Number(sessionStorage.getItem(key));
// Asked for when the page goes, the position would make the browser lay everything out again, which takes half a second.
let scrolled = 0;
addEventListener("pagehide", () => sessionStorage.setItem(key, String(scrolled)));

// A reader who scrolls is not moved any more.
let moved = false;
for (const gesture of ["wheel", "touchmove", "keydown", "mousedown"]) addEventListener(gesture, () => (moved = true), { once: true, passive: true });

const codes = Object.entries(JSON.parse(document.getElementById("lesson-code").textContent));

function show(cell, html) {
  if (!cell || cell.querySelector(":scope > .lesson-code")) return;
  const imports = cell.id === "cell-setup";
  const shown = document.createElement(imports ? "details" : "div");
  shown.className = "lesson-code";
  shown.innerHTML = `${imports ? "<summary>What this lesson imports</summary>" : ""}${html}<button type="button">Copy</button>`;
  shown.querySelector("button").addEventListener("click", copy);
  cell.prepend(shown);
}

async function copy({ target: button }) {
  const code = button.parentElement.querySelector("pre");
  let said = "Copied";
  try {
    await navigator.clipboard.writeText(code.textContent);
  } catch {
    // Browsers have a clipboard only for this machine and for https; in a classroom the site is neither.
    getSelection().selectAllChildren(code);
    if (!document.execCommand("copy")) said = "Selected: now press Ctrl+C";
  }
  button.textContent = said;
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

// The beginning can be read at once. It goes when the lesson has the same text, or an error, in its place.
let wait = document.querySelector(".lesson-wait");
const there = wait.querySelector("h1") ? ".output :is(h1, .lesson-error)" : ".marimo-cell .output";

function arrive() {
  lesson.classList.add("is-there");
  wait.remove();
  wait = null;
}

let planned = 0;
let settling = 0;
new MutationObserver(() => {
  if (!planned) planned = requestAnimationFrame(look);
}).observe(root, { childList: true, subtree: true });
new ResizeObserver(() => reachable(root)).observe(root);

function look() {
  planned = 0;
  if (wait && root.querySelector(there)) arrive();
  const cells = root.querySelectorAll(".marimo-cell");
  for (const [place, html] of codes) show(cells[place], html);
  place();
  where();
  reachable(root);
  delete lesson.dataset.settled;
  clearTimeout(settling);
  settling = setTimeout(settle, 800);
}

// Nothing has changed for a moment, and nothing is on its way: the page says so to those who wait for it.
function settle() {
  reachable(root);
  const pale = root.querySelector(".marimo-output-stale");
  const empty = [...root.querySelectorAll("marimo-anywidget")].some((one) => !one.shadowRoot?.childElementCount);
  if (wait || pale || empty) settling = setTimeout(settle, 200);
  else lesson.dataset.settled = "";
}

// What scrolls sideways can be scrolled by keyboard too; cards have their content in a tree of their own.
function reachable(tree) {
  for (const one of tree.querySelectorAll(".output-area, pre, table")) {
    if (one.scrollWidth > one.clientWidth && getComputedStyle(one).overflowX !== "visible") one.tabIndex = 0;
  }
  for (const one of tree.querySelectorAll("[id]")) if (one.shadowRoot) reachable(one.shadowRoot);
}

// Content comes in bit by bit: the place that was asked for is taken as soon as it is there, and kept for a moment.
function place() {
  if (moved || (!wanted.anchor && !wanted.scroll)) return;
  const heading = wanted.anchor && document.getElementById(wanted.anchor);
  if (heading) heading.scrollIntoView({ behavior: "instant" });
  else if (wanted.scroll) scrollTo({ top: wanted.scroll, behavior: "instant" });
}

let known = "";
let waiting = 0;
addEventListener("scroll", where, { passive: true });
function where(event) {
  if (event) scrolled = scrollY;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (!lesson.classList.contains("is-there")) return;
    const headings = [...root.querySelectorAll(":is(h1, h2)[id]")];
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight * 0.4);
    const at = passed[passed.length - 1];
    const seen = (innerHeight - root.getBoundingClientRect().top) / root.offsetHeight;
    const share = Math.max(0, Math.min(1, seen));
    const said = { lesson: number, anchor: at?.tagName === "H2" ? at.id : "", heading: at?.tagName === "H2" ? at.textContent.trim() : "", share };
    const text = `${said.anchor} ${share.toFixed(2)}`;
    if (text !== known) document.dispatchEvent(new CustomEvent("torchbook:tell", { detail: said }));
    known = text;
  }, 600);
}

document.addEventListener("torchbook:progress", (event) => {
  const now = event.detail.lessons[number];
  if (!now) return;
  const exercises = document.querySelector("[data-exercises]");
  const quiz = document.querySelector("[data-quiz]");
  if (exercises) exercises.textContent = `${now.passed} of ${now.exercises} exercise${now.exercises > 1 ? "s" : ""}`;
  if (quiz) quiz.textContent = `quiz ${now.right} of ${now.questions}`;
});
