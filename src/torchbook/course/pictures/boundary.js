// The controls of a `Boundary`, and how its parts follow the model.

const NAMES = { figure: "set", hidden: "layers", activation: "activation", learning_rate: "rate", seed: "seed", start: "start" };
const CHOICES = {
  figure: { circles: "circles", moons: "moons", blobs: "blobs", xor: "opposite corners", own: "my own points" },
  activation: { relu: "ReLU", tanh: "tanh", sigmoid: "sigmoid", none: "none" },
  learning_rate: Object.fromEntries([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3].map((rate) => [rate, String(rate)])),
  start: { random: "random", zeros: "all zero", equal: "all equal" },
  pace: { 1: "slow", 2: "normal", 10: "fast" },
};
const LABELS = { figure: "Points", activation: "Activation", learning_rate: "Learning rate", start: "First weights", pace: "Speed" };
const BREAKS = { rate: "learning rate too high", zeros: "all weights zero", equal: "all weights equal", linear: "no activation" };

// Traits as text of an address, and back; what makes no sense is undefined.
const WRITTEN = {
  hidden: (value) => value.join("-") || "0",
  points: (value) => value.map(([x, y, label]) => coordinate(x) + coordinate(y) + label).join(""),
};
const READ = {
  hidden: (text) => {
    const widths = text === "0" ? [] : text.split("-").map(Number);
    return widths.length <= 3 && widths.every((width) => width >= 1 && width <= 8 && width % 1 === 0) ? widths : undefined;
  },
  learning_rate: (text) => (Number(text) > 0 && Number(text) <= 100 ? Number(text) : undefined),
  seed: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined),
  points: (text) => (/^([0-9a-z]{4}[01])*$/.test(text) ? (text.match(/.{5}/g) || []).map(pointOf) : undefined),
};
const coordinate = (value) => Math.round(((value + REACH) / (2 * REACH)) * 1295).toString(36).padStart(2, "0");
const pointOf = (text) =>
  [0, 2].map((at) => Math.round(((parseInt(text.slice(at, at + 2), 36) / 1295) * 2 - 1) * REACH * 100) / 100)
    .concat(Number(text[4]));

function fromAddress(model, address) {
  const found = {};
  for (const [trait, key] of [...Object.entries(NAMES), ["points", "points"]]) {
    const text = address.read(key);
    if (text === null) continue;
    const value = READ[trait] ? READ[trait](text) : text in CHOICES[trait] ? text : undefined;
    if (value !== undefined) found[trait] = value;
  }
  if (found.figure !== "own") delete found.points;
  for (const [trait, value] of Object.entries(found)) model.set(trait, value);
  if (Object.keys(found).length) model.save_changes();
}

function toAddress(model, address) {
  for (const [trait, key] of Object.entries(NAMES)) {
    const [value, usual] = [model.get(trait), model.get("defaults")[trait]];
    const text = WRITTEN[trait] ? WRITTEN[trait](value) : String(value);
    address.write(key, String(usual) === String(value) ? "" : text);
  }
  const points = model.get("points");
  address.write("points", model.get("figure") === "own" && points.length <= 200 ? WRITTEN.points(points) : "");
}

// Loss against step: this training, and the one before or a healthy one, to compare with.
function curveOf(model) {
  const svg = drawn("svg", { viewBox: "0 0 460 98", class: "tb-curve", "aria-hidden": "true" });
  const text = (x, y, words, kind, anchor = "start") => drawn("text", { x, y, class: kind, "text-anchor": anchor }, words);
  function paint() {
    const { name, curve: other = [] } = model.get("before");
    const curve = model.get("frame").curve;
    const all = [...curve, ...other];
    const wide = Math.max(50, ...all.map(([step]) => step));
    const high = Math.min(3, Math.max(0.75, ...all.map(([, loss]) => loss)));
    const place = ([step, loss]) => `${44 + (step / wide) * 406},${76 - (Math.min(loss, high) / high) * 68}`;
    const path = (points, kind) => drawn("polyline", { points: points.map(place).join(" "), class: kind });
    svg.replaceChildren(
      drawn("path", { d: "M44,6 V76 H452", class: "tb-axis" }),
      text(38, 80, "0", "tb-quiet", "end"), text(38, 14, brief(high), "tb-quiet", "end"), 
      text(452, 92, `${wide} steps`, "tb-quiet", "end"),
      path(other, "tb-other"), path(curve, "tb-own"),
    );
    const legend = other.length > 1 ? `loss; dashed: ${name}` : "loss";
    svg.append(text(452, 14, legend, "tb-quiet", "end"));
  }
  return { svg, paint };
}

