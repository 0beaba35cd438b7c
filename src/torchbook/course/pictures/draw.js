const SIDE = 28;
const BOX = 20; // MNIST's digits were scaled into a box of 20 pixels, then centred by their mass in 28.
const PEN = 1.3; // The pen's radius in the model's pixels, at the pressure of a mouse.
const SMALLEST = 0.12; // A mark smaller than this part of the sheet is not blown up.
const GRID = 4095; // Points are whole numbers, so that the address says exactly what was drawn.
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const WRITING = 1400; // milliseconds that a digit takes which is written by itself
const MOST = 60; // digits of the reader's own that are kept
const MOUSE = 32; // The pressure, 0 to 63, of what has none.

// Strokes are lists of points [x, y, pressure]. As text: five letters a point, strokes divided by dots.
function encoded(strokes) {
  const letter = (value) => LETTERS[value & 63];
  const point = ([x, y, pressure]) => letter(x >> 6) + letter(x) + letter(y >> 6) + letter(y) + letter(pressure);
  return strokes.map((stroke) => stroke.map(point).join("")).join(".");
}

function decoded(text) {
  if (!/^([\w-]{5})+(\.([\w-]{5})+)*$/.test(text)) return [];
  const values = (point) => [...point].map((letter) => LETTERS.indexOf(letter));
  const read = (point) => ((v) => [v[0] * 64 + v[1], v[2] * 64 + v[3], v[4]])(values(point));
  return text.split(".").map((stroke) => stroke.match(/.{5}/g).map(read));
}

const thickness = (pressure) => 0.6 + (0.8 * pressure) / (2 * MOUSE);

// The pieces of the strokes in the model's pixels: scaled so that the longer side fills the box, the centre of mass in
// the middle, then moved by `shift`. A dot is a piece without length.
function placed(strokes, shift) {
  const pieces = strokes.flatMap((stroke) =>
    stroke.slice(0, Math.max(1, stroke.length - 1)).map((start, i) => {
      const end = stroke[i + 1] ?? start;
      const radius = (PEN * (thickness(start[2]) + thickness(end[2]))) / 2;
      return { from: [start[0] / GRID, start[1] / GRID], to: [end[0] / GRID, end[1] / GRID], radius };
    }),
  );
  const pen = Math.max(...pieces.map((piece) => piece.radius));
  const side = [0, 1].map((axis) => {
    const all = pieces.flatMap((piece) => [piece.from[axis], piece.to[axis]]);
    return [Math.min(...all), Math.max(...all)];
  });
  const scale = (BOX - 2 * pen) / Math.max(SMALLEST, ...side.map(([low, high]) => high - low));
  const weights = pieces.map(({ from, to }) => Math.hypot(to[0] - from[0], to[1] - from[1]) + 1e-6);
  const total = weights.reduce((sum, weight) => sum + weight);
  const move = [0, 1].map((axis) => {
    const mass = pieces.reduce((sum, piece, i) => sum + (weights[i] * (piece.from[axis] + piece.to[axis])) / 2, 0) / total;
    const edge = 1.5 + 1.25 * pen; // Lopsided ink may not leave the picture.
    const [low, high] = side[axis].map((value) => value * scale);
    return Math.min(Math.max(SIDE / 2 - mass * scale, edge - low), SIDE - edge - high) + shift[axis];
  });
  const there = (point) => point.map((value, axis) => value * scale + move[axis]);
  return pieces.map(({ from, to, radius }) => ({ from: there(from), to: there(to), radius }));
}

