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
  const bar = stepBar({
    at: () => position, last, go, settled: settle, paces: { slow: 250, normal: 60, fast: 15 }, usual: "normal", where: counter,
    words: { play: "▶ Play", pause: "❚❚ Pause", again: "↺ Again", back: "‹", on: "›" },
    names: { back: "One step back", on: "One step on", step: "The step that is shown", pace: "Speed" },
  });
  bar.keys(root);
  root.append(knobs, stage, legend, bar.bar);
  el.replaceChildren(root);

  function go(step) {
    position = step;
    draw();
  }
  function settle() {
    model.set("step", position);
    model.save_changes();
  }
  const knob = (key, values, name) => {
    const range = element("input", { type: "range", min: 0, max: values.length - 1, step: 1, "aria-label": name });
    const now = element("output", { class: "tb-number" });
    range.addEventListener("input", () => choose({ [key]: Number(range.value) }));
    const show = () => {
      range.value = model.get(key);
      now.textContent = brief(values[model.get(key)]);
      range.setAttribute("aria-valuetext", now.textContent);
    };
    return { nodes: [element("label", {}, name, range), now], show };
  };
  const sliders = chart().rates ? [knob("column", chart().rates, "step size"), knob("row", chart().momenta, "momentum")] : [];
  knobs.append(...sliders.flatMap(({ nodes }) => nodes));

  function choose(where) {
    bar.halt();
    for (const [key, index] of Object.entries(where)) {
      model.set(key, Math.max(0, Math.min(index, chart()[key === "row" ? "momenta" : "rates"].length - 1)));
      address.write(key, model.get(key));
    }
    model.save_changes();
    moved();
  }

  // A grid of pairs: the darker, the fewer steps; crosses where the pair diverges.
  function mapScene(wide, high) {
    const { rates, momenta, steps, shares } = chart();
    const [dx, dy] = [rates[1] - rates[0], momenta[1] - momenta[0]];
    const range = [rates[0] - dx / 2, rates.at(-1) + dx / 2, momenta[0] - dy / 2, momenta.at(-1) + dy / 2];
    const area = axes({ width: wide, height: high, range, across: "step size", up: "momentum" });
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
    area.svg.addEventListener("click", (event) => {
      const box = area.svg.getBoundingClientRect();
      if (event.target !== ring) near(area.value(event.clientX - box.left), area.height(event.clientY - box.top));
    });
    const key = element("div", { class: "tb-bar tb-quiet tb-key" }, ...shares.map((share, i) => element("span", {}, element("i", { class: `tb-level-${i}` }), `≤ ${Math.round(share * most)} steps`)), element("span", {}, "× diverges"), element("span", {}, "blank: later"));
    const show = () => {
      ring.setAttribute("cx", area.x(at()[0]));
      ring.setAttribute("cy", area.y(at()[1]));
    };
    return { node: element("div", {}, area.svg, key), draw: show };
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
      for (const { show } of sliders) show();
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

  for (const key of ["column", "row"]) if (chart().rates && address.read(key) !== null) model.set(key, Number(address.read(key)) || 0);
  model.save_changes();
  runs = model.get("runs").map(unpacked);
  position = last();
  const unfollow = followed(model, { runs: moved, ...all(["column", "row"], () => draw()), ...all(["scene", "chart"], build) });
  const watcher = new ResizeObserver(() => {
    const now = Math.floor(stage.clientWidth);
    if (now && now !== width) [width] = [now], build();
  });
  watcher.observe(stage);
  return () => {
    bar.end();
    watcher.disconnect();
    unfollow();
  };
}

export default { render };
