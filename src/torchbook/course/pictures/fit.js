// Points that the reader sets, and the curve that a network lays through them, epoch by epoch.

const [MOST, SETTLED] = [40, 300]; // points, and milliseconds without a move until Python trains

function render({ model, el }) {
  const root = framed(model, "fit");
  const [stage, plane, chart] = ["tb-stage", "tb-plane", "tb-chart"].map((name) => element("div", { class: name }));
  const [numbers, where] = [element("output", { class: "tb-bar tb-number tb-numbers" }), element("span", { class: "tb-number tb-where" })];
  const begun = model.get("points");
  const add = element("button", { type: "button", onclick: () => insert((model.get("view")[0] + model.get("view")[1]) / 2, (model.get("view")[2] + model.get("view")[3]) / 2) }, "Add a point");
  const again = element("button", { type: "button", onclick: () => change(begun) }, "First points again");
  let [points, run, frame, timer, draw] = [begun, null, Infinity, null, () => {}];
  const [last, at] = [() => run.steps.length - 1, () => Math.min(frame, last())];
  const bar = stepBar({
    at, last, go: (to) => ((frame = to), draw()), paces: { slow: 200, normal: 60, fast: 20 }, usual: "normal", where,
    words: { play: "▶ Train", pause: "❚❚ Pause", again: "↺ Train again", back: "‹", on: "›" },
    names: { back: "Some epochs back", on: "Some epochs on", step: "The epoch that is shown", pace: "Speed" },
  });
  bar.bar.append(add, again);
  bar.keys(bar.bar);
  stage.append(plane, chart);
  root.append(stage, numbers, bar.bar);
  el.append(root);

  // The curve is an old one until Python has trained with the points as they are now.
  function settle() {
    plane.classList.add("tb-waits");
    clearTimeout(timer);
    timer = setTimeout(() => put(model, { points }), SETTLED);
  }
  function change(to) {
    points = to;
    build();
    settle();
  }
  function placed(x, y) {
    const [left, right, bottom, top] = model.get("view");
    return [Math.max(left, Math.min(right, x)), Math.max(bottom, Math.min(top, y))].map((value) => Number(value.toPrecision(4)));
  }
  function insert(...place) {
    const count = points[0].length;
    const added = [...placed(...place), count % 3 === 2 ? 1 : 0];
    if (count < MOST) change(points.map((values, row) => [...values, added[row]]));
  }
  function remove(i) {
    const left = points.map((values) => values.filter((_, each) => each !== i));
    const held = left[2].filter(Boolean).length;
    if (held && left[2].length - held > 1) change(left);
  }

  function mark(area, i) {
    const [left, right, bottom, top] = model.get("view");
    const held = points[2][i];
    const made = held ? drawn("rect", { class: "tb-held", x: -6, y: -6, width: 12, height: 12 }) : drawn("circle", { class: "tb-learns", r: 7 });
    const lay = () => made.setAttribute("transform", `translate(${area.x(points[0][i])} ${area.y(points[1][i])})`);
    movable(made, area, {
      name: `Point ${i + 1}, ${held ? "kept aside to validate" : "to learn from"}; Delete takes it away`, step: [(right - left) / 50, (top - bottom) / 50],
      at: () => [points[0][i], points[1][i]], said: () => `x ${brief(points[0][i])}, y ${brief(points[1][i])}`, done: settle,
      to: (...place) => {
        points = points.map((values, row) => (row < 2 ? values.with(i, placed(...place)[row]) : values));
        lay();
      },
    });
    made.addEventListener("dblclick", () => remove(i));
    made.addEventListener("keydown", (event) => ["Delete", "Backspace"].includes(event.key) && (event.preventDefault(), remove(i)));
    lay();
    return made;
  }

  function build() {
    if (!stage.clientWidth) return;
    run = unpacked(model.get("run"));
    const [left, right] = model.get("view");
    const [wide, high] = [Math.floor(plane.clientWidth), Math.round(Math.max(230, Math.min(380, plane.clientWidth * 0.75)))];
    const area = axes({ width: wide, height: high, range: model.get("view"), across: "x", up: "y" });
    const pad = drawn("rect", { class: "tb-pad", x: area.edge.left, y: area.edge.top, width: area.w, height: area.h });
    pad.addEventListener("click", (event) => insert(...placeIn(area, event)));
    area.still.append(pad);
    area.above.append(...points[0].map((_, i) => mark(area, i)));
    area.svg.removeAttribute("aria-hidden");
    const losses = lossScene([run], wide, high, "epoch", "loss", true);
    const held = [...run.numbers.validation_loss];
    const best = run.steps[held.indexOf(Math.min(...held))];
    losses.area.still.append(upright(losses.area, best, "tb-best"));
    plane.replaceChildren(area.svg, element("p", { class: "tb-quiet tb-key" }, "● to learn from, ■ kept aside. Click: a new point (every third is kept aside). Drag: move it. Double-click: take it away."));
    chart.replaceChildren(losses.node, element("p", { class: "tb-quiet tb-key" }, element("b", { class: "tb-line-0" }, "━ training loss"), " of ●, ", element("b", { class: "tb-line-1" }, "╍ validation loss"), ` of ■, smallest after epoch ${best} (dotted)`));
    const grid = Array.from({ length: 121 }, (_, i) => left + ((right - left) * i) / 120);
    draw = () => {
      area.moving.replaceChildren(lineThrough(area, grid, run.curves.curve(at()), { class: "tb-curve" }));
      losses.draw(run.steps[at()]);
      numbers.replaceChildren(...run.losses.map((name) => element("span", {}, `${name.replace("_", " ")} `, element("b", {}, brief(run.numbers[name][at()])))));
      where.textContent = `epoch ${run.steps[at()]} of ${run.steps.at(-1)}`;
      bar.show(`${where.textContent}, ${numbers.textContent}`);
    };
    draw();
  }

  const trained = () => {
    bar.halt();
    plane.classList.remove("tb-waits");
    if (frame >= last()) frame = Infinity;
    build();
  };
  return together(bar.end, () => clearTimeout(timer), resized(stage, build), followed(model, { run: trained, view: build }));
}

export default { render };
