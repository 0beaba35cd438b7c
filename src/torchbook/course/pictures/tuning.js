// A map of two knobs, how many steps each pair takes, beside the paths of the pair that is chosen.

function render({ model, el }) {
  const root = framed(model, "valley");
  const address = inAddress(model);
  const knobs = element("div", { class: "tb-knobs" });
  root.append(knobs);
  el.replaceChildren(root);
  const values = { column: model.get("chart").rates, row: model.get("chart").momenta };
  const knob = (name, key) => slider(name, { min: 0, max: values[key].length - 1, get: () => model.get(key), set: (at) => choose({ [key]: at }), words: (at) => brief(values[key][at]) });
  const sliders = { "step size": knob("step size", "column"), momentum: knob("momentum", "row") };
  knobs.append(...Object.entries(sliders).flatMap(([name, { input, output }]) => [element("label", {}, name, input), output]));

  function choose(pair) {
    paths.halt();
    const inside = Object.entries(pair).map(([key, at]) => [key, Math.max(0, Math.min(at, values[key].length - 1))]);
    put(model, Object.fromEntries(inside), address);
    moved();
  }

  // The map stays, for the reader may have its ring in the hand.
  function moved() {
    paths.load();
    paths.draw();
  }

  // A grid of pairs: the darker, the fewer steps; crosses where the pair diverges.
  function mapScene(_, wide, high) {
    const { rates, momenta, steps, shares, view } = model.get("chart");
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
    const draw = () => {
      furnish(ring, { cx: area.x(at()[0]), cy: area.y(at()[1]) });
      for (const { show } of Object.values(sliders)) show();
    };
    return { node: element("div", {}, area.svg, key), draw };
  }

  address.load({ column: numberIn, row: numberIn });
  const paths = pathsOf(model, root, mapScene);
  return together(paths.end, followed(model, { runs: moved, ...all(["column", "row"], paths.draw), ...all(["scene", "chart"], paths.build) }));
}

export default { render };
