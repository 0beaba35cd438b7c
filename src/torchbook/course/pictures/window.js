// The slices of a volume through a window: its centre and width on the histogram, and what a dtype makes of them.

function render({ model, el }) {
  const root = framed(model, "window");
  const [depth, high, wide] = model.get("size");
  const int16 = (view) => new Int16Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  const voxels = int16(model.get("voxels"));
  const tables = Object.fromEntries(Object.entries(model.get("tables")).map(([name, view]) => [name, int16(view)]));
  const sheet = element("canvas", { class: "tb-sheet", width: wide, height: high, role: "img", tabindex: 0, "aria-label": "The slice. Arrow keys move the cross.", onpointermove: pointed, onpointerdown: pointed, onkeydown: walked });
  const cross = element("span", { class: "tb-cross" });
  const reading = element("p", { class: "tb-number tb-reading", role: "status" });
  const plot = element("div", { class: "tb-plot" });
  const [WIDEST, NARROWEST] = [4000, 20];
  const [FEWEST, MOST] = [0.7, 1e5]; // the ends of the histogram's scale: a single pixel is seen, and names stand above the bars
  let spot = [Math.floor(wide / 2), Math.floor(high / 2)];
  let area = null;

  // A slider over `name`; `to` and `from` convert between its position and the value.
  function slider(label, name, attributes, to = Number, from = (value) => value) {
    const input = element("input", { type: "range", "aria-label": label, ...attributes, oninput: () => put({ [name]: to(input.value) }) });
    const output = element("output", { class: "tb-number" });
    const follow = () => {
      const value = model.get(name);
      input.value = from(value);
      output.textContent = name === "slice" ? `${value + 1} of ${depth}` : brief(value, 4);
      input.setAttribute("aria-valuetext", output.textContent);
    };
    return { row: element("label", { class: "tb-row" }, element("span", {}, label), input, output), follow };
  }

  const ratio = Math.log(WIDEST / NARROWEST) / 100;
  const sliders = [
    slider("slice", "slice", { min: 0, max: depth - 1, step: 1 }),
    slider("centre", "centre", { min: -1000, max: 2000, step: 5 }),
    slider("width", "width", { min: 0, max: 100, step: 1 }, (at) => Math.round((NARROWEST * Math.exp(ratio * at)) / 5) * 5, (value) => Math.log(value / NARROWEST) / ratio),
  ];
  const presets = Object.entries(model.get("presets")).map(([name, [centre, width]]) => ({
    centre, width, button: element("button", { type: "button", onclick: () => put({ centre, width }) }, name),
  }));
  const dtypes = Object.keys(tables).map((name) => ({ name, button: element("button", { type: "button", onclick: () => put({ dtype: name }) }, element("code", {}, name)) }));

  root.append(
    dtypes.length ? element("div", { class: "tb-bar", role: "group", "aria-label": "How it is stored" }, "stored as", ...dtypes.map((each) => each.button)) : "",
    element("div", { class: "tb-sides" },
      element("div", {}, element("div", { class: "tb-frame" }, sheet, cross), depth > 1 ? sliders[0].row : ""),
      element("div", {}, element("div", { class: "tb-bar", role: "group", "aria-label": "Windows" }, "window", ...presets.map((each) => each.button)),
        sliders[1].row, sliders[2].row, plot, reading)),
  );
  el.append(root);

  function put(state) {
    for (const [name, value] of Object.entries(state)) model.set(name, value);
    model.save_changes();
    show();
  }

  const stored = (i) => voxels[model.get("slice") * high * wide + i];
  function value(i) {
    const table = tables[model.get("dtype")];
    return table ? table[stored(i) - model.get("lowest")] : stored(i);
  }
  function shade(number) {
    const [centre, width] = [model.get("centre"), model.get("width")];
    const exact = 255 * Math.max(0, Math.min(1, (number - (centre - width / 2)) / width));
    const up = Math.round(exact);
    return exact % 1 === 0.5 && up % 2 ? up - 1 : up; // a half goes to the even number, as torch has it
  }

  function show() {
    const image = new ImageData(wide, high);
    for (let i = 0; i < wide * high; i++) image.data.set([...Array(3).fill(shade(value(i))), 255], 4 * i);
    sheet.getContext("2d").putImageData(image, 0, 0);
    for (const each of sliders) each.follow();
    for (const each of presets) each.button.setAttribute("aria-pressed", String(each.centre === model.get("centre") && each.width === model.get("width")));
    for (const each of dtypes) each.button.setAttribute("aria-pressed", String(each.name === model.get("dtype")));
    read();
    histogram();
    describe();
  }

  // The words of `Window._describe`, which is not asked where the page has no worker.
  function describe() {
    const [low, top] = [-1, 1].map((side) => model.get("centre") + (side * model.get("width")) / 2);
    const numbers = Array.from({ length: wide * high }, (_, i) => value(i));
    const share = (those) => `${Math.round((100 * numbers.filter(those).length) / numbers.length)}%`;
    const as = model.get("dtype") ? `, stored as ${model.get("dtype")}` : "";
    model.set("alternative", `Slice ${model.get("slice") + 1} of ${depth}${as}, through a window from ${low} to ${top} Hounsfield units: ${share((each) => each <= low)} of it is black and ${share((each) => each >= top)} white.`);
  }

  function read() {
    const i = spot[1] * wide + spot[0];
    cross.style.left = `${(100 * (spot[0] + 0.5)) / wide}%`;
    cross.style.top = `${(100 * (spot[1] + 0.5)) / high}%`;
    const back = value(i) === stored(i) ? "" : ` · comes back as ${brief(value(i), 5)}`;
    reading.textContent = `At the cross: ${brief(stored(i), 5)} HU${back} · shade ${shade(value(i))} of 255`;
  }

  function histogram() {
    if (!area) return;
    const counts = new Array(160).fill(0);
    for (let i = 0; i < wide * high; i++) counts[Math.max(0, Math.min(159, Math.floor((value(i) + 1100) / 20)))]++;
    const [low, top] = [-1, 1].map((side) => model.get("centre") + (side * model.get("width")) / 2);
    const [left, right] = [low, top].map((end) => Math.max(area.edge.left, Math.min(area.edge.left + area.w, area.x(end))));
    area.moving.replaceChildren(
      drawn("rect", { class: "tb-band", x: left, width: Math.max(1, right - left), y: area.edge.top, height: area.h }),
      ...counts.map((count, k) => drawn("rect", { class: "tb-bin", x: area.x(20 * k - 1100), width: Math.max(1, area.w / 160 - 0.3), y: area.y(Math.max(FEWEST, count)), height: area.edge.top + area.h - area.y(Math.max(FEWEST, count)) })),
    );
  }

  // The axes and the lines of known substances, drawn anew when there is another width.
  function lay() {
    area = axes({ width: Math.max(240, plot.clientWidth), height: 190, range: [-1100, 2100, FEWEST, MOST], logarithmic: true, across: "Hounsfield units", up: "pixels in the slice, on a scale of powers of ten" });
    Object.entries(model.get("marks")).forEach(([name, at], row) => {
      const x = area.x(at);
      area.above.append(
        drawn("line", { class: "tb-mark", x1: x, x2: x, y1: area.edge.top, y2: area.edge.top + area.h }),
        drawn("text", { x: x + 3, y: area.edge.top + 13 + 14 * (row % 3) }, name),
      );
    });
    plot.replaceChildren(area.svg);
    histogram();
  }

  function pointed(event) {
    const box = sheet.getBoundingClientRect();
    spot = [((event.clientX - box.left) / box.width) * wide, ((event.clientY - box.top) / box.height) * high].map((each, axis) => Math.max(0, Math.min([wide, high][axis] - 1, Math.floor(each))));
    read();
  }

  function walked(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    spot = spot.map((each, axis) => Math.max(0, Math.min([wide, high][axis] - 1, each + step[axis])));
    read();
  }

  const unfollow = followed(model, all(["slice", "centre", "width", "dtype"], show));
  const watch = new ResizeObserver(lay);
  watch.observe(plot);
  show();
  return () => {
    watch.disconnect();
    unfollow();
  };
}

export default { render };
