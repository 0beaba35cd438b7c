// Shared by all pictures. Each picture's own file follows and ends with `export default { render }`.

const SVG = "http://www.w3.org/2000/svg";

// An element with attributes and children: element("button", { type: "button", onclick: go }, "Play").
function element(name, attributes = {}, ...children) {
  return furnish(document.createElement(name), attributes, children);
}

// The same for SVG: drawn("circle", { cx: 1, cy: 2, r: 3 }).
function drawn(name, attributes = {}, ...children) {
  return furnish(document.createElementNS(SVG, name), attributes, children);
}

// Gives an element attributes and children.
function furnish(made, attributes, children = []) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "style") made.style.cssText = value; // the attribute is refused by a strict page
    else if (key.startsWith("aria-") && typeof value === "boolean") made.setAttribute(key, String(value));
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// A button that can be pressed or, if `on` is false, only reached: what is disabled would lose the focus of the keyboard.
function enable(button, on) {
  button.setAttribute("aria-disabled", String(!on));
}

// Keeps the focus of the keyboard in `root` when the part that has it is drawn anew: the part with the same words gets
// it, or else the one that stands in its place.
function holdFocus(root) {
  const parts = () => [...root.querySelectorAll("button, input, select, [tabindex]")].filter((part) => !part.disabled);
  const words = (part) => part.getAttribute("aria-label") ?? part.textContent;
  const focused = () => root.getRootNode().activeElement; // a notebook may show a picture in a shadow tree
  let last = null;
  root.addEventListener("focusin", ({ target }) => (last = { part: target, words: words(target), place: parts().indexOf(target) }));
  root.addEventListener("focusout", () => setTimeout(() => last?.part.isConnected && focused() !== last.part && (last = null)));
  new MutationObserver(() => {
    if (!last || last.part.isConnected || ![null, document.body].includes(focused())) return;
    const [all, place] = [parts(), last.place];
    const there = all[Math.min(place, all.length - 1)];
    const same = all.filter((part) => part.tagName === last.part.tagName && words(part) === last.words);
    (same.includes(there) ? there : same[0] ?? there)?.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true });
}

// The picture's root: a figure with its text alternative, which follows the model.
function framed(model, name) {
  const root = element("figure", { class: `tb-picture tb-${name}` });
  const spoken = element("figcaption", { class: "tb-spoken", "aria-live": "polite" });
  const say = () => (spoken.textContent = model.get("alternative"));
  model.on("change:alternative", say);
  say();
  root.append(spoken);
  root.addEventListener("click", (event) => event.target.closest("[aria-disabled=true]") && event.stopPropagation(), { capture: true });
  holdFocus(root);
  return root;
}

// Calls each of the `followers`, { trait: function }, when its trait has changed, or a message has come for the key
// "msg:custom". Returns what ends that.
function followed(model, followers) {
  const events = Object.entries(followers).map(([name, follow]) => [name.includes(":") ? name : `change:${name}`, follow]);
  for (const [event, follow] of events) model.on(event, follow);
  return () => events.forEach(([event, follow]) => model.off(event, follow));
}

// The same function for several traits.
const all = (names, follow) => Object.fromEntries(names.map((name) => [name, follow]));

// Calls `build(width)` when `box` has another width, in whole pixels. Returns what ends that.
function resized(box, build) {
  let width = 0;
  const watcher = new ResizeObserver(() => {
    const now = Math.floor(box.clientWidth);
    if (now && now !== width) build((width = now));
  });
  watcher.observe(box);
  return () => watcher.disconnect();
}

// One end of several.
const together = (...ends) => () => ends.forEach((end) => end());

// Sets `traits`, { name: value }, and tells Python; with an `address` they are written there too.
function put(model, traits, address = null) {
  for (const [name, value] of Object.entries(traits)) model.set(name, value);
  model.save_changes();
  for (const name of Object.keys(traits)) address?.write(name, String(model.get(name)));
}

