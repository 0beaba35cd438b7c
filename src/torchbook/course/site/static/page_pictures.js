// The pictures of a lesson's page. Each has a model as anywidget gives it to `render`; what the reader changes goes to
// the worker of the lesson, and what Python answers comes back, unless the reader has moved on meanwhile.

const WAIT = 300; // milliseconds until a picture says that it waits for an answer
const PAUSE = 16; // between two messages of a picture that is being moved
const LARGEST = 20_000; // characters of a picture's state that are kept for a reload of this tab

// Bytes are {"base64": text} on their way, and a DataView for the pictures.
const bytesOf = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
const textOf = (bytes) => {
  const all = new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength);
  let text = "";
  for (let at = 0; at < all.length; at += 8192) text += String.fromCharCode(...all.subarray(at, at + 8192));
  return btoa(text);
};

function decoded(value) {
  if (Array.isArray(value)) return value.map(decoded);
  if (value === null || typeof value !== "object") return value;
  const keys = Object.keys(value);
  if (keys.length === 1 && typeof value.base64 === "string") return bytesOf(value.base64);
  return Object.fromEntries(keys.map((key) => [key, decoded(value[key])]));
}

function encoded(value) {
  if (Array.isArray(value)) return value.map(encoded);
  if (value === null || typeof value !== "object") return value;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return { base64: textOf(value) };
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, encoded(each)]));
}

class Model {
  #state;
  #wire = {}; // the values as JSON, as they came or as they were set
  #turns = {}; // the reader's last change of each trait
  #turn = 0; // the last change that was sent
  #seen = 0; // the last one that Python has seen
  #unsaved = new Set();
  #timer = null;
  #waiting = null;
  #listeners = new Map();

  constructor(slot, state, moved) {
    this.slot = slot;
    this.#state = decoded({ ...state, ...moved });
    this.moved = moved;
    for (const [name, value] of Object.entries({ ...state, ...moved })) this.#wire[name] = JSON.stringify(value);
  }

  get(name) {
    return this.#state[name];
  }

  set(name, value) {
    if (this.#state[name] === value) return;
    this.#state[name] = value;
    this.#unsaved.add(name);
    this.#fire(`change:${name}`);
  }

  // Tells Python what was set; what is moved quickly is told once in a while.
  save_changes() {
    for (const name of this.#unsaved) this.#turns[name] = this.#turn + 1;
    if (this.#unsaved.size) this.#timer ??= setTimeout(() => this.#save(), PAUSE);
  }

  #save() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const state = {};
    for (const name of this.#unsaved) {
      const value = encoded(this.#state[name]);
      const wire = JSON.stringify(value);
      if (wire === this.#wire[name]) continue;
      this.#wire[name] = wire;
      this.moved[name] = state[name] = value;
    }
    this.#unsaved.clear();
    if (!Object.keys(state).length) return;
    pictures.keep(this);
    this.#say({ state });
  }

  send(content, callbacks, buffers = []) {
    if (this.#unsaved.size) this.#save();
    this.#say({ custom: content, buffers: buffers.map(textOf) });
  }

  #say(message) {
    this.#turn += 1;
    pictures.say(this.slot, { picture: this.slot.id, turn: this.#turn, ...message });
    if ("live" in this.slot.dataset) this.#waiting ??= setTimeout(() => this.#busy(), WAIT);
  }

  // Takes what Python has changed. What it had not seen when it did is the reader's.
  heard({ state = {}, turn = 0, custom = [] }) {
    this.#seen = Math.max(this.#seen, turn);
    if (this.#seen >= this.#turn) this.settle();
    for (const [name, value] of Object.entries(state)) {
      if (this.#unsaved.has(name) || (this.#turns[name] ?? 0) > turn) continue;
      const wire = JSON.stringify(value);
      if (wire === this.#wire[name]) continue;
      this.#wire[name] = wire;
      this.#state[name] = decoded(value);
      if (name in this.moved) this.moved[name] = value;
      this.#fire(`change:${name}`);
    }
    for (const [content, buffers] of custom) this.#fire("msg:custom", content, buffers.map(bytesOf));
  }

  #busy() {
    this.slot.setAttribute("aria-busy", "true");
    const note = document.createElement("p");
    note.className = "picture-waits";
    note.setAttribute("role", "status");
    note.textContent = "Waiting for an answer …";
    this.slot.append(note);
  }

  settle() {
    clearTimeout(this.#waiting);
    this.#waiting = null;
    this.slot.removeAttribute("aria-busy");
    this.slot.querySelector(".picture-waits")?.remove();
  }

  // Says to a new worker, which is told the state beside that, where the reader is.
  greeting() {
    return this.#turn ? [{ picture: this.slot.id, turn: this.#turn }] : [];
  }

  // Says at once what is on its way.
  flush() {
    if (this.#timer) this.#save();
  }

  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  off(event, listener) {
    this.#listeners.set(event, (this.#listeners.get(event) ?? []).filter((each) => each !== listener));
  }

  #fire(event, ...details) {
    for (const listener of this.#listeners.get(event) ?? []) listener(...details);
  }
}

const pictures = {
  models: new Map(),
  line: null, // to the worker: { say(message, wanted) }
  key: `torchbook:page:${document.querySelector("[data-lesson]").dataset.lesson}:pictures`,
  ends: [],

  // What the reader has set, by picture; a new worker begins with it.
  moved() {
    const all = [...this.models].filter(([, model]) => Object.keys(model.moved).length);
    return Object.fromEntries(all.map(([id, model]) => [id, model.moved]));
  },

  keep() {
    const small = Object.entries(this.moved()).filter(([, state]) => JSON.stringify(state).length < LARGEST);
    sessionStorage.setItem(this.key, JSON.stringify(Object.fromEntries(small)));
  },

  say(slot, message) {
    this.line?.post(message, "live" in slot.dataset);
  },

  heard(news = {}, waits = {}) {
    for (const [id, each] of Object.entries(news)) this.models.get(id)?.heard(each);
    for (const [id, guilty] of Object.entries(waits)) {
      const slot = document.getElementById(id);
      slot?.classList.toggle("waits", guilty !== "");
      if (slot) slot.dataset.waits = guilty;
    }
  },

  greetings() {
    return [...this.models.values()].flatMap((model) => model.greeting());
  },
};
globalThis.lessonPictures = pictures;

const drawings = new Map(); // by their slots; each is drawn once
pictures.draw = (slot) => drawings.get(slot) ?? drawings.set(slot, draw(slot)).get(slot);

async function draw(slot) {
  const { default: picture } = await import(slot.dataset.scripts);
  const place = document.createElement("div");
  slot.querySelector(".still").replaceWith(place); // first, for a picture asks what its colours are
  const end = picture.render({ model: pictures.models.get(slot.id), el: place });
  if (end) pictures.ends.push(end);
}

// A picture is drawn shortly before it comes into view; its still is there until then.
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    pictures.draw(target);
  }
}, { rootMargin: "600px" });
const kept = JSON.parse(sessionStorage.getItem(pictures.key) ?? "{}");
for (const slot of document.querySelectorAll(".picture[data-scripts]")) {
  const state = JSON.parse(slot.querySelector("script").textContent);
  pictures.models.set(slot.id, new Model(slot, state, kept[slot.id] ?? {}));
  near.observe(slot);
}

// Who leaves stops what plays, so that it does not play by itself when the page is opened again.
addEventListener("pagehide", (event) => {
  if (event.persisted) return;
  for (const end of pictures.ends) end();
  for (const model of pictures.models.values()) model.flush();
});
