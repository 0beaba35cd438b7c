// The islands of a lesson's page: controls, code that is changed and copied, the section where one is, and the line to
// the worker. All of the text is there without it; the pictures are in page_pictures.js.

// What the reader has moved and written. The changed blocks are in the workspace; the rest, and what could not be saved
// there, is kept for a reload of this tab.
const page = document.querySelector("[data-lesson]");
const key = `torchbook:page:${page.dataset.lesson}`;
// `cells` has run, `texts` is what was written last, which may not even have come to an end, and `bases` what this tab
// knows to be in the workspace.
const kept = { controls: {}, cells: {}, texts: {}, bases: {}, ...JSON.parse(sessionStorage.getItem(key) ?? "{}") };
const keep = () => sessionStorage.setItem(key, JSON.stringify(kept));
const put = (values, cell, text) => (text == null ? delete values[cell] : (values[cell] = text));

const stored = JSON.parse(document.getElementById("changed-blocks")?.textContent ?? "{}");
const unsaved = [];
for (const cell of new Set([stored, kept.texts, kept.bases].flatMap(Object.keys))) {
  const [there, own] = [stored[cell]?.text ?? null, kept.texts[cell] ?? null];
  // Where they differ the workspace is asked: this page may have been made before the last change was saved.
  if (own !== there && (own !== null || cell in kept.bases)) {
    unsaved.push(cell);
    continue;
  }
  put(kept.texts, cell, there);
  put(kept.cells, cell, stored[cell]?.ran);
  kept.bases[cell] = there;
}
keep();

// Writes changed blocks to the workspace, one after the other. What another tab has written meanwhile stays there, and
// what is written here stays here, until the reader has chosen.
const workspace = {
  timers: {},
  last: Promise.resolve(),
  conflicts: new Set(),

  later(cell) {
    clearTimeout(this.timers[cell]);
    this.timers[cell] = setTimeout(() => this.save(cell), 400);
  },

  save(cell, options) {
    clearTimeout(this.timers[cell]);
    delete this.timers[cell];
    if (!this.conflicts.has(cell)) this.last = this.last.then(() => this.send(cell, options));
  },

  async send(cell, { aside = false, keepalive = false } = {}) {
    const [text, ran, base] = [kept.texts, kept.cells, kept.bases].map((values) => values[cell] ?? null);
    const block = blocks.get(cell);
    try {
      const body = JSON.stringify({ cell, text, ran, base, aside });
      const answer = await fetch(`${location.pathname}blocks`, { method: "PUT", body, keepalive });
      if (answer.status === 409) {
        const theirs = (await answer.json()).text;
        if (text !== base || !block) return this.conflict(cell, theirs);
        kept.bases[cell] = theirs; // nothing new was written here
        return block.take(theirs);
      }
      if (!answer.ok) throw new Error(answer.statusText);
      kept.bases[cell] = text;
      keep();
      if (text !== null || base !== null) block?.note("");
    } catch {
      block?.note("This change could not be saved. It is kept in this tab, and saved with your next one.");
    }
  },

  conflict(cell, theirs) {
    this.conflicts.add(cell);
    const chosen = (resolve) => () => {
      this.conflicts.delete(cell);
      kept.bases[cell] = theirs;
      resolve();
    };
    const mine = button("Keep mine", chosen(() => this.save(cell, { aside: true })));
    const other = button("Take the other", chosen(() => blocks.get(cell)?.take(theirs)));
    const text = theirs === null ? "Another tab has put this block back." : "Another tab has changed this block, too.";
    blocks.get(cell)?.note(`${text} What you wrote is still here. `, mine, " ", other);
  },

  flush() {
    for (const cell of Object.keys(this.timers)) this.save(cell, { keepalive: true });
  },
};
addEventListener("pagehide", () => workspace.flush());
const blocks = new Map(); // by the ids of their cells, with what can be done to them

const REST = 10_000; // milliseconds in which a worker that dies twice is not started again by itself

