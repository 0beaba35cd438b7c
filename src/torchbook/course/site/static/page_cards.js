
// The cards of a lesson's page. The server holds them, whatever the worker of the lesson does; each is drawn when it is
// opened, in the place of the starter that stands there without a script.

// What is changed in the blocks of a page is written in the same editor.
globalThis.torchbookEditor = editor;

class CardModel {
  fields = {};
  listeners = new Map();

  constructor(id) {
    this.id = id;
  }

  get(name) {
    return this.fields[name];
  }

  on(event, listener) {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener]);
  }

  fire(event, ...rest) {
    for (const listener of this.listeners.get(event) ?? []) listener(...rest);
  }

  send(message) {
    line.send({ card: this.id, ...message });
  }

  // Takes all of it before anybody is told.
  show(fields) {
    const changed = Object.keys(fields).filter((name) => JSON.stringify(fields[name]) !== JSON.stringify(this.fields[name]));
    Object.assign(this.fields, fields);
    for (const name of changed) this.fire(`change:${name}`);
  }
}

const opened = new Map(); // the open cards by id

// The line to the server. What was not sent when it broke is not sent later: the editor keeps it and saves again.
const line = {
  socket: null,
  waiting: [],
  pause: 500,

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    else {
      this.waiting.push(message);
      this.connect();
    }
  },

  connect() {
    if (this.socket) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = (this.socket = new WebSocket(`${scheme}://${location.host}${location.pathname.replace(/\/?$/, "/cards")}${location.search}`));
    const begun = new Set([...opened.values()].filter((card) => card.drawn));
    socket.addEventListener("open", () => {
      this.pause = 500;
      for (const id of opened.keys()) socket.send(JSON.stringify({ card: id, do: "open" }));
      for (const message of this.waiting) if (message.do !== "open") socket.send(JSON.stringify(message));
      this.waiting = [];
    });
    socket.addEventListener("message", (event) => {
      const { card: id, fields, message, completion } = JSON.parse(event.data);
      if (completion !== undefined) {
        document.getElementById("completion").outerHTML = completion;
        document.dispatchEvent(new Event("completion-changed"));
      }
      const card = opened.get(id);
      if (!card) return;
      if (fields) {
        card.model.show(fields);
        if (begun.delete(card)) card.model.show({ connected: (card.model.get("connected") ?? 0) + 1 });
        card.draw();
      }
      if (message) card.model.fire("msg:custom", message);
    });
    socket.addEventListener("close", () => {
      this.socket = null;
      this.waiting = [];
      if (document.hidden || !opened.size) return;
      setTimeout(() => this.connect(), this.pause);
      this.pause = Math.min(20_000, 2 * this.pause);
    });
  },
};
document.addEventListener("visibilitychange", () => !document.hidden && opened.size && line.connect());

function openCard(slot) {
  if (opened.has(slot.id)) return;
  const model = new CardModel(slot.id);
  const card = { model, drawn: false, draw: () => card.drawn || (card.drawn = drawn_in(slot, model)) };
  opened.set(slot.id, card);
  line.send({ card: slot.id, do: "open" });
}

// Draws a card once its fields are there.
function drawn_in(slot, model) {
  const ready = slot.dataset.card === "exercise" ? "head" : "questions";
  if (model.get(ready) === undefined) {
    slot.querySelector(".in-terminal").before(element("p", { class: "problem", role: "status" }, model.get("notice") ?? ""));
    return false;
  }
  slot.querySelector(".problem")?.remove();
  const small = slot.querySelector("summary small");
  const tell = (text, done) => {
    small.textContent = text;
    small.classList.toggle("passed", done);
  };
  if (slot.dataset.card === "quiz") {
    const still = slot.querySelector("summary + p");
    still.replaceWith(quizCard(model));
    const score = () => {
      const right = Object.values(model.get("marks")).filter((mark) => mark.right).length;
      const all = model.get("questions").length;
      tell(`${right === all ? "✓ " : ""}${right} of ${all} right`, right === all);
    };
    model.on("change:marks", score);
    score();
    return true;
  }
  const { parts } = exerciseCard(model);
  slot.querySelector(".starter").replaceWith(element("div", { class: "tb-picture tb-card tb-exercise" }, ...parts));
  const minutes = `${model.get("head").minutes} minutes`;
  let passed = model.get("standing").passed;
  const standing = () => {
    const now = model.get("standing");
    tell([now.passed ? "✓ passed" : minutes, now.spent].filter(Boolean).join(" · "), now.passed);
    if (now.passed && !passed) {
      for (const solved of document.querySelectorAll(".solved")) if (solved.dataset.exercise === slot.dataset.name) solved.open = true;
      document.dispatchEvent(new CustomEvent("exercise-passed", { detail: slot.dataset.name }));
    }
    passed = now.passed;
  };
  model.on("change:standing", standing);
  standing();
  return true;
}

// The cards that stand open, kept for a reload of this tab.
const unfolded = `torchbook:cards:${location.pathname}`;
const stood = JSON.parse(sessionStorage.getItem(unfolded) ?? "[]");

const slots = [...document.querySelectorAll("details[data-card]")];
for (const slot of slots) {
  slot.addEventListener("toggle", () => {
    sessionStorage.setItem(unfolded, JSON.stringify(slots.filter((each) => each.open).map((each) => each.id)));
    if (slot.open) openCard(slot);
  });
  if (stood.includes(slot.id)) slot.open = true;
  if (slot.open) openCard(slot);
  // What an earlier visit could not save is saved, whether or not the card is opened.
  const file = new RegExp(`^torchbook:.*[\\\\/]${slot.dataset.name}\\.py$`);
  if (Object.keys(localStorage).some((key) => file.test(key))) openCard(slot);
}

// The address of an exercise, /lessons/09-autograd/#exercise-scalar_engine, opens its card.
function follow() {
  const [kind, name] = decodeURIComponent(location.hash.slice(1)).split("-");
  const slot = kind === "exercise" && [...document.querySelectorAll("details[data-card=exercise]")].find((each) => each.dataset.name === name);
  if (!slot) return;
  slot.open = true;
  slot.scrollIntoView();
}
addEventListener("hashchange", follow);
follow();
