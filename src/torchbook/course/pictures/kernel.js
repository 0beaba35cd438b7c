// A grey picture and what nine weights make of it: the nine products below the pixel that is pointed at, and their sum.

function render({ model, el }) {
  const root = framed(model, "kernel");
  const edge = () => (model.get("padding") ? 0 : 1); // how many rows and columns the result lacks on each side
  const canvas = (name, offset) => {
    const [sheet, frame] = [element("canvas", { role: "img", tabindex: 0, "aria-label": `${name} Arrow keys move the frame.`, onpointermove: (event) => pointed(event, offset), onpointerdown: (event) => pointed(event, offset), onkeydown: walked }), element("span", { class: "tb-frame" })];
    return { sheet, frame, box: element("div", { class: "tb-view" }, sheet, frame) };
  };
  const before = canvas("The picture.", () => 0);
  const after = canvas("The result.", edge);
  const reading = element("p", { class: "tb-number tb-quiet" });
  const sum = element("span", { class: "tb-number" });
  const total = element("output", { class: "tb-number tb-total", role: "status" });
  const [nine, products] = [0, 1].map(() => Array.from({ length: 9 }, () => element("span", { class: "tb-cell tb-number" })));
  const weights = Array.from({ length: 9 }, (_, i) => element("input", { type: "text", class: "tb-number", "aria-label": `weight in row ${Math.floor(i / 3) + 1}, column ${(i % 3) + 1}`, onchange: () => typed(i) }));
  const buttons = (label, names, chosen, choose) => {
    const bar = element("div", { class: "tb-bar", role: "group", "aria-label": label });
    return { bar, follow: () => bar.replaceChildren(label, ...choiceButtons(names, chosen(), (name) => change(choose(name)))) };
  };
  const presets = model.get("presets");
  const same = (kernel) => kernel.every((weight, i) => Math.abs(weight - model.get("kernel")[i]) < 1e-9);
  const bars = [
    buttons("picture", Object.keys(model.get("sizes")), () => model.get("name"), (name) => ({ name })),
    buttons("kernel", Object.keys(presets), () => Object.keys(presets).find((name) => same(presets[name])), (name) => ({ kernel: presets[name] })),
    buttons("around it", ["nothing", "zeros"], () => (model.get("padding") ? "zeros" : "nothing"), (name) => ({ padding: name === "zeros" })),
    buttons("shown", ["stretched", "cut off", "size"], () => model.get("view"), (view) => ({ view })),
  ];
  const part = (caption, parts) => element("div", { class: "tb-part" }, ...tablesOf(parts, [3, 3], 3.4), element("span", { class: "tb-quiet" }, ...caption));
  let [spot, pixels] = [model.get("spot"), []]; // the middle of the nine pixels, and all of them

  root.append(
    element("div", { class: "tb-bar" }, ...bars.slice(Object.keys(model.get("sizes")).length > 1 ? 0 : 1).map((each) => each.bar)),
    element("div", { class: "tb-sides" }, before.box, element("div", {}, after.box, reading)),
    element("div", { class: "tb-products" }, part(["pixels"], nine), "×", part(["kernel, sum ", sum], weights), "=", part(["products"], products), "sum", total),
  );
  el.append(root);

  function change(traits) {
    put(model, traits);
    show();
  }

  // A number, or a fraction such as 1/9.
  function typed(i) {
    const [over, under = 1] = weights[i].value.replace("−", "-").split("/").map(Number);
    const known = weights[i].value.trim() && Number.isFinite(over / under);
    change(known ? { kernel: model.get("kernel").map((weight, k) => (k === i ? over / under : weight)) } : {});
  }

  const size = () => model.get("sizes")[model.get("name")];
  const pixel = (row, column) => (row < 0 || column < 0 || row >= size()[0] || column >= size()[1] ? 0 : pixels[row * size()[1] + column]);
  const around = ([row, column]) => model.get("kernel").map((_, i) => pixel(row + Math.floor(i / 3) - 1, column + (i % 3) - 1));
  const weighted = (place) => around(place).reduce((total, value, i) => total + value * model.get("kernel")[i], 0);

  const draw = (sheet, [high, wide], shades) => drawPixels(sheet, wide, high, (i) => [shades[i], shades[i], shades[i], 255]);

  function show() {
    const view = model.get("pixels")[model.get("name")];
    const data = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
    pixels = data.byteLength === count(size()) ? new Uint8Array(data) : new Float32Array(data);
    const inner = size().map((each) => each - 2 * edge());
    const result = indices(inner).map((index) => weighted(index.map((each) => each + edge())));
    const [low, high] = result.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
    const [black, white] = { stretched: [low, high], "cut off": [0, 255], size: [0, Math.max(-low, high)] }[model.get("view")];
    const share = (value) => (white - black > 1e-6 ? ((model.get("view") === "size" ? Math.abs(value) : value) - black) / (white - black) : 0.5);
    draw(before.sheet, size(), Array.from(pixels, Math.round));
    draw(after.sheet, inner, result.map((value) => Math.round(255 * Math.max(0, Math.min(1, share(value))))));
    for (const { follow } of bars) follow();
    model.get("kernel").forEach((weight, i) => (weights[i].value = brief(weight)));
    const whole = Math.round(model.get("kernel").reduce((total, weight) => total + weight, 0) * 1e9) / 1e9;
    sum.textContent = brief(whole);
    reading.textContent = `black is ${brief(black)}, white is ${brief(white)}`;
    const g = (number) => String(Number(number.toPrecision(3)));
    const rows = [0, 3, 6].map((at) => model.get("kernel").slice(at, at + 3).map(g).join(" ")).join(" / ");
    model.set("alternative", `${model.get("name")}, ${size().join(" by ")} pixels, and what the kernel ${rows} with the sum ${g(whole)} makes of it: numbers from ${low.toFixed(1)} to ${high.toFixed(1)}, ${model.get("view")}.`);
    point(spot);
  }

  function point(place) {
    spot = place.map((each, axis) => Math.max(edge(), Math.min(size()[axis] - 1 - edge(), each)));
    for (const [{ sheet, frame }, offset, reach] of [[before, 0, 1], [after, edge(), 0]]) {
      const [top, left] = spot.map((each) => each - offset - reach);
      frame.style.cssText = `left: ${(100 * left) / sheet.width}%; top: ${(100 * top) / sheet.height}%; width: ${(100 * (2 * reach + 1)) / sheet.width}%; height: ${(100 * (2 * reach + 1)) / sheet.height}%`;
    }
    around(spot).forEach((value, i) => {
      const product = value * model.get("kernel")[i];
      [nine[i].textContent, products[i].textContent] = [brief(value, 4), brief(product, 4)];
      nine[i].style.cssText = `background: rgb(${Array(3).fill(Math.max(0, Math.min(255, value)))}); color: ${value > 127 ? "#000" : "#fff"}`;
      products[i].className = `tb-cell tb-number ${product < 0 ? "tb-minus" : product > 0 ? "tb-plus" : ""}`;
    });
    total.textContent = brief(Math.round(weighted(spot) * 1e6) / 1e6, 4);
  }

  function pointed(event, offset) {
    const [column, row] = pixelAt(event.target, event);
    point([row + offset(), column + offset()]);
  }

  function walked(event) {
    const way = wayOf(event);
    if (!way) return;
    event.preventDefault();
    point([spot[0] - way[1], spot[1] + way[0]]);
  }

  const unfollow = followed(model, all(["name", "kernel", "padding", "view"], show));
  show();
  return unfollow;
}

export default { render };