// The line to the worker that holds the names of this lesson. It is opened at the first need and again after its end.
const live = {
  socket: null,
  number: 0,
  answered: 0,
  asked: false, // by the reader; what is kept from before runs by itself
  reviving: false, // the worker has died and is started again
  revived: -Infinity, // when that had last come to its end, in milliseconds
  replaced: new Set(),
  running: [],
  messages: [], // of pictures, before the worker is there

  // Says something; a worker that is new hears all that is kept, and a cell that just runs for the first time.
  say(message) {
    this.number += 1;
    if (Object.keys(message).length) {
      this.asked = true;
      state.textContent = "";
    }
    if (message.source !== undefined) this.running.push({ ...message, number: this.number });
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ ...message, number: this.number }));
    else this.connect(message);
    waiting();
  },

  // Says something of a picture. Only one that Python answers starts a worker.
  post(message, wanted) {
    if (this.socket?.readyState === WebSocket.OPEN) return this.socket.send(JSON.stringify(message));
    if (!wanted) return;
    if ("custom" in message) this.messages.push(message); // a state is kept, and said at the beginning
    this.connect();
  },

  connect(message = {}) {
    if (this.socket && this.socket.readyState <= WebSocket.OPEN) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = (this.socket = new WebSocket(`${scheme}://${location.host}${location.pathname}live`));
    waiting();
    socket.addEventListener("open", () => {
      const cells = message.source === undefined ? kept.cells : { ...kept.cells, [message.cell]: message.source };
      const pictures = lessonPictures.moved();
      socket.send(JSON.stringify({ controls: kept.controls, cells, pictures, replaced: [...this.replaced], number: this.number }));
      for (const each of [...this.messages.splice(0), ...lessonPictures.greetings()]) socket.send(JSON.stringify(each));
    });
    socket.addEventListener("message", (event) => socket === this.socket && this.heard(JSON.parse(event.data)));
    socket.addEventListener("close", ({ code }) => {
      if (socket !== this.socket) return;
      this.socket = null;
      this.unfinished();
      waiting();
      if (code === 1013) state.textContent = "Too many lessons compute at once. Close one of their tabs, then move or run something here.";
    });
  },

  heard({ number, blocks = {}, pictures = {}, waits = {}, running, ended }) {
    if (ended !== undefined) return this.died();
    for (const [id, html] of Object.entries(blocks)) {
      const old = document.getElementById(id);
      this.replaced.add(id);
      if (!old || old.contains(document.activeElement)) continue;
      old.outerHTML = html;
      spoken.changed.push(id);
      for (const field of document.querySelectorAll(`#${CSS.escape(id)} [data-control]`)) bind(field);
    }
    if (running !== undefined || number !== undefined) marked(running);
    for (const id of Object.keys({ ...pictures, ...waits })) this.replaced.add(id);
    lessonPictures.heard(pictures, waits);
    blame();
    if (number === undefined) return;
    // Only what came to its end runs again by itself.
    for (const { cell, source } of this.running.filter((each) => each.number <= number)) {
      kept.cells[cell] = source;
      workspace.later(cell);
    }
    this.running = this.running.filter((each) => each.number > number);
    keep();
    this.answered = Math.max(this.answered, number);
    waiting();
    if (this.answered < this.number) return;
    spoken.say();
    if (!this.reviving) return;
    [this.reviving, this.revived] = [false, performance.now()];
    state.textContent = `The program of this lesson died. It has been started again${Object.keys(kept.cells).length ? ", and your changed blocks have been run again" : ""}.`;
  },

  // Starts the worker again after its death, unless what the reader ran may have killed it, or what runs again by itself.
  died() {
    const own = this.running.length > 0;
    this.unfinished();
    marked();
    this.hangUp();
    if (own || this.reviving || performance.now() - this.revived < REST) {
      this.reviving = false;
      this.answered = this.number;
      waiting();
      return stopped();
    }
    this.reviving = true;
    state.textContent = "The program of this lesson died. It is being started again …";
    this.say({});
  },

  hangUp() {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  },

  // What stands below a block that was ended while it ran is not the result of its code.
  unfinished() {
    for (const { cell } of this.running.splice(0)) {
      const outputs = document.getElementById(cell);
      if (!outputs?.matches(".outputs")) continue;
      const note = Object.assign(document.createElement("p"), { className: "waits-for unfinished" });
      note.textContent = "This block was stopped before its end.";
      outputs.classList.add("waits");
      outputs.append(note);
      this.replaced.add(cell); // or a new worker takes it for the frozen state
    }
  },

  // Ends whatever the worker does. What it ran last is not run again by itself.
  stop() {
    if (busy.contains(document.activeElement)) (spoken.place.querySelector?.("textarea") ?? spoken.place).focus(); // the button goes
    this.hangUp();
    this.unfinished();
    this.reviving = false;
    this.answered = this.number;
    waiting();
    stopped();
  },
};

