// The paths of several optimizers over one loss, seen from above.

const MARKS = "●■▲◆";

// Draws them into `root`, and beside them what `beside(runs, wide, high)` makes, { node, draw(step) }.
function pathsOf(model, root, beside) {
  const stage = element("div", { class: "tb-stage" });
  const legend = element("ul", { class: "tb-legend tb-number" });
  const counter = element("output", { class: "tb-number tb-counter" });
  let [runs, width, position, draw] = [[], 0, 0, () => {}];
  const last = () => Math.max(...runs.map((run) => run.steps.at(-1)));
  const bar = stepBar({ at: () => position, last, go, settled: () => put(model, { step: position }), paces: { slow: 250, normal: 60, fast: 15 }, where: counter });
  bar.keys(root);
  root.append(stage, legend, bar.bar);

  function go(step) {
    position = step;
    draw();
  }

  // Paths are shown to their end, so that one sees at once where they lead.
  function load() {
    runs = model.get("runs").map(unpacked);
    position = last();
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
    const wide = width < 620 ? width : Math.floor((width - 20) / 2);
    const high = Math.round(Math.max(240, Math.min(400, wide * 0.8)));
    const [paths, side] = [pathScene(wide, high), beside(runs, wide, high)];
    stage.style.gridTemplateColumns = width < 620 ? "minmax(0, 1fr)" : "repeat(2, minmax(0, 1fr))";
    stage.replaceChildren(paths.node, side.node);
    draw = () => {
      paths.draw();
      side.draw(position);
      counter.textContent = `step ${position} of ${last()}`;
      legend.replaceChildren(...runs.map((run, which) => element("li", { class: `tb-run-${which}` }, element("b", {}, `${MARKS[which]} ${run.name}`), ` loss ${brief(run.numbers[run.losses[0]][frameAt(run, position)])}`)));
      bar.show(`step ${position}, ${legend.textContent}`);
    };
    draw();
  }

  load();
  const end = together(bar.end, resized(stage, (now) => ((width = now), build())));
  return { halt: bar.halt, load, build, draw: () => draw(), end };
}
