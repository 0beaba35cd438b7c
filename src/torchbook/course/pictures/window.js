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
  const [LEAST, MOST] = [-1100, 2100]; // the ends of the histogram, in Hounsfield units
  const [FEWEST, ALL] = [0.7, 1e5]; // and of its scale: a single pixel is seen, and names stand above the bars
  let spot = [Math.floor(wide / 2), Math.floor(high / 2)];
  let area = null;

  const bound = (name, range) => slider(name, { get: () => model.get(name), set: (value) => put(model, { [name]: value }), words: (value) => brief(value, 4), ...range });
  const [NARROWEST, ratio] = [20, Math.log(200) / 100]; // the slider of the width is logarithmic, up to 4000
  const sliders = {
    slice: bound("slice", { min: 0, max: depth - 1, words: (value) => `${value + 1} of ${depth}` }),
    centre: bound("centre", { min: -1000, max: 2000, step: 5 }),
    width: bound("width", { min: 0, max: 100, to: (at) => Math.round((NARROWEST * Math.exp(ratio * at)) / 5) * 5, from: (value) => Math.log(value / NARROWEST) / ratio }),
  };
  const row = (name) => element("label", { class: "tb-row" }, element("span", {}, name), sliders[name].input, sliders[name].output);
  const dtypes = element("div", { class: "tb-bar", role: "group", "aria-label": "How it is stored" });
  const presets = element("div", { class: "tb-bar", role: "group", "aria-label": "Windows" });
  root.append(
    model.get("dtype") ? dtypes : "",
    element("div", { class: "tb-sides" },
      element("div", {}, element("div", { class: "tb-frame" }, sheet, cross), depth > 1 ? row("slice") : ""),
      element("div", {}, presets, row("centre"), row("width"), plot, reading)),
  );
  el.append(root);

  const stored = (i) => voxels[model.get("slice") * high * wide + i];
  const value = (i) => tables[model.get("dtype")]?.[stored(i) - model.get("lowest")] ?? stored(i);
  const ends = () => [-1, 1].map((side) => model.get("centre") + (side * model.get("width")) / 2);
  function shade(number) {
    const exact = 255 * Math.max(0, Math.min(1, (number - ends()[0]) / model.get("width")));
    const up = Math.round(exact);
    return exact % 1 === 0.5 && up % 2 ? up - 1 : up; // a half goes to the even number, as torch has it
  }

  function show() {
    const numbers = Array.from({ length: wide * high }, (_, i) => value(i));
    drawPixels(sheet, wide, high, (i) => [...Array(3).fill(shade(numbers[i])), 255]);
    for (const each of Object.values(sliders)) each.show();
    const given = model.get("presets");
    const chosen = Object.keys(given).find((name) => ["centre", "width"].every((part, i) => given[name][i] === model.get(part)));
    presets.replaceChildren("window", ...choiceButtons(Object.keys(given), chosen, (name) => put(model, { centre: given[name][0], width: given[name][1] })));
    dtypes.replaceChildren("stored as", ...choiceButtons(Object.keys(tables), model.get("dtype"), (dtype) => put(model, { dtype }), (name) => element("code", {}, name)));
    read();
    histogram(numbers);
    describe(numbers);
  }

  // The words of `Window._describe`, which is not asked where the page has no worker.
  function describe(numbers) {
    const [low, top] = ends();
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

  function histogram(numbers) {
    if (!area) return;
    const counts = new Array(160).fill(0);
    for (const number of numbers) counts[Math.max(0, Math.min(159, Math.floor((number - LEAST) / 20)))]++;
    const tops = counts.map((count) => area.y(Math.max(FEWEST, count)));
    const bins = tops.map((top, k) => drawn("rect", { class: "tb-bin", x: area.x(LEAST + 20 * k), width: Math.max(1, area.w / 160 - 0.3), y: top, height: area.y(FEWEST) - top }));
    area.moving.replaceChildren(band(area, ...ends().map((end) => Math.max(LEAST, Math.min(MOST, end))), "tb-band"), ...bins);
  }

  // The axes and the lines of known substances, drawn anew when there is another width.
  function lay(width) {
    area = axes({ width: Math.max(240, width), height: 190, range: [LEAST, MOST, FEWEST, ALL], logarithmic: true, across: "Hounsfield units", up: "pixels in the slice, on a scale of powers of ten" });
    Object.entries(model.get("marks")).forEach(([name, at], line) =>
      area.above.append(upright(area, at, "tb-mark"), drawn("text", { x: area.x(at) + 3, y: area.edge.top + 13 + 14 * (line % 3) }, name)),
    );
    plot.replaceChildren(area.svg);
    show();
  }

  function look(place) {
    spot = place.map((each, axis) => Math.max(0, Math.min([wide, high][axis] - 1, each)));
    read();
  }

  function pointed(event) {
    look(pixelAt(sheet, event));
  }

  function walked(event) {
    const step = wayOf(event);
    if (!step) return;
    event.preventDefault();
    look([spot[0] + step[0], spot[1] - step[1]]);
  }

  show();
  return together(resized(plot, lay), followed(model, all(["slice", "centre", "width", "dtype"], show)));
}

export default { render };