lessonPictures.line = live;

// What is said about the computation and is read aloud; "computing" only if it takes a moment.
const [state, busy] = ["page-state", "page-busy"].map((name) => {
  const made = Object.assign(document.createElement("div"), { className: name });
  made.setAttribute("role", "status");
  return made;
});
document.body.append(state);
document.querySelector(".site-search").before(busy); // in the bar it lies on no text
let moment = null;

// What has become of a move or a run, for those who do not see it: the first part below it that has changed.
const spoken = {
  place: null,
  changed: [],
  timer: null,
  line: Object.assign(document.createElement("div"), { className: "site-spoken" }),
  after(part) {
    [this.place, this.changed] = [part, []];
  },
  say() {
    const parts = this.changed.splice(0).map((id) => document.getElementById(id)).filter(Boolean);
    const seen = parts.filter((part) => part.checkVisibility()); // the answer to a guess may still be hidden
    const below = seen.filter((part) => this.place?.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING);
    const first = below.sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))[0];
    const text = first?.textContent.replace(/\s+/g, " ").trim();
    if (!text) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.line.textContent = text.length > 300 ? `${text.slice(0, 300)} …` : text), 300);
  },
};
spoken.line.setAttribute("role", "status");
document.body.append(spoken.line);

function stopped() {
  marked();
  state.textContent = "The program of this lesson has stopped. It starts again when you move or run something.";
}

// Says below what waits in which section the block has failed that it needs, and how.
function blame() {
  for (const note of document.querySelectorAll(".waits-for:not(.unfinished)")) note.remove();
  for (const part of document.querySelectorAll(":is(.picture, .outputs:not(:empty)).waits[data-waits]")) {
    const guilty = document.getElementById(part.dataset.waits);
    const error = guilty?.querySelector(".failed b")?.textContent.split(".").at(-1);
    if (!error || guilty === part) continue;
    const section = guilty.closest("section")?.querySelector("h2")?.textContent.replace(/\s*#$/, "");
    const words = section ? `the block in “${section}”` : "the block at the top";
    const link = Object.assign(document.createElement("a"), { href: `#${guilty.id}`, textContent: words });
    const note = Object.assign(document.createElement("p"), { className: "waits-for" });
    note.append("This waits for ", link, `, which has failed: ${error}.`);
    part.append(note);
  }
}

// Marks the block that takes its time.
function marked(cell) {
  const block = cell && document.getElementById(cell);
  const now = block?.closest(".cell, .stage") ?? block;
  for (const before of document.querySelectorAll(".is-running")) {
    if (before === now) continue;
    before.classList.remove("is-running");
    before.removeAttribute("aria-busy");
  }
  now?.classList.add("is-running");
  now?.setAttribute("aria-busy", "true");
}

function waiting() {
  const settled = live.answered >= live.number || live.socket === null;
  page.dataset.settled = String(settled);
  if (settled) {
    for (const old of document.querySelectorAll(".lesson-page .is-old:not([role])")) old.classList.remove("is-old");
    clearTimeout(moment);
    moment = null;
    busy.replaceChildren();
    return;
  }
  const say = () => busy.replaceChildren("Computing … ", button("Stop", () => live.stop()));
  moment ??= setTimeout(say, live.asked ? 400 : 1000);
}

function button(name, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = name;
  made.addEventListener("click", press);
  return made;
}

// Marks what shows a state from before, until it has been computed again.
function outdated(id) {
  document.getElementById(id)?.classList.add("is-old");
}

// Controls move what needs them.
function bind(field) {
  const name = field.dataset.control;
  const values = field.dataset.values && JSON.parse(field.dataset.values);
  const value = () => (field.tagName === "SELECT" ? JSON.parse(field.value) : values ? values[field.value] : Number(field.value));
  const pressed = field.tagName === "BUTTON";
  const reading = field.parentElement.querySelector("output");
  const show = () => {
    if (!reading) return;
    reading.textContent = String(value()).replace("-", "−");
    field.setAttribute("aria-valuetext", reading.textContent); // what it holds may be a place in a list
  };
  if (name in kept.controls) {
    if (field.tagName === "SELECT") field.value = [...field.options].find((each) => each.value === JSON.stringify(kept.controls[name]))?.value ?? field.value;
    else field.value = values ? values.indexOf(kept.controls[name]) : kept.controls[name];
    field.dataset.moves?.split(" ").forEach(outdated);
  }
  show();
  field.disabled = false;
  field.addEventListener(pressed ? "click" : "input", () => {
    if (pressed) field.value = Number(field.value) + 1;
    show();
    kept.controls[name] = value();
    keep();
    spoken.after(field);
    live.say({ controls: { [name]: value() } });
  });
}
for (const field of document.querySelectorAll("[data-control]")) bind(field);
const wake = new IntersectionObserver((entries) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  wake.disconnect();
  live.connect();
}, { rootMargin: "300px" });
for (const part of document.querySelectorAll("[data-control], .picture[data-live]")) wake.observe(part);
Object.keys(kept.cells).forEach(outdated);
const moved = Object.keys(lessonPictures.moved()).some((id) => "live" in document.getElementById(id).dataset);
if (moved || Object.keys({ ...kept.controls, ...kept.cells }).length || page.dataset.answers === "own") live.say({});
// What uses an answer of one's own runs again when it has passed.
document.addEventListener("exercise-passed", ({ detail }) => "answers" in page.dataset && live.say({ passed: detail }));

