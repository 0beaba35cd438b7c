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
  let draw = () => {};

  function part(name) {
    const value = element("b", {});
    return { node: element("span", {}, element("span", { class: "tb-quiet" }, `${name} `), value), value };
  }
  const height = (x) => model.get("slope") * x + model.get("intercept");
  const loss = () => {
    const [xs, ys] = model.get("points");
    return xs.reduce((sum, x, i) => sum + (height(x) - ys[i]) ** 2, 0) / xs.length;
  };
  const words = () => `slope ${brief(model.get("slope"))}, intercept ${brief(model.get("intercept"))}, loss ${brief(loss())}`;

  // A line by two of its heights.
  function lay([a, at], [b, there]) {
    const slope = (there - at) / (b - a);
    model.set("slope", Number(slope.toPrecision(4)));
    model.set("intercept", Number((at - slope * a).toPrecision(5)));
    model.save_changes();
  }

  function build() {
    const width = Math.floor(stage.clientWidth);
    if (!width) return;
    const [left, right, bottom, top] = model.get("view");
    const area = axes({ width, height: Math.round(Math.max(260, Math.min(440, width * 0.55))), range: model.get("view"), across: model.get("across"), up: model.get("up") });
    const [xs, ys] = model.get("points");
    const errors = xs.map(() => drawn("line", { class: "tb-error" }));
    const line = drawn("line", { class: "tb-curve" });
    const body = drawn("line", { class: "tb-body" });
    // The handles stand a little inside, and stay in the picture where the line leaves it.
    const ends = [left + 0.08 * (right - left), right - 0.08 * (right - left)];
    const handles = ends.map(() => drawn("circle", { class: "tb-handle", r: 9 }));
    area.still.append(...errors, line);
    area.above.append(body, ...xs.map((x, i) => drawn("circle", { class: "tb-point", cx: area.x(x), cy: area.y(ys[i]), r: 4.5 })), ...handles);
    const step = [0, (top - bottom) / 100];
    const within = (y) => Math.max(bottom, Math.min(top, y));
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
      to: (_, y) => {
        model.set("intercept", Number(y.toPrecision(5)));
        model.save_changes();
      },
    });
    draw = () => {
      const set = (node, values) => Object.entries(values).forEach(([key, value]) => node.setAttribute(key, value));
      xs.forEach((x, i) => set(errors[i], { x1: area.x(x), x2: area.x(x), y1: area.y(ys[i]), y2: area.y(height(x)) }));
      for (const each of [line, body]) set(each, { x1: area.x(left), x2: area.x(right), y1: area.y(height(left)), y2: area.y(height(right)) });
      handles.forEach((handle, i) => set(handle, { cx: area.x(ends[i]), cy: area.y(within(height(ends[i]))) }));
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

  // The address and the words for who does not see it follow when the line is let go.
  function settle() {
    address.write("slope", model.get("slope"));
    address.write("intercept", model.get("intercept"));
    model.set("alternative", `A line with ${words()}.`);
    model.save_changes();
  }

  for (const name of ["slope", "intercept"]) if (Number.isFinite(Number(address.read(name) ?? NaN))) model.set(name, Number(address.read(name)));
  model.save_changes();
  const unfollow = followed(model, { ...all(["slope", "intercept"], () => draw()), ...all(["points", "view"], build) });
  const watcher = new ResizeObserver(build);
  watcher.observe(stage);
  return () => {
    watcher.disconnect();
    unfollow();
  };
}

export default { render };
