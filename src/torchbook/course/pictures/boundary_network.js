// The network of a `Boundary` as a diagram: every unit with its own little plane, every weight a line to click.

const WIDE = 460;
const HIGH = 300;
const UNIT = 30;

const subscript = (number) => String(number).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);

function unitName(widths, layer, unit) {
  if (layer === 0) return `input x${subscript(unit + 1)}`;
  if (layer === widths.length - 1) return widths[layer] > 1 ? `output ${unit + 1}` : "output";
  return `layer ${layer}, unit ${unit + 1}`;
}

// `look(unit)` is told which unit is looked at, [layer, unit] or null; `settle(hidden)` that layers are to change.
function networkOf(model, root, { look, settle }) {
  const canvas = element("canvas", { width: 2 * WIDE, height: 2 * HIGH, "aria-hidden": "true" });
  const svg = drawn("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "group", "aria-label": "The network" });
  const above = element("div", { class: "tb-columns" });
  const panel = element("div", { class: "tb-weights" });
  const stage = element("div", { class: "tb-stage" }, canvas, svg);
  const box = element("div", { class: "tb-network" }, above, stage, panel);
  let built = "";
  let pinned = null;
  let units = [];
  let lines = [];

  const widths = () => model.get("frame").widths || [];
  const across = (layer) => 34 + (layer * (WIDE - 68)) / (widths().length - 1);
  const down = (layer, unit) => ((unit + 0.5) * HIGH) / widths()[layer];
  const weight = (layer, unit, source) => {
    const { weights, biases } = model.get("frame");
    return source < 0 ? biases[layer][unit] : weights[layer][unit][source];
  };

  function build() {
    svg.replaceChildren();
    [units, lines] = [[], []];
    widths().forEach((width, layer) => {
      for (let unit = 0; unit < width; unit++) {
        for (let source = 0; layer && source < widths()[layer - 1]; source++) line(layer, unit, source);
      }
    });
    widths().forEach((width, layer) => {
      for (let unit = 0; unit < width; unit++) node(layer, unit);
    });
    if (units.length) units[0].shape.setAttribute("tabindex", 0);
    columns();
    pin(null);
  }

  function line(layer, unit, source) {
    const [x, y] = [across(layer - 1) + UNIT / 2, down(layer - 1, source)];
    const [u, v] = [across(layer) - UNIT / 2, down(layer, unit)];
    const bend = (u - x) * 0.4;
    const d = `M${x},${y} C${x + bend},${y} ${u - bend},${v} ${u},${v}`;
    const seen = drawn("path", { d, class: "tb-weight" });
    const hit = drawn("path", { d, class: "tb-hit", onclick: () => pin([layer, unit], source) });
    lines.push({ layer, unit, source, seen, title: hit.appendChild(drawn("title")) });
    svg.append(seen, hit);
  }

  function node(layer, unit) {
    const [x, y] = [across(layer) - UNIT / 2, down(layer, unit) - UNIT / 2];
    const shape = drawn("rect", {
      x, y, width: UNIT, height: UNIT, rx: 6, class: "tb-unit", role: "button", tabindex: -1,
      onpointerenter: () => look([layer, unit]),
      onpointerleave: () => look(pinned),
      onfocus: () => look([layer, unit]),
      onblur: () => look(pinned),
      onclick: () => pin([layer, unit]),
      onkeydown: keys,
    });
    units.push({ layer, unit, shape });
    svg.append(shape);
    if (layer === 0) {
      svg.append(drawn("text", { x: x - 6, y: y + UNIT / 2 + 4, "text-anchor": "end" }, `x${subscript(unit + 1)}`));
    }
  }

  function keys(event) {
    const at = units.findIndex((one) => one.shape === event.currentTarget);
    const { layer, unit } = units[at];
    const reach = {
      ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0],
    }[event.key];
    if (event.key === "Enter" || event.key === " ") pin([layer, unit], layer ? 0 : undefined);
    else if (event.key === "Escape") pin(null);
    else if (reach) {
      const to = layer + reach[0];
      if (!(to in widths())) return event.preventDefault();
      const next = Math.max(0, Math.min(widths()[to] - 1, unit + reach[1]));
      const other = units.find((one) => one.layer === to && one.unit === next);
      units[at].shape.setAttribute("tabindex", -1);
      other.shape.setAttribute("tabindex", 0);
      other.shape.focus();
    } else return;
    event.preventDefault();
  }

  // The unit whose weights are in the panel, and which of them gets the focus.
  function pin(unit, source) {
    const same = pinned && unit && pinned.join() === unit.join();
    pinned = same && source === undefined ? null : unit;
    look(pinned);
    panel.replaceChildren();
    for (const one of units) {
      one.shape.setAttribute("aria-pressed", Boolean(pinned) && pinned[0] === one.layer && pinned[1] === one.unit);
    }
    if (!pinned || pinned[0] === 0) {
      if (built) panel.append(element("span", { class: "tb-quiet" }, "Point at a unit to see its own line; click a line to type its weight."));
      return;
    }
    const [layer, number] = pinned;
    panel.append(element("span", {}, `Weights of ${unitName(widths(), layer, number)}:`));
    for (let from = 0; from <= widths()[layer - 1]; from++) {
      const index = from === widths()[layer - 1] ? -1 : from;
      const name = index < 0 ? "bias" : layer === 1 ? `x${subscript(from + 1)}` : `unit ${from + 1}`;
      const input = element("input", {
        type: "number", step: 0.1, "data-source": index, value: weight(layer - 1, number, index).toFixed(2),
        onchange: () => {
          if (!Number.isFinite(input.valueAsNumber)) return;
          model.send({ do: "weight", layer: layer - 1, unit: number, source: index, value: input.valueAsNumber });
        },
      });
      panel.append(element("label", {}, name, input));
      if (index === source) setTimeout(() => (input.focus(), input.select()));
    }
  }

  // Above each hidden layer: a unit less, a unit more; and a layer more or less at the right.
  function columns() {
    above.replaceChildren();
    if (model.get("own")) return;
    const hidden = model.get("hidden");
    const press = (sign, label, made) =>
      element("button", { type: "button", "aria-label": label, title: label, disabled: !made, onclick: () => settle(made) }, sign);
    hidden.forEach((width, at) => {
      const sized = (size) => hidden.map((one, index) => (index === at ? size : one));
      const less = press("−", `a unit less in layer ${at + 1}`, width > 1 && sized(width - 1));
      const more = press("+", `a unit more in layer ${at + 1}`, width < 8 && sized(width + 1));
      above.append(element("span", { style: `left: ${(100 * across(at + 1)) / WIDE}%` }, less, more));
    });
  }

  function thumbnails() {
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, canvas.width, canvas.height);
    const colours = palette(root);
    for (const { layer, unit } of units) {
      const small = coloured(unitField(model, layer, unit).values, 30, colours);
      const [x, y] = [across(layer) - UNIT / 2, down(layer, unit) - UNIT / 2];
      context.save();
      context.beginPath();
      context.roundRect(2 * x, 2 * y, 2 * UNIT, 2 * UNIT, 12);
      context.clip();
      context.drawImage(small, 2 * x, 2 * y, 2 * UNIT, 2 * UNIT);
      if (silentUnits(model)[layer - 1]?.[unit]) {
        context.strokeStyle = rgb(colours.ink);
        context.lineWidth = 3;
        context.stroke(new Path2D(`M${2 * x},${2 * y} l60,60 m0,-60 l-60,60`));
      }
      context.restore();
    }
  }

  function paint() {
    const shape = widths().join() + model.get("hidden").join();
    if (shape !== built) {
      built = shape;
      box.hidden = !widths().length;
      build();
    }
    if (!built || box.hidden) return;
    for (const { layer, unit, source, seen, title } of lines) {
      const value = weight(layer - 1, unit, source);
      seen.style.strokeWidth = Math.min(6, 0.4 + 2 * Math.abs(value));
      seen.setAttribute("class", `tb-weight ${value > 0 ? "tb-positive" : "tb-negative"}`);
      title.textContent = `${unitName(widths(), layer - 1, source)} to ${unitName(widths(), layer, unit)}: ${brief(value)}`;
    }
    for (const { layer, unit, shape: one } of units) {
      const bias = layer ? `, bias ${brief(weight(layer - 1, unit, -1))}` : "";
      const silent = silentUnits(model)[layer - 1]?.[unit];
      one.setAttribute("aria-label", unitName(widths(), layer, unit) + bias + (silent ? ", silent for every point" : ""));
    }
    for (const input of panel.querySelectorAll("input")) {
      if (input === document.activeElement) continue;
      input.value = weight(pinned[0] - 1, pinned[1], Number(input.dataset.source)).toFixed(2);
    }
    thumbnails();
  }

  return { box, paint, columns };
}