// State in the address: `?place.key=value`. Reads what is there now, and writes what is given without a new entry in
// the history. Values are text; an empty one takes the key away.
function inAddress(model) {
  const name = (key) => `${model.get("place")}.${key}`;
  return {
    read(key) {
      return model.get("place") ? new URLSearchParams(location.search).get(name(key)) : null;
    },
    write(key, value) {
      if (!model.get("place")) return;
      const address = new URL(location.href);
      if (value === "" || value === null || value === undefined) address.searchParams.delete(name(key));
      else address.searchParams.set(name(key), value);
      history.replaceState(history.state, "", address);
    },
    // Sets traits to what the address says of them: `readers` are { trait: function }, which make a value of a text, or
    // undefined of one that is none.
    load(readers) {
      for (const [key, valueOf] of Object.entries(readers)) {
        const value = this.read(key) ? valueOf(this.read(key)) : undefined;
        if (value !== undefined) model.set(key, value);
      }
      model.save_changes();
    },
  };
}

// The number in a text, undefined if there is none.
const numberIn = (text) => (Number.isFinite(Number(text)) ? Number(text) : undefined);

// A slider for the number that `get()` returns and `set(value)` changes, and its value in words. Where the slider's
// positions are no values, `to(position)` and `from(value)` convert between them.
function slider(name, { min, max, step = 1, get, set, words = brief, to = (position) => position, from = (value) => value }) {
  const input = element("input", { type: "range", min, max, step, "aria-label": name, oninput: () => set(to(Number(input.value))) });
  const output = element("output", { class: "tb-number" });
  const show = () => {
    input.value = from(get());
    output.textContent = words(get());
    input.setAttribute("aria-valuetext", output.textContent);
  };
  return { input, output, show };
}

// Buttons, one for each of the values, of which the chosen one is pressed.
function choiceButtons(values, chosen, choose, face = (value) => value) {
  return values.map((value) => element("button", { type: "button", "aria-pressed": value === chosen, onclick: () => choose(value) }, face(value)));
}

// Fills a canvas with `width` x `height` pixels; `colourOf(i)` is [red, green, blue, opacity] of the `i`-th, row by row.
function drawPixels(canvas, width, height, colourOf) {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) image.data.set(colourOf(i), 4 * i);
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// The pen of a canvas of a size in CSS pixels that is drawn anew, as sharp as the screen is.
function penOf(canvas, width, height) {
  const sharp = window.devicePixelRatio || 1;
  [canvas.width, canvas.height] = [Math.round(width * sharp), Math.round(height * sharp)];
  const pen = canvas.getContext("2d");
  pen.scale(sharp, sharp);
  return pen;
}

// Where an arrow key points, [across, up]; undefined for any other key.
const wayOf = ({ key }) => ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] })[key];

// The pixel [column, row] of a canvas where a pointer is; it may lie outside of it. The pixels are as large as the box of
// the canvas allows, and stand in its middle.
function pixelAt(canvas, { clientX, clientY }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const scale = Math.min(width / canvas.width, height / canvas.height);
  const [middle, center] = [left + width / 2, top + height / 2];
  return [(clientX - middle) / scale + canvas.width / 2, (clientY - center) / scale + canvas.height / 2].map(Math.floor);
}

// A number as a person reads it: three digits, or as many as are asked for, and no trailing zeros.
function brief(value, digits = 3) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size !== 0 && (size >= 1e5 || size < 1e-3) ? value.toExponential(digits - 1) : String(Number(value.toPrecision(digits)));
  return text.replaceAll("-", "−").replace("e+", "e");
}

// The part of a `range` where w1 x + w2 y + b is at least 0, as the corners of its `side`, and the two `ends` of the line where
// it is 0, [xs, ys] each.
function halfPlane([w1, w2, b], [left, right, bottom, top]) {
  const corners = [[left, bottom], [right, bottom], [right, top], [left, top]];
  const sumAt = ([x, y]) => w1 * x + w2 * y + b;
  const ends = [[], []];
  const side = [[], []];
  const add = (list, place) => place.forEach((value, axis) => list[axis].push(value));
  corners.forEach((corner, i) => {
    const next = corners[(i + 1) % 4];
    const [here, there] = [sumAt(corner), sumAt(next)];
    if (here >= 0) add(side, corner);
    if (here >= 0 === there >= 0) return;
    const cut = corner.map((value, axis) => value + (here / (here - there)) * (next[axis] - value));
    for (const list of [ends, side]) add(list, cut);
  });
  return { side, ends };
}
