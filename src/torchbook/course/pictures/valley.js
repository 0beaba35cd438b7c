// The paths of several optimizers over one loss, and a map of two knobs: how many steps each pair takes.

const MARKS = "●■▲◆";

function render({ model, el }) {
  const root = framed(model, "valley");
  const address = inAddress(model);
  const stage = element("div", { class: "tb-stage" });
  const legend = element("ul", { class: "tb-legend tb-number" });
  const knobs = element("div", { class: "tb-knobs" });
  const counter = element("output", { class: "tb-number tb-counter" });
  let [runs, width, position, draw] = [[], 0, 0, () => {}];
  const chart = () => model.get("chart");
  const last = () => Math.max(...runs.map((run) => run.steps.at(-1)));
  const bar = stepBar({ at: () => position, last, go, settled: () => put(model, { step: position }), paces: { slow: 250, normal: 60, fast: 15 }, where: counter });
  bar.keys(root);
  root.append(knobs, stage, legend, bar.bar);
  el.replaceChildren(root);

  function go(step) {
    position = step;
    draw();
  }
  const values = { column: chart().rates, row: chart().momenta };
  const knob = (name, key) => slider(name, { min: 0, max: values[key].length - 1, get: () => model.get(key), set: (at) => choose({ [key]: at }), words: (at) => brief(values[key][at]) });
  const sliders = values.row ? { "step size": knob("step size", "column"), momentum: knob("momentum", "row") } : {};
  knobs.append(...Object.entries(sliders).flatMap(([name, { input, output }]) => [element("label", {}, name, input), output]));

  function choose(pair) {
    bar.halt();
    const inside = Object.entries(pair).map(([key, at]) => [key, Math.max(0, Math.min(at, values[key].length - 1))]);
    put(model, Object.fromEntries(inside), address);
    moved();
  }

  // A grid of pairs: the darker, the fewer steps; crosses where the pair diverges.
  function mapScene(wide, high) {
    const { rates, momenta, steps, shares, view } = chart();
    const [dx, dy] = [rates[1] - rates[0], momenta[1] - momenta[0]];
    const area = axes({ width: wide, height: high, range: view, across: "step size", up: "momentum" });
    const most = Math.max(...steps.flat());
    const paths = Array.from({ length: shares.length + 1 }, () => "");
    const [w, h] = [area.x(dx) - area.x(0) + 0.5, area.y(0) - area.y(dy) + 0.5];
    steps.forEach((line, j) =>
      line.forEach((count, i) => {
        const [x, y] = [area.x(rates[i]), area.y(momenta[j])];
        if (count === -1) paths[shares.length] += `M${x - 2.5} ${y - 2.5}l5 5m0 -5l-5 5`;
        else if (count >= 0) paths[shares.findIndex((share) => count <= share * most)] += `M${x - w / 2} ${y - h / 2}h${w}v${h}h${-w}z`;
      }),
    );
    area.still.append(...paths.map((d, i) => drawn("path", { class: i < shares.length ? `tb-cells tb-level-${i}` : "tb-crosses", d })));
    const ring = drawn("circle", { class: "tb-handle", r: 8 });
    area.above.append(ring);
    area.svg.removeAttribute("aria-hidden");
    const near = (x, y) => choose({ column: Math.round((x - rates[0]) / dx), row: Math.round((y - momenta[0]) / dy) });
    const at = () => [rates[model.get("column")], momenta[model.get("row")]];
    movable(ring, area, { name: "The pair that is chosen", at, to: near, step: [dx, dy], said: () => `step size ${brief(at()[0])}, momentum ${brief(at()[1])}` });
    area.svg.addEventListener("click", (event) => event.target !== ring && near(...placeIn(area, event)));
    const levels = shares.map((share, i) => element("span", {}, element("i", { class: `tb-level-${i}` }), `≤ ${Math.round(share * most)} steps`));
    const key = element("div", { class: "tb-bar tb-quiet tb-key" }, ...levels, element("span", {}, "× diverges"), element("span", {}, "blank: later"));
    return { node: element("div", {}, area.svg, key), draw: () => furnish(ring, { cx: area.x(at()[0]), cy: area.y(at()[1]) }) };
  }

  function pathScene(wide, high) {
    const { view, across, up, path } = model.get("scene");
    const area = axes({ width: wide, height: high, range: view, across, up });
    levelled(area, model.get("scene"));
    return {
      node: area.svg,
      draw: () =>
        area.moving.replaceChildren(
          ...runs.map((run, which) => {
            const [xs, ys] = path.map((name) => run.numbers[name]);
            const frame = frameAt(run, position);
            const mark = drawn("text", { class: "tb-mark", "text-anchor": "middle", x: area.x(xs[frame]), y: area.y(ys[frame]) + 6 }, MARKS[which]);
            return drawn("g", { class: `tb-run-${which}` }, lineThrough(area, xs, ys, { class: "tb-path" }, frame + 1), ...(Number.isFinite(xs[frame] + ys[frame]) ? [mark] : []));
          }),
        ),
    };
  }

  function build() {
    if (!width) return;
    runs = model.get("runs").map(unpacked);
    position = Math.min(position, last());
    const wide = width < 620 ? width : Math.floor((width - 20) / 2);
    const high = Math.round(Math.max(240, Math.min(400, wide * 0.8)));
    const side = chart().rates ? mapScene(wide, high) : lossScene(runs, wide, high, "step");
    const paths = pathScene(wide, high);
    stage.style.gridTemplateColumns = width < 620 ? "minmax(0, 1fr)" : "repeat(2, minmax(0, 1fr))";
    stage.replaceChildren(paths.node, side.node);
    draw = () => {
      paths.draw();
      side.draw(position);
      for (const { show } of Object.values(sliders)) show();
      counter.textContent = `step ${position} of ${last()}`;
      legend.replaceChildren(...runs.map((run, which) => element("li", { class: `tb-run-${which}` }, element("b", {}, `${MARKS[which]} ${run.name}`), ` loss ${brief(run.numbers[run.losses[0]][frameAt(run, position)])}`)));
      bar.show(`step ${position}, ${legend.textContent}`);
    };
    draw();
  }

  // Other paths are shown to their end, so that one sees at once where they lead; their losses are curves to be drawn anew.
  function moved() {
    runs = model.get("runs").map(unpacked);
    position = last();
    chart().rates ? draw() : build();
  }

  if (values.row) address.load({ column: numberIn, row: numberIn });
  runs = model.get("runs").map(unpacked);
  position = last();
  return together(
    bar.end, resized(stage, (now) => ((width = now), build())),
    followed(model, { runs: moved, ...all(["column", "row"], () => draw()), ...all(["scene", "chart"], build) }),
  );
}

export default { render };
