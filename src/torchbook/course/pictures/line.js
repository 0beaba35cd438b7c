// A line through points, laid by hand.

function render({ model, el }) {
  const root = framed(model, "line");
  const address = inAddress(model);
  const stage = element("div", { class: "tb-stage" });
  const numbers = element("output", { class: "tb-bar tb-number tb-numbers" });
  const parts = { slope: part("slope"), intercept: part("intercept"), loss: part("loss") };
  numbers.append(...Object.values(parts).map((each) => each.node));
  if (model.get("best") !== null) numbers.append(element("span", { class: "tb-quiet" }, `the loss to beat: ${brief(model.get("best"))}`));
  root.append(stage, numbers);
  el.append(root);
  let [draw, count] = [() => {}, 0];

  function part(name) {
    const value = element("b", {});
    return { node: element("span", {}, element("span", { class: "tb-quiet" }, `${name} `), value), value };
  }
  const height = (x) => model.get("slope") * x + model.get("intercept");
  const loss = () => {
    const [xs, ys] = model.get("points");
    return xs.reduce((sum, x, i) => sum + (height(x) - ys[i]) ** 2, 0) / xs.length;
  };
  // The line with the smallest loss, by the textbook formula.
  const fitted = () => {
    const [xs, ys] = model.get("points");
    const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [x, y] = [mean(xs), mean(ys)];
    const slope = mean(xs.map((value, i) => (value - x) * (ys[i] - y))) / mean(xs.map((value) => (value - x) ** 2));
    return [slope, y - slope * x];
  };
  const words = () => `slope ${brief(model.get("slope"))}, intercept ${brief(model.get("intercept"))}, loss ${brief(loss())}`;

  // A line by two of its heights.
  function lay([a, at], [b, there]) {
    const slope = (there - at) / (b - a);
    put(model, { slope: Number(slope.toPrecision(4)), intercept: Number((at - slope * a).toPrecision(5)) });
  }

  function build() {
    const width = Math.floor(stage.clientWidth);
    if (!width) return;
    const [left, right, bottom, top] = model.get("view");
    const area = axes({ width, height: Math.round(Math.max(260, Math.min(440, width * 0.55))), range: model.get("view"), across: model.get("across"), up: model.get("up") });
    const [xs] = model.get("points");
    count = xs.length;
    const errors = xs.map(() => drawn("line", { class: "tb-error" }));
    const squares = model.get("squares") ? xs.map(() => drawn("rect", { class: "tb-square" })) : [];
    const dashed = model.get("loose") ? [drawn("line", { class: "tb-fitted" })] : [];
    const line = drawn("line", { class: "tb-curve" });
    const body = drawn("line", { class: "tb-body" });
    // The handles stand a little inside, and stay in the picture where the line leaves it.
    const ends = [left + 0.08 * (right - left), right - 0.08 * (right - left)];
    const handles = ends.map(() => drawn("circle", { class: "tb-handle", r: 9 }));
    area.still.append(...squares, ...errors, ...dashed, line);
    const dots = xs.map(() => drawn("circle", { class: "tb-point", r: model.get("loose") ? 7 : 4.5 }));
    area.above.append(body, ...dots, ...handles);
    const step = [0, (top - bottom) / 100];
    const within = (y) => Math.max(bottom, Math.min(top, y));
    const to = (i, x, y) => {
      const [across, up] = model.get("points").map((values) => [...values]);
      [across[i], up[i]] = [Number(Math.max(left, Math.min(right, x)).toPrecision(4)), Number(within(y).toPrecision(4))];
      if (across.every((value) => value === across[0])) return;
      put(model, { points: [across, up] });
    };
    if (model.get("loose"))
      dots.forEach((dot, i) => {
        const at = () => model.get("points").map((values) => values[i]);
        const where = () => `${model.get("across")} ${brief(at()[0])}, ${model.get("up")} ${brief(at()[1])}; ${words()}`;
        movable(dot, area, { name: `Point ${i + 1}`, step: [(right - left) / 100, step[1]], said: where, done: settle, at, to: (x, y) => to(i, x, y) });
      });
    handles.forEach((handle, i) =>
      movable(handle, area, {
        name: `The ${i ? "right" : "left"} end of the line`, step, said: words, done: settle,
        at: () => [ends[i], within(height(ends[i]))],
        to: (_, y) => lay([ends[i], within(y)], [ends[1 - i], height(ends[1 - i])]),
      }),
    );
    movable(body, area, {
      name: "The whole line", step, said: words, done: settle,
      at: () => [0, model.get("intercept")],
      to: (_, y) => put(model, { intercept: Number(y.toPrecision(5)) }),
    });
    draw = () => {
      const [xs, ys] = model.get("points");
      xs.forEach((x, i) => {
        const [at, side] = [area.x(x), Math.abs(area.y(ys[i]) - area.y(height(x)))];
        furnish(dots[i], { cx: at, cy: area.y(ys[i]) });
        furnish(errors[i], { x1: at, x2: at, y1: area.y(ys[i]), y2: area.y(height(x)) });
        if (squares[i]) furnish(squares[i], { x: at, y: Math.min(area.y(ys[i]), area.y(height(x))), width: side, height: side });
      });
      for (const each of dashed) {
        const [slope, intercept] = fitted();
        furnish(each, { x1: area.x(left), x2: area.x(right), y1: area.y(slope * left + intercept), y2: area.y(slope * right + intercept) });
      }
      for (const each of [line, body]) furnish(each, { x1: area.x(left), x2: area.x(right), y1: area.y(height(left)), y2: area.y(height(right)) });
      handles.forEach((handle, i) => furnish(handle, { cx: area.x(ends[i]), cy: area.y(within(height(ends[i]))) }));
      parts.slope.value.textContent = brief(model.get("slope"));
      parts.intercept.value.textContent = brief(model.get("intercept"));
      parts.loss.value.textContent = brief(loss());
    };
    stage.replaceChildren(area.svg);
    area.svg.removeAttribute("aria-hidden");
    area.svg.setAttribute("role", "group");
    area.svg.setAttribute("aria-label", `A line through ${xs.length} points; arrow keys move its parts`);
    draw();
  }

  // The address and the words for those who cannot see it follow when the line is let go.
  function settle() {
    address.write("slope", model.get("slope"));
    address.write("intercept", model.get("intercept"));
    put(model, { alternative: `A line with ${words()}.` });
  }

  address.load({ slope: numberIn, intercept: numberIn });
  const pointsMoved = () => (model.get("points")[0].length === count ? draw() : build());
  return together(resized(stage, build), followed(model, { ...all(["slope", "intercept"], () => draw()), points: pointsMoved, view: build }));
}

export default { render };
