// Two classes of points, and a line that moves towards each point that it gets wrong.

const LONGEST = 300; // as in perceptron.py

function render({ model, el }) {
  const root = framed(model, "perceptron");
  const address = inAddress(model);
  const choices = element("div", { class: "tb-bar" });
  const [plane, chart] = [element("div"), element("div")];
  const [verdict, sum, where] = [element("p", { class: "tb-tells" }), element("p", { class: "tb-sum tb-number" }), element("span", { class: "tb-number tb-where" })];
  let [walk, width] = [null, 0];
  const at = () => Math.min(model.get("step"), walk.rows.length);
  const move = (clicks, step) => put(model, { clicks, step });
  const bar = stepBar({ at, last: () => walk.rows.length, go: (step) => move(model.get("clicks"), step), paces: { slow: 1200, normal: 500, fast: 120 }, unit: "correction", where });
  bar.bar.append(element("button", { type: "button", onclick: () => move([], 0) }, "Begin again"));
  root.append(choices, element("div", { class: "tb-stage" }, plane, element("div", {}, verdict, sum, chart)), bar.bar);
  el.append(root);

  const isWrong = ([w1, w2, b], [x, y, label]) => Number(w1 * x + w2 * y + b >= -1e-9) !== label;
  const wrongOf = (points, state) => points.flatMap((point, i) => (isWrong(state, point) ? [i] : []));
  const bracket = (...values) => `(${values.map((value) => brief(value)).join(", ")})`;

  // The reader's clicks, and then the rule: to its end, or twice more through its cycle.
  function walked() {
    const [xs, ys, labels] = model.get("sets")[model.get("chosen")];
    const points = xs.map((x, i) => [x, ys[i], labels[i]]);
    const clicks = model.get("clicks");
    const [rows, states, keys] = [[], [model.get("start")], []];
    let [cycle, end, wrong] = [null, LONGEST, []];
    while ((wrong = wrongOf(points, states.at(-1))).length && rows.length < end) {
      const [state, following] = [states.at(-1), (rows.at(-1) ?? -1) + 1];
      const clicked = wrong.find((i) => i === clicks[rows.length]);
      const row = clicked ?? wrong.find((i) => i >= following) ?? wrong[0];
      const key = [following % points.length, ...state.map((value) => Math.round(value * 1e6))].join();
      const first = keys.indexOf(key, clicks.length); // clicks do not come back
      if (!cycle && first >= 0) [cycle, end] = [[first, rows.length - first], 3 * rows.length - 2 * first];
      keys.push(key);
      const [x, y, label] = points[row];
      rows.push(row);
      states.push(state.map((value, i) => value + model.get("rate") * (2 * label - 1) * [x, y, 1][i]));
    }
    return { points, rows, states, cycle, solved: !wrong.length };
  }

  function show() {
    const [step, { points, rows, states, cycle, solved }] = [at(), walk];
    const [state, before] = [states[step], states[step - 1]];
    const wrong = wrongOf(points, state);
    const area = axes({ width, height: Math.min(380, Math.round(width * 0.8)), range: model.get("view"), across: "x₁", up: "x₂" });
    const { side, ends } = halfPlane(state, model.get("view"));
    area.still.append(
      band(area, ...model.get("view").slice(0, 2), "tb-zero"), lineThrough(area, ...side, { class: "tb-one" }),
      ...(before ? [lineThrough(area, ...halfPlane(before, model.get("view")).ends, { class: "tb-before" })] : []),
      lineThrough(area, ...ends, { class: "tb-boundary" }),
    );
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
    sum.replaceChildren(...sums(state, before, points[rows[step - 1]]));
    const back = cycle && step >= cycle[0] + cycle[1];
    if (!wrong.length) verdict.textContent = `All ${points.length} points are right${step ? `, after ${step} ${step > 1 ? "corrections" : "correction"}` : ""}.`;
    else if (back) verdict.textContent = `Back where it was after correction ${cycle[0] + ((step - cycle[0]) % cycle[1])}. So it goes round for ever, in cycles of ${cycle[1]} corrections.`;
    else verdict.textContent = `${wrong.length} of ${points.length} points ${wrong.length > 1 ? "are" : "is"} wrong. Click a point with a ring.`;
    where.textContent = `correction ${step}${solved || cycle ? "" : " …"}`;
    drawChart(step);
    bar.show(`correction ${step}, ${wrong.length} wrong`);
  }

  // The weights and the bias, and the sums that they come from.
  function sums([w1, w2, b], before, point) {
    const [now, bias] = [element("b", {}, bracket(w1, w2)), element("b", {}, brief(b))];
    if (!before) return ["w = ", now, element("br"), "b = ", bias];
    const times = `${point[2] ? "+" : "−"} ${brief(model.get("rate"))}`;
    return [`w = ${bracket(before[0], before[1])} ${times} · ${bracket(point[0], point[1])} = `, now, element("br"), `b = ${brief(before[2])} ${times} = `, bias];
  }

  // The three numbers over the corrections, with the cycle shaded.
  function drawChart(step) {
    const { states, cycle } = walk;
    if (states.length < 2) return chart.replaceChildren();
    const room = 0.3 * model.get("rate");
    const range = [0, states.length - 1, Math.min(...states.flat()) - room, Math.max(...states.flat()) + room];
    const area = axes({ width: Math.max(220, chart.clientWidth), height: 190, range, across: "correction", up: "w₁ (line), w₂ (dashes), b (dots)" });
    for (let from = cycle?.[0], turn = 0; from + cycle?.[1] < states.length; from += cycle[1], turn++)
      area.still.append(band(area, from, from + cycle[1], `tb-turn tb-turn-${turn % 2}`));
    for (const axis of [0, 1, 2]) area.moving.append(lineThrough(area, [...states.keys()], states.map((state) => state[axis]), { class: `tb-trace tb-trace-${axis}` }));
    area.above.append(upright(area, step, "tb-cursor"));
    chart.replaceChildren(area.svg);
  }

  function build() {
    if (!width) return;
    const names = Object.keys(model.get("sets"));
    const choose = (chosen) => (put(model, { chosen }, address), move([], 0));
    choices.replaceChildren(...(names.length > 1 ? choiceButtons(names, model.get("chosen"), choose) : []));
    walk = walked();
    show();
  }

  address.load({ chosen: (name) => (model.get("sets")[name] ? name : undefined) });
  bar.keys(bar.bar);
  return together(bar.end, resized(plane, (wide) => ((width = wide), build())), followed(model, all(["sets", "chosen", "start", "rate", "clicks", "step", "view"], build)));
}

export default { render };
