// The scores of a few classes, and what softmax, cross-entropy and the gradient make of them.

function render({ model, el }) {
  const root = framed(model, "scores");
  const rows = element("div", { class: "tb-rows" });
  const loss = element("b", { class: "tb-number" });
  const heat = slider("temperature", { min: -1, max: 1, step: 0.05, get: () => model.get("temperature"), set: (temperature) => put(model, { temperature }), to: (power) => Number((10 ** power).toPrecision(3)), from: Math.log10 });
  const step = element("button", { type: "button", onclick: move }, "One step against the slopes");
  root.append(
    rows,
    element("div", { class: "tb-bar" }, element("label", {}, "temperature ", heat.input), heat.output),
    element("div", { class: "tb-bar" }, element("span", {}, "loss = −ln p = ", loss), step),
  );
  el.append(root);
  let follow = [];

  const within = (value) => Math.max(-6, Math.min(6, Math.round(value * 100) / 100));
  function softmax() {
    const values = model.get("values");
    const highest = Math.max(...values);
    const powers = values.map((value) => Math.exp((value - highest) / model.get("temperature")));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  }
  const slopes = (shares) => shares.map((share, i) => share - (i === model.get("right") ? 1 : 0));
  function move() {
    const down = slopes(softmax());
    put(model, { values: model.get("values").map((value, i) => within(value - down[i])) });
  }

  function build() {
    const titles = ["what is it?", "score", "", "probability", "slope p − y"];
    const group = `${model.get("place") || "scores"}-right`;
    rows.replaceChildren(...titles.map((title) => element("span", { class: "tb-quiet tb-title" }, title)));
    follow = model.get("names").map((name, i) => {
      const chosen = element("input", { type: "radio", name: group, onchange: () => put(model, { right: i }) });
      const set = (value) => put(model, { values: model.get("values").map((each, at) => (at === i ? value : each)) });
      const score = slider(`score of ${name}`, { min: -6, max: 6, step: 0.1, get: () => model.get("values")[i], set });
      const [share, bar] = [element("b", { class: "tb-number" }), element("i", {})];
      const box = element("div", { class: "tb-share" }, bar, share);
      const arrow = drawn("path", {});
      const slope = drawn("svg", { class: "tb-slope", viewBox: "-40 -12 80 24", role: "img" }, drawn("line", { x1: 0, x2: 0, y1: -12, y2: 12 }), arrow);
      rows.append(element("label", {}, chosen, name), score.input, score.output, box, slope);
      return (shares, slopes) => {
        const right = i === model.get("right");
        chosen.checked = right;
        score.show();
        share.textContent = `${(100 * shares[i]).toFixed(1)}%`;
        bar.style.width = `${100 * shares[i]}%`;
        box.classList.toggle("tb-right", right);
        slope.classList.toggle("tb-right", right);
        slope.setAttribute("aria-label", `slope of ${name}: ${brief(slopes[i])}`);
        const end = 38 * slopes[i];
        const tip = Math.abs(end) > 5 ? `M${end - 5 * Math.sign(end)} -5L${end} 0L${end - 5 * Math.sign(end)} 5` : "";
        arrow.setAttribute("d", `M0 0H${end}${tip}`);
      };
    });
    show();
  }

  function show() {
    const shares = softmax();
    const rises = slopes(shares);
    for (const each of follow) each(shares, rises);
    heat.show();
    loss.textContent = brief(-Math.log(shares[model.get("right")]));
  }

  build();
  return followed(model, { names: build, ...all(["values", "right", "temperature"], show) });
}

export default { render };
