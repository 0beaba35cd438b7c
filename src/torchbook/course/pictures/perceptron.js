// Two classes of points, and a line that moves towards each point that it gets wrong.

const LONGEST = 300; // as in perceptron.py

function render({ model, el }) {
  const root = framed(model, "perceptron");
  const address = inAddress(model);
  const choices = element("div", { class: "tb-bar" });
  const stage = element("div", { class: "tb-stage" });
  const [plane, chart] = [element("div", {}), element("div", {})];
  const [verdict, sum, where] = [element("p", { class: "tb-tells" }), element("p", { class: "tb-sum tb-number" }), element("span", { class: "tb-number tb-where" })];
  const again = element("button", { type: "button", onclick: () => move([], 0) }, "Begin again");
  let [walk, width] = [null, 0];
  const at = () => Math.min(model.get("step"), walk.rows.length);
  const bar = stepBar({
    at, last: () => walk.rows.length, go: (step) => move(model.get("clicks"), step), paces: { slow: 1200, normal: 500, fast: 120 }, usual: "normal", where,
    words: { play: "▶ Play", pause: "❚❚ Pause", again: "↺ Again", back: "‹", on: "›" },
    names: { back: "One correction back", on: "One correction on", step: "The correction that is shown", pace: "Speed" },
  });
  stage.append(plane, element("div", {}, verdict, sum, chart));
  bar.bar.append(again);
  root.append(choices, stage, bar.bar);
  el.append(root);

  function move(clicks, step) {
    model.set("clicks", clicks);
    model.set("step", step);
    model.save_changes();
  }
  const height = ([w1, w2, b], x, y) => w1 * x + w2 * y + b;
  const isWrong = (state, [x, y, label]) => Number(height(state, x, y) >= -1e-9) !== label;
  const wrongOf = (points, state) => points.flatMap((point, i) => (isWrong(state, point) ? [i] : []));
  const bracket = (...values) => `(${values.map((value) => brief(value)).join(", ")})`;

  // The reader's clicks, and then the rule: to its end, or twice more through its cycle.
  function walked() {
    const [xs, ys, labels] = model.get("sets")[model.get("chosen")];
    const points = xs.map((x, i) => [x, ys[i], labels[i]]);
    const [rows, states, seen] = [[], [model.get("start")], new Map()];
    let [cycle, end] = [null, LONGEST];
    for (;;) {
      const [state, done, following] = [states.at(-1), rows.length, (rows.at(-1) ?? -1) + 1];
      const wrong = wrongOf(points, state);
      if (!wrong.length || done >= end) return { points, rows, states, cycle, solved: !wrong.length };
      let row = model.get("clicks")[done];
      if (!wrong.includes(row)) {
        row = wrong.find((i) => i >= following) ?? wrong[0];
        const key = [...state.map((value) => Math.round(value * 1e6)), following % points.length].join();
        if (!cycle && seen.has(key)) {
          cycle = [seen.get(key), done - seen.get(key)];
          end = done + 2 * cycle[1];
        }
        seen.set(key, done);
      }
      const [x, y, label] = points[row];
      rows.push(row);
      states.push(state.map((value, i) => value + model.get("rate") * (2 * label - 1) * [x, y, 1][i]));
    }
  }

  // The corners of the side where the sum is at least 0, and the two ends of the line.
  function side(state) {
    const [left, right, bottom, top] = model.get("view");
    const corners = [[left, bottom], [right, bottom], [right, top], [left, top]];
    const [inside, ends] = [[], []];
    corners.forEach(([x, y], i) => {
      const [further, higher] = corners[(i + 1) % 4];
      const [here, there] = [height(state, x, y), height(state, further, higher)];
      if (here >= 0) inside.push([x, y]);
      if (here >= 0 === there >= 0) return;
      const part = here / (here - there);
      ends.push([x + part * (further - x), y + part * (higher - y)]);
      inside.push(ends.at(-1));
    });
    return { inside, ends };
  }

  function show() {
    const [step, { points, rows, states, cycle, solved }] = [at(), walk];
    const [state, before] = [states[step], states[step - 1]];
    const wrong = wrongOf(points, state);
    const area = axes({ width, height: Math.min(380, Math.round(width * 0.8)), range: model.get("view"), across: "x₁", up: "x₂" });
    const path = (list) => list.map(([x, y], i) => `${i ? "L" : "M"}${area.x(x).toFixed(1)} ${area.y(y).toFixed(1)}`).join("");
    area.still.append(drawn("rect", { class: "tb-zero", x: area.edge.left, y: area.edge.top, width: area.w, height: area.h }), drawn("path", { class: "tb-one", d: path(side(state).inside) }));
    if (before) area.still.append(drawn("path", { class: "tb-before", d: path(side(before).ends) }));
    area.still.append(drawn("path", { class: "tb-boundary", d: path(side(state).ends) }));
    points.forEach(([x, y, label], i) => {
      const [cx, cy, open] = [area.x(x), area.y(y), wrong.includes(i)];
      const press = () => move([...rows.slice(0, step), i], step + 1);
      const act = { tabindex: -1, role: "button", "aria-label": `Wrong: ${bracket(x, y)}, class ${label}`, onclick: press, onkeydown: (event) => ["Enter", " "].includes(event.key) && (event.preventDefault(), event.stopPropagation(), press()) };
      const mark = label ? drawn("circle", { cx, cy, r: 7 }) : drawn("rect", { x: cx - 6, y: cy - 6, width: 12, height: 12 });
      const ring = open ? [drawn("circle", { class: "tb-ring", cx, cy, r: 13 })] : [];
      if (step && rows[step - 1] === i) ring.push(drawn("circle", { class: "tb-last", cx, cy, r: 17 }));
      area.above.append(drawn("g", { class: `tb-${label ? "yes" : "no"}${open ? " tb-wrong" : ""}`, ...(open ? act : {}) }, ...ring, mark));
    });
    area.svg.removeAttribute("aria-hidden");
    plane.replaceChildren(area.svg);
    roving(area.svg, ".tb-wrong", 1);
    const [x, y, label] = points[rows[step - 1] ?? 0];
    const sign = label ? "+" : "−";
    sum.replaceChildren(...(before ? [`w = ${bracket(...before.slice(0, 2))} ${sign} ${brief(model.get("rate"))} · ${bracket(x, y)} = `, element("b", {}, bracket(...state.slice(0, 2))), element("br"), `b = ${brief(before[2])} ${sign} ${brief(model.get("rate"))} = `, element("b", {}, brief(state[2]))] : [`w = `, element("b", {}, bracket(...state.slice(0, 2))), element("br"), "b = ", element("b", {}, brief(state[2]))]));
    const back = cycle && step >= cycle[0] + cycle[1];
    if (!wrong.length) verdict.textContent = `All ${points.length} points are right${step ? `, after ${step} ${step > 1 ? "corrections" : "correction"}` : ""}.`;
    else if (back) verdict.textContent = `Back where it was after correction ${cycle[0] + ((step - cycle[0]) % cycle[1])}. So it goes round for ever, in cycles of ${cycle[1]} corrections.`;
    else verdict.textContent = `${wrong.length} of ${points.length} points ${wrong.length > 1 ? "are" : "is"} wrong. Click a point with a ring.`;
    where.textContent = `correction ${step}${solved || cycle ? "" : " …"}`;
    drawChart(step);
    bar.show(`correction ${step}, ${wrong.length} wrong`);
  }

  // The three numbers over the corrections, with the cycle shaded.
  function drawChart(step) {
    const { states, cycle } = walk;
    if (states.length < 2) return chart.replaceChildren();
    const [low, high] = [Math.min(...states.flat()), Math.max(...states.flat())];
    const area = axes({ width: Math.max(220, chart.clientWidth), height: 190, range: [0, Math.max(1, states.length - 1), low - 0.3 * model.get("rate"), high + 0.3 * model.get("rate")], across: "correction", up: "w₁ (line), w₂ (dashes), b (dots)" });
    for (let from = cycle ? cycle[0] : Infinity, odd = 0; from + cycle?.[1] < states.length; from += cycle[1], odd ^= 1)
      area.still.append(drawn("rect", { class: `tb-turn tb-turn-${odd}`, x: area.x(from), width: area.x(from + cycle[1]) - area.x(from), y: area.edge.top, height: area.h }));
    for (const axis of [0, 1, 2]) area.moving.append(lineThrough(area, states.map((_, i) => i), states.map((state) => state[axis]), { class: `tb-trace tb-trace-${axis}` }));
    area.above.append(drawn("line", { class: "tb-cursor", x1: area.x(step), x2: area.x(step), y1: area.edge.top, y2: area.edge.top + area.h }));
    chart.replaceChildren(area.svg);
  }

  function build() {
    width = Math.floor(plane.clientWidth);
    if (!width) return;
    const names = Object.keys(model.get("sets"));
    const press = (name) => () => (model.set("chosen", name), address.write("chosen", name), move([], 0));
    choices.replaceChildren(...(names.length > 1 ? names : []).map((name) => element("button", { type: "button", "aria-pressed": name === model.get("chosen"), onclick: press(name) }, name)));
    walk = walked();
    show();
  }

  if (model.get("sets")[address.read("chosen")]) model.set("chosen", address.read("chosen"));
  model.save_changes();
  const watcher = new ResizeObserver(build);
  watcher.observe(stage);
  bar.keys(bar.bar);
  const unfollow = followed(model, all(["sets", "chosen", "start", "rate", "clicks", "step", "view"], build));
  return () => {
    bar.end();
    watcher.disconnect();
    unfollow();
  };
}

export default { render };