function render({ model, el }) {
  const root = framed(model, "boundary");
  el.append(root);
  const address = inAddress(model);
  const own = model.get("own");
  let unit = null;
  let brush = 0;
  let due = false;

  const save = (traits) => {
    for (const [trait, value] of Object.entries(traits)) model.set(trait, value);
    model.save_changes();
  };
  const look = (which) => {
    unit = which;
    later();
  };
  const plane = planeOf(model, root, {
    brush: () => brush, looked: () => unit,
    change: (points) => save({ figure: "own", points }),
  });
  const network = networkOf(model, root, { look, settle: (hidden) => save({ hidden }) });
  const curve = curveOf(model);

  const play = element("button", { type: "button", class: "tb-main", onclick: () => save({ playing: !model.get("playing") }) });
  const step = element("button", { type: "button", onclick: () => model.send({ do: "step" }) }, "One step");
  const reset = element("button", { type: "button", onclick: () => model.send({ do: "reset" }) }, "Reset weights");
  const numbers = element("output", { class: "tb-number" });
  const seen = element("p", { class: "tb-quiet tb-seen" });
  const message = element("p", { class: "tb-message", role: "status" });

  const selects = {};
  const select = (trait) => {
    const made = element("select", { onchange: () => chosen(trait, made.value) });
    // The keys of an object that are whole numbers come first, whatever their order.
    const choices = Object.entries(CHOICES[trait]);
    if (typeof model.get(trait) === "number") choices.sort(([one], [other]) => one - other);
    for (const [value, name] of choices) made.append(element("option", { value }, name));
    selects[trait] = made;
    return element("label", {}, LABELS[trait], made);
  };
  function chosen(trait, text) {
    const value = typeof model.get(trait) === "number" ? Number(text) : text;
    save(trait === "figure" && value === "own" ? { figure: "own", points: [] } : { [trait]: value });
  }

  const brushes = element("div", { class: "tb-brushes", role: "radiogroup", "aria-label": "What a click in the plane draws" });
  for (const [value, sign, name] of [[0, "●", "blue"], [1, "▲", "orange"], ["erase", "⌫", "erase"]]) {
    const button = element("button", {
      type: "button", role: "radio", "aria-checked": value === brush, class: `tb-brush-${value}`,
      onclick: () => {
        brush = value;
        for (const one of brushes.children) one.setAttribute("aria-checked", one === button);
      },
    }, element("span", { "aria-hidden": "true" }, sign), ` ${name}`);
    brushes.append(button);
  }

  const layers = element("div", { class: "tb-bar" });
  const more = element("button", { type: "button", onclick: () => save({ hidden: [...model.get("hidden"), 4] }) }, "Add a layer");
  const less = element("button", { type: "button", onclick: () => save({ hidden: model.get("hidden").slice(0, -1) }) }, "Remove a layer");
  if (!own) layers.append(more, less);

  const seed = element("input", { type: "number", min: 0, step: 1, onchange: () => seed.valueAsNumber >= 0 && save({ seed: Math.floor(seed.valueAsNumber) }) });
  const settings = element("div", { class: "tb-bar" }, select("learning_rate"));
  if (!own) settings.append(select("activation"), select("start"), element("label", {}, "Seed", seed));
  const breaks = element("div", { class: "tb-bar" }, element("span", {}, "Break it:"));
  for (const [how, name] of Object.entries(BREAKS)) {
    breaks.append(element("button", { type: "button", onclick: () => model.send({ do: "break", how }) }, name));
  }
  breaks.append(element("button", { type: "button", onclick: mend }, "as it was"));
  function mend() {
    const { figure, ...rest } = model.get("defaults");
    save(rest);
  }

  const bends = model.get("defaults").bends && element("input", { type: "checkbox", onchange: () => save({ bends: bends.checked }) });

  const listing = element("code", {});
  const copy = element("button", { type: "button", onclick: copied }, "Copy");
  async function copied() {
    await navigator.clipboard.writeText(model.get("code"));
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  }

  root.append(
    element("div", { class: "tb-bar" }, play, step, reset, select("pace"), numbers),
    element("div", { class: "tb-sides" },
      element("div", {}, plane.canvas, seen, element("div", { class: "tb-bar tb-drawing" }, select("figure"), element("span", {}, "Draw"), brushes, bends ? element("label", {}, bends, "Bends") : "")),
      element("div", {}, layers, network.box, curve.svg)),
    message,
    element("details", {}, element("summary", {}, own ? "Learning rate" : "Settings, and ways to break it"), settings, own ? "" : breaks),
    element("details", {}, element("summary", {}, "As PyTorch code"), element("div", { class: "tb-code" }, copy, element("pre", { tabindex: 0, "aria-label": "The code" }, listing))),
  );

  function paint() {
    due = false;
    const { steps, loss, accuracy } = model.get("frame");
    const playing = model.get("playing");
    play.textContent = playing ? "Pause" : "Train";
    play.setAttribute("aria-label", playing ? "Pause" : "Train");
    enable(step, !playing);
    const [written, share] = loss === null ? ["–", "–"] : [loss.toFixed(3), accuracy.toFixed(2)];
    numbers.replaceChildren(...[["step", steps], ["loss", written], ["accuracy", share]].map(([name, value]) =>
      element("span", {}, element("span", { class: "tb-quiet" }, `${name} `), element("b", {}, value), " ")));
    for (const [trait, one] of Object.entries(selects)) {
      const value = String(model.get(trait));
      if (![...one.options].some((option) => option.value === value)) one.append(element("option", { value }, value));
      if (one.value !== value) one.value = value;
    }
    if (document.activeElement !== seed) seed.value = model.get("seed");
    enable(more, model.get("hidden").length < 3);
    enable(less, model.get("hidden").length > 0);
    if (bends) bends.checked = model.get("bends");
    message.textContent = model.get("message");
    listing.textContent = model.get("code");
    const name = unit && unitName(model.get("frame").widths, ...unit);
    const silent = silentUnits(model).flat().filter(Boolean).length;
    const farther = model.get("frame").widths?.length > 3 ? ", dotted: one of a later layer" : "";
    const crossed = silent ? ` Crossed out: silent for every point (${silent}).` : "";
    const switches = model.get("bends") ? ` Dashed: where a unit switches${farther}.${crossed}` : "";
    seen.textContent = unit ? `What ${name} alone makes of the plane; dashed: where its sum is zero.` : `Colour: what the network says. Line: its boundary.${switches}`;
    plane.paint();
    network.paint();
    curve.paint();
  }
  function later() {
    if (due) return;
    due = true;
    requestAnimationFrame(paint);
  }

  const changes = ["frame", "points", "playing", "code", "message", "before", "bends", ...Object.keys(selects), "hidden", "seed"];
  const settled = () => toAddress(model, address);
  const unfollow = [followed(model, all(changes, later)), followed(model, all([...Object.keys(NAMES), "points"], settled))];
  // Who does not look does not train: a hidden page pauses, and a page that is gone sends no more signs of life.
  const beat = setInterval(() => model.get("playing") && model.send({ do: "beat" }), 2000);
  const hide = () => document.hidden && model.get("playing") && save({ playing: false });
  const sized = new ResizeObserver(later);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  sized.observe(plane.canvas);
  dark.addEventListener("change", later);
  document.addEventListener("visibilitychange", hide);
  fromAddress(model, address);
  later();
  return () => {
    clearInterval(beat);
    sized.disconnect();
    dark.removeEventListener("change", later);
    document.removeEventListener("visibilitychange", hide);
    unfollow.forEach((end) => end());
    if (model.get("playing")) save({ playing: false });
  };
}

export default { render };