// What the model sees: 28 x 28 bytes, white ink on black with grey edges.
function pixels(strokes, shift) {
  const seen = new Uint8Array(SIDE * SIDE);
  if (!strokes.length) return seen;
  for (const { from, to, radius } of placed(strokes, shift)) {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const length = dx * dx + dy * dy + 1e-9;
    const range = (axis) => [
      Math.max(0, Math.floor(Math.min(from[axis], to[axis]) - radius - 1)),
      Math.min(SIDE, Math.ceil(Math.max(from[axis], to[axis]) + radius + 1)),
    ];
    const [[left, right], [top, bottom]] = [range(0), range(1)];
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const [x, y] = [column + 0.5 - from[0], row + 0.5 - from[1]];
        const along = Math.min(1, Math.max(0, (x * dx + y * dy) / length));
        const ink = radius - Math.hypot(x - along * dx, y - along * dy) + 0.5;
        const value = Math.floor(Math.min(1, Math.max(0, ink)) * 255 + 0.5);
        if (value > seen[row * SIDE + column]) seen[row * SIDE + column] = value;
      }
    }
  }
  return seen;
}

function paint(canvas, values) {
  drawPixels(canvas, SIDE, SIDE, (i) => [values[i], values[i], values[i], 255]);
}

function render({ model, el }) {
  const root = framed(model, "draw");
  const address = inAddress(model);
  const ready = model.get("ready");
  const classes = model.get("classes");
  let state = { strokes: [], digit: "", shift: [0, 0] };
  let before = []; // what undo goes back to
  let pen = null; // the pointer that is drawing

  const sheet = element("canvas", {
    width: 560, height: 560, tabindex: 0, role: "img", class: "tb-sheet",
    "aria-label": "Sheet to draw a digit on. Arrow keys move what the model sees by one pixel.",
  });
  const hint = element("span", { class: "tb-hint tb-quiet", "aria-hidden": "true" }, "Write a digit here");
  const seen = element("canvas", { width: SIDE, height: SIDE, class: "tb-seen", role: "img", "aria-label": "What the model sees, 28 x 28 pixels" });
  const where = element("span", { class: "tb-quiet tb-number" });
  const best = element("p", { class: "tb-best" });
  const rows = classes.map((name) => {
    const bar = element("i");
    const number = element("td", { class: "tb-number" });
    return { bar, number, row: element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, element("span", { class: "tb-track" }, bar)), number) };
  });

  const undo = element("button", { type: "button", onclick: goBack }, "Undo");
  const clear = element("button", { type: "button", onclick: () => become({ strokes: [], digit: "", shift: [0, 0] }) }, "Clear");
  const arrow = (sign, name, x, y) =>
    element("button", { type: "button", "aria-label": `Move ${name} by one pixel`, onclick: () => moved(x, y) }, sign);
  const centre = element("button", { type: "button", "aria-label": "Move back to the centre", onclick: () => become({ ...state, shift: [0, 0] }) }, "●");
  const digits = Object.keys(ready).map((name) =>
    element("button", { type: "button", "aria-label": `Ready-made ${name}`, onclick: () => become({ strokes: decoded(ready[name]), digit: name, shift: [0, 0] }) }, name),
  );

  root.append(
    element("div", { class: "tb-table" },
      element("div", {}, element("div", { class: "tb-paper" }, sheet, hint), element("div", { class: "tb-bar" }, undo, clear)),
      element("div", { class: "tb-view" },
        element("span", { class: "tb-quiet" }, "What the model sees"), seen, where,
        element("div", { class: "tb-pad", role: "group", "aria-label": "Move what the model sees" },
          arrow("↑", "up", 0, -1), arrow("←", "left", -1, 0), centre, arrow("→", "right", 1, 0), arrow("↓", "down", 0, 1))),
      element("div", { class: "tb-said" }, best, element("table", {}, element("caption", { class: "tb-spoken" }, "Probability of each class"), ...rows.map((one) => one.row)))),
    element("div", { class: "tb-bar", role: "group", "aria-label": "Ready-made digits" }, element("span", { class: "tb-quiet" }, "Ready-made:"), ...digits),
  );
  // What the reader has written and named, kept in this browser: a test set of their own.
  const shelf = model.get("place") && `torchbook:draw:${model.get("place")}`;
  const names = classes.map((name) =>
    element("button", { type: "button", disabled: true, "aria-label": `I wrote a ${name}`, onclick: () => judge(name) }, name),
  );
  const score = element("p", { class: "tb-score", "aria-live": "polite" });
  const misread = element("div", { class: "tb-misread" });
  const forget = element("button", { type: "button", onclick: () => keep([]) }, "Forget them");
  if (model.get("keeps")) {
    root.append(
      element("div", { class: "tb-bar", role: "group", "aria-label": "What you wrote" }, element("span", { class: "tb-quiet" }, "You wrote a:"), ...names),
      score, misread, element("div", { class: "tb-bar" }, forget),
    );
    const stored = JSON.parse((shelf && localStorage.getItem(shelf)) ?? "[]");
    if (stored.length && !model.get("written").length) keep(stored);
    list();
  }
  el.append(root);

  // The pixels of what was read correctly are not needed again.
  function judge(meant) {
    const { probabilities: shares } = model.get("answer");
    const share = Math.max(...shares);
    const read = classes[shares.indexOf(share)];
    const values = read === meant ? "" : model.get("question").pixels;
    keep([...model.get("written"), { meant, read, share, pixels: values }].slice(-MOST));
    become({ strokes: [], digit: "", shift: [0, 0] });
    sheet.focus();
  }
  function keep(written) {
    if (shelf) localStorage.setItem(shelf, JSON.stringify(written));
    model.set("written", written);
    model.save_changes();
  }
  function list() {
    const written = model.get("written");
    const wrong = written.filter((one) => one.read !== one.meant);
    score.textContent = written.length
      ? `Your own test set: ${written.length - wrong.length} of ${written.length} read correctly.${wrong.length ? " Misread:" : ""}`
      : "Write a digit, then say which it is. What is misread is kept here.";
    misread.replaceChildren(...wrong.map((one) => {
      const canvas = element("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
      paint(canvas, Uint8Array.from(atob(one.pixels), (letter) => letter.charCodeAt(0)));
      return element("figure", {}, canvas, element("figcaption", {}, `a ${one.meant}, read as ${one.read} (${Math.round(100 * one.share)} %)`));
    }));
    forget.parentElement?.toggleAttribute("hidden", !written.length);
  }

  function become(next) {
    before = [...before.slice(-99), state];
    state = next;
    settle();
  }
  function goBack() {
    if (before.length) state = before.pop();
    settle();
  }
  function moved(x, y) {
    const within = (value) => Math.max(-SIDE, Math.min(SIDE, value));
    become({ ...state, shift: [within(state.shift[0] + x), within(state.shift[1] + y)] });
  }
  // After a change that is complete: everything is shown, and the address says it.
  function settle() {
    address.write("digit", state.digit);
    address.write("strokes", state.digit ? "" : encoded(state.strokes));
    address.write("shift", state.shift.some(Boolean) ? state.shift.join(".") : "");
    show();
  }

  function show() {
    const ink = sheet.getContext("2d");
    ink.clearRect(0, 0, sheet.width, sheet.height);
    ink.strokeStyle = ink.fillStyle = getComputedStyle(root).color;
    ink.lineCap = ink.lineJoin = "round";
    const scale = sheet.width / GRID;
    for (const stroke of state.strokes) {
      stroke.forEach((point, i) => {
        const from = stroke[Math.max(0, i - 1)];
        ink.lineWidth = (sheet.width / 14) * thickness(point[2]);
        ink.beginPath();
        ink.moveTo(from[0] * scale, from[1] * scale);
        ink.lineTo(point[0] * scale, point[1] * scale);
        ink.stroke();
      });
    }
    hint.hidden = state.strokes.length > 0;
    enable(undo, before.length > 0);
    enable(clear, state.strokes.length > 0);
    const [x, y] = state.shift;
    where.textContent = x || y ? `moved by ${brief(x)}, ${brief(y)}` : "centred";
    digits.forEach((button) => button.setAttribute("aria-pressed", String(button.textContent === state.digit)));
    const values = pixels(state.strokes, state.shift);
    paint(seen, values);
    names.forEach((button) => (button.disabled = true)); // until this picture has its answer
    ask(values);
  }

  // One picture at a time is on its way to the model; the newest follows when the answer is there.
  let waiting = null;
  let asked = 0;
  let since = 0;
  function ask(values) {
    waiting = values;
    if (asked === 0 || performance.now() - since > 2000 || model.get("answer").asked === asked) send();
  }
  function send() {
    if (!waiting) return;
    asked = Date.now() * 10 + Math.floor(Math.random() * 10);
    since = performance.now();
    model.set("question", { asked, drawing: pen !== null, pixels: btoa(String.fromCharCode(...waiting)) });
    waiting = null;
    model.save_changes();
  }
  function answered() {
    const answer = model.get("answer");
    const shares = answer.probabilities ?? [];
    const first = shares.indexOf(Math.max(...shares));
    const guess = shares.length ? `Best guess: ${classes[first]}` : "No ink yet";
    best.textContent = answer.trouble ?? guess;
    rows.forEach(({ bar, number, row }, i) => {
      bar.style.width = `${100 * (shares[i] ?? 0)}%`;
      number.textContent = shares.length ? `${(100 * shares[i]).toFixed(1)} %` : "";
      row.classList.toggle("tb-first", i === first);
    });
    const known = answer.asked === asked && !waiting && shares.length && state.strokes.length && !state.digit;
    names.forEach((button) => (button.disabled = !known));
    if (answer.asked === asked) send();
  }

  function pointOf(event) {
    const box = sheet.getBoundingClientRect();
    const whole = (part) => Math.round(Math.max(0, Math.min(1, part)) * GRID);
    const pressure = event.pointerType === "pen" && event.pressure > 0 ? Math.min(63, Math.round(event.pressure * 64)) : MOUSE;
    return [whole((event.clientX - box.left) / box.width), whole((event.clientY - box.top) / box.height), pressure];
  }
  sheet.addEventListener("pointerdown", (event) => {
    if (pen !== null || (event.pointerType === "mouse" && event.button !== 0)) return;
    sheet.setPointerCapture(event.pointerId);
    pen = event.pointerId;
    before = [...before.slice(-99), state];
    const strokes = state.digit ? [] : state.strokes; // a ready-made digit makes room for one's own
    state = { strokes: [...strokes, [pointOf(event)]], digit: "", shift: [0, 0] };
    show();
  });
  sheet.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pen) return;
    const stroke = state.strokes.at(-1);
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) {
      const [point, last] = [pointOf(one), stroke.at(-1)];
      if (Math.hypot(point[0] - last[0], point[1] - last[1]) > GRID / 80) stroke.push(point);
    }
    show();
  });
  const lift = (event) => {
    if (event.pointerId !== pen) return;
    pen = null;
    settle();
  };
  sheet.addEventListener("pointerup", lift);
  sheet.addEventListener("pointercancel", lift);
  sheet.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    moved(...way);
  });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", show);
  const unfollow = followed(model, { answer: answered, ...(model.get("keeps") ? { written: list } : {}) });

  const begin = address.read("digit") ?? model.get("start");
  const strokes = decoded(address.read("strokes") ?? "");
  const [x, y] = (address.read("shift") ?? "").split(".").map((part) => Math.trunc(Number(part)) || 0);
  state.shift = [x || 0, y || 0];
  if (strokes.length) state.strokes = strokes;
  else if (ready[begin]) Object.assign(state, { strokes: decoded(ready[begin]), digit: begin });
  answered();
  show();
  if (model.get("writes") && state.digit) write(state.strokes);
  return () => {
    scheme.removeEventListener("change", show);
    unfollow();
  };

  // Writes the first drawing as a hand would, until the reader takes the pen.
  function write(whole) {
    const points = whole.flatMap((stroke, number) => stroke.map((point) => [number, point]));
    const begun = performance.now();
    const step = (now) => {
      if (!state.digit || !sheet.isConnected) return;
      const last = Math.ceil(points.length * Math.min(1, (now - begun) / WRITING));
      state.strokes = whole.map((_, number) => points.slice(0, last).filter(([which]) => which === number).map(([, point]) => point));
      state.strokes = last < points.length ? state.strokes.filter((stroke) => stroke.length) : whole;
      show();
      if (last < points.length) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
}

export default { render };