// Code is copied, and changed and run in place.
for (const [index, code] of [...document.querySelectorAll(".cell > .code, .stage > .code")].entries()) {
  const pre = code.querySelector("pre");
  const cell = code.parentElement.dataset.cell;
  const bar = document.createElement("div");
  bar.className = "code-bar";
  const copy = button("Copy", async () => {
    try {
      await navigator.clipboard.writeText(source());
    } catch {
      // Browsers have a clipboard only for this machine and for https; in a classroom the site is neither.
      if (field) field.select();
      else getSelection().selectAllChildren(pre);
      document.execCommand("copy");
    }
    copy.textContent = "Copied";
    named(copy);
    setTimeout(() => {
      copy.textContent = "Copy";
      named(copy);
    }, 1500);
  });
  bar.append(copy);
  code.append(bar);
  const original = pre.textContent.trimEnd();
  let field = null;
  let writing = null; // with the field, over its text in colours
  const source = () => field?.value ?? original;
  const named = (each) => {
    each.setAttribute("aria-label", `${each.textContent} block ${index + 1}: ${original.split("\n", 1)[0]}`);
    return each;
  };
  named(copy);
  if (!cell) continue;

  const change = named(button("Change", () => edit(original).focus()));
  const all = button("Put all back", () => [...blocks.values()].forEach((block) => block.back()));
  const note = document.createElement("p");
  note.className = "code-note";
  note.setAttribute("role", "status");
  bar.prepend(change);
  bar.before(note);
  blocks.set(cell, {
    back: () => field && back(),
    note: (...words) => note.replaceChildren(...words.filter(Boolean)),
    several: (several) => (all.hidden = !several),
    take(text) {
      if (text === null) return field && back();
      write(text);
      edit(text);
    },
  });
  if (cell in kept.texts) edit(kept.texts[cell]);
  if (stored[cell]?.renewed) note.textContent = "This lesson has other code here than when you changed it; “Put back” shows it.";

  function write(text) {
    put(kept.texts, cell, text);
    keep();
    workspace.later(cell);
    several();
  }

  function edit(text) {
    writing?.remove();
    const label = `The code of block ${index + 1}. Control and Enter run it. Tab indents once you write; Escape, then Tab leaves.`;
    const made = torchbookEditor({ text, label, typed: () => write(field.value), check: run, save: () => workspace.save(cell) });
    [writing, field] = [made.root, made.area];
    writing.className = "writing";
    pre.hidden = true;
    pre.after(writing);
    bar.replaceChildren(named(button("Run", run)), named(button("Put back", back)), all, copy);
    code.classList.add("is-changed");
    return field;
  }

  function run() {
    outdated(cell);
    spoken.after(code);
    live.say({ cell, source: field.value });
  }

  function back() {
    writing.remove();
    field = writing = null;
    note.textContent = "";
    pre.hidden = false;
    code.classList.remove("is-changed");
    bar.replaceChildren(change, copy);
    const wrote = cell in kept.texts || kept.bases[cell] != null;
    delete kept.cells[cell];
    delete kept.texts[cell];
    keep();
    if (wrote) workspace.save(cell);
    several();
    live.say({ cell });
    change.focus();
  }
}

