// Shared by all pictures. Each picture's own file follows and ends with `export default { render }`.

const SVG = "http://www.w3.org/2000/svg";

// An element with attributes and children: element("button", { type: "button", onclick: go }, "Play").
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  return furnished(made, attributes, children);
}

// The same for SVG: drawn("circle", { cx: 1, cy: 2, r: 3 }).
function drawn(name, attributes = {}, ...children) {
  return furnished(document.createElementNS(SVG, name), attributes, children);
}

function furnished(made, attributes, children) {
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
  };
}

// A number as a person reads it: three digits, or as many as are asked for, and no trailing zeros.
function brief(value, digits = 3) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size !== 0 && (size >= 1e5 || size < 1e-3) ? value.toExponential(digits - 1) : String(Number(value.toPrecision(digits)));
  return text.replaceAll("-", "−").replace("e+", "e");
}