function several() {
  for (const block of blocks.values()) block.several(Object.keys(kept.texts).length > 1);
}
several();
for (const cell of unsaved) workspace.save(cell);

// A project is judged as in a terminal; what each criterion says stands below the button.
for (const judge of document.querySelectorAll("[data-judge]")) {
  const said = judge.closest(".judging").querySelector("[role=status]");
  judge.hidden = false;
  judge.addEventListener("click", async () => {
    judge.disabled = true;
    said.classList.add("is-old");
    judge.textContent = "Judging …";
    try {
      const answer = await fetch(`${location.pathname}judge`, { method: "POST" });
      if (answer.ok) said.innerHTML = (await answer.json()).html;
      else said.textContent = answer.status === 409 ? "Another page has a project judged. Try again in a moment." : "This could not be judged.";
    } catch {
      said.textContent = "The course does not answer. Start it again with: torchbook learn";
    }
    said.classList.remove("is-old");
    judge.textContent = "Judge my work";
    judge.disabled = false;
  });
}

// Escape closes the entry of a term that is open under the pointer or the keyboard.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const term of document.querySelectorAll(".term:is(:hover, :focus-within)")) {
    term.classList.add("is-closed");
    const open = () => term.classList.remove("is-closed");
    term.addEventListener("pointerenter", open, { once: true });
    term.addEventListener("focusin", open, { once: true });
  }
});

// An entry stays inside of the window.
for (const term of document.querySelectorAll(".term")) {
  const fit = () => {
    const card = term.querySelector(".term-card");
    card.style.translate = "";
    const over = card.getBoundingClientRect().right - (document.documentElement.clientWidth - 16);
    if (over > 0) card.style.translate = `${-over}px`;
  };
  term.addEventListener("pointerenter", fit);
  term.addEventListener("focusin", fit);
}

// Where there is no room beside the text the list of sections is a menu in the bar.
const list = document.querySelector(".contents ol");
const folded = document.querySelector(".contents-menu");
const narrow = matchMedia("(max-width: 81.99rem)");
const placed = () => (narrow.matches ? folded.querySelector("nav").append(list) : document.querySelector(".contents p").after(list));
narrow.addEventListener("change", placed);
placed();
folded.hidden = false;
document.addEventListener("click", ({ target }) => folded.querySelector("summary").contains(target) || (folded.open = false));
folded.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !folded.open) return;
  folded.open = false;
  folded.querySelector("summary").focus();
});
folded.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !folded.contains(relatedTarget) && (folded.open = false));

// Where the reader is: the last section whose heading has passed the upper third of the window.
const links = [...list.querySelectorAll("a")];
const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
const left = document.querySelectorAll(".left[data-minutes]");
function here() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3).length;
  links.forEach((link, place) => (place === passed - 1 ? link.setAttribute("aria-current", "location") : link.removeAttribute("aria-current")));
  const article = document.querySelector(".lesson-page").getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (article.bottom - innerHeight) / (article.height - innerHeight)));
  for (const each of left) {
    const minutes = Math.ceil(share * each.dataset.minutes);
    each.textContent = minutes ? `${minutes} min left` : "";
  }
}
addEventListener("scroll", here, { passive: true });
here();

// What scrolls sideways can be reached by keyboard, and fades where it goes on.
function goesOn(box) {
  box.classList.toggle("runs-on", box.scrollLeft + box.clientWidth < box.scrollWidth - 1);
}
new ResizeObserver(() => {
  for (const box of document.querySelectorAll(".lesson-page :is(pre, .formula, .table, .drawing, .drawn):not(.writing *, .tb-editor *)")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
    goesOn(box);
  }
}).observe(document.querySelector(".lesson-page"));
document.addEventListener("scroll", ({ target }) => target.tabIndex === 0 && target.closest?.(".lesson-page") && goesOn(target), { passive: true, capture: true });
