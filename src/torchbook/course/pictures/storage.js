// A tensor as a grid, its storage as a row, and between them the rule.

function render({ model, el }) {
  const root = framed(model, "storage");
  const address = inAddress(model);
  const typed = codeField("t =", 26, (text) => save({ typed: text, flipped: [] }), "The numbers of t");
  const expression = expressionOf(model, "then", 18, (step) => save({ step }));
  const facts = element("p", { class: "tb-facts tb-number" });
  const rule = element("p", { class: "tb-rule tb-number" });
  const grid = element("div", { class: "tb-blocks", role: "group", "aria-label": "The elements; arrow keys go from one to the next" });
  const row = element("div", { class: "tb-row", role: "group", "aria-label": "The storage; arrow keys go from one to the next" });
  const below = element("div", { class: "tb-bits tb-number", role: "group", "aria-label": "Its bits; arrow keys go from one to the next" });
  if (model.get("pixels")) root.classList.add("tb-pixels");
  let at = 0; // the element that is pointed at
  let ahead = null; // the same as "shown", before Python has answered
  const now = () => ahead || model.get("shown");
  const width = slider("width", { min: 2, max: 20, get: () => model.get("width"), set: widen });

  const bar = element("div", { class: "tb-bar" }, typed.label, expression.label);
  root.append(
    ...(model.get("steps").length ? [bar, expression.steps] : []),
    ...(model.get("width") ? [element("div", { class: "tb-bar" }, element("label", {}, "width", width.input, width.output))] : []), expression.message,
    element("div", { class: "tb-sides" }, element("div", {}, facts, grid), element("div", {}, rule, element("p", { class: "tb-quiet tb-caption" }, "The storage"), row, below)),
  );
  el.append(root);

  function save(traits) {
    put(model, traits);
    address.write("t", model.get("typed"));
    address.write("step", model.get("step"));
    if (model.get("width")) address.write("width", String(model.get("width")));
  }

  function widen(columns) {
    const { storage } = model.get("shown");
    const rows = Math.floor(storage.length / columns);
    ahead = { ...model.get("shown"), shape: [rows, columns], stride: [columns, 1], places: storage.slice(0, rows * columns).map((_, i) => i), texts: storage.slice(0, rows * columns) };
    save({ width: columns });
    lay();
  }

  function cell(text, place, look) {
    const { places } = now();
    const made = element("button", { type: "button", tabindex: -1, class: "tb-cell", onfocus: () => point(look), onpointerenter: () => point(look) }, text);
    made.dataset.place = place;
    if (!places.includes(place)) made.classList.add("tb-unused");
    if (text.length > 6) made.classList.add("tb-long");
    if (model.get("pixels")) {
      made.style.background = grey(text);
      made.setAttribute("aria-label", text);
      made.replaceChildren();
    } else made.style.setProperty("--tb-hue", (360 * place) / Math.max(1, model.get("shown").storage.length));
    return made;
  }

  // Zero is black and the largest value white.
  function grey(text) {
    const values = model.get("shown").storage.map(Number);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return `hsl(0 0% ${(100 * (Number(text) - low)) / (high - low || 1)}%)`;
  }

  function lay() {
    const { shape, texts, places, storage } = now();
    width.show();
    const cells = texts.map((text, i) => cell(text, places[i], i));
    grid.replaceChildren(...tablesOf(cells, shape, model.get("pixels") ? 2.1 : 3.2));
    row.replaceChildren(...storage.map((text, place) => cell(text, place, places.indexOf(place))));
    roving(grid, ".tb-cell", shape.at(-1) ?? 1);
    roving(row, ".tb-cell", 1);
    at = Math.min(at, texts.length - 1);
    show();
  }

  function point(i) {
    if (i < 0 || i === at) return;
    at = i;
    show();
  }

  // The rule with numbers for the element that is pointed at.
  function show() {
    const { shape, places, texts } = now();
    facts.textContent = factsOf(now(), model.get("step"));
    const index = indexAt(shape, at);
    const place = places[at];
    rule.replaceChildren(...(place === undefined ? ["No element: the shape has a 0."] : [`element [${index.join(", ")}] = ${texts[at]} lies at ${ruleOf(now(), index)} = `, element("b", {}, place)]));
    for (const each of root.querySelectorAll(".tb-cell")) each.classList.toggle("tb-here", Number(each.dataset.place) === place);
    showBits(place);
  }

  // The bits of a number; those of `t` itself and of its views are buttons.
  function showBits(place) {
    const { dtype, storage, exact, bits, parts, shared } = model.get("shown");
    if (model.get("pixels") || place === undefined) return below.replaceChildren();
    if (bits[place].length > 32 && !parts.sign) return below.replaceChildren(element("p", {}, `${storage[place]} as ${dtype} is ${bits[place].length} bits: ${bits[place].replace(/(.{8})(?=.)/g, "$1 ")}`));
    const fixed = !shared || dtype === "bool";
    let bit = 0;
    const groups = Object.entries(parts).map(([name, count]) =>
      element("span", { class: "tb-part" }, element("small", {}, name), element("span", {}, ...Array.from({ length: count }, () => {
        const here = bit++;
        const value = bits[place][here];
        return element("button", { type: "button", tabindex: -1, class: "tb-bit", "aria-label": `${name}, bit ${here} is ${value}`, disabled: fixed, onclick: () => flip(place, here) }, value);
      }))));
    below.replaceChildren(element("p", {}, `${exact[place]} as ${dtype} is ${bits[place].length} bits${fixed ? ":" : "; press one to turn it over:"}`), ...groups);
    roving(below, ".tb-bit", 8);
  }

  function flip(place, bit) {
    const others = model.get("flipped").filter(([at, each]) => at !== place || each !== bit);
    save({ flipped: others.length < model.get("flipped").length ? others : [...others, [place, bit]] });
  }

  function fields() {
    expression.show();
    typed.show((!model.get("flipped").length && model.get("typed")) || written(model.get("given")));
  }

  function written({ shape, texts }, depth = 0, from = 0) {
    if (depth === shape.length) return texts[from];
    const step = count(shape.slice(depth + 1));
    return `[${Array.from({ length: shape[depth] }, (_, i) => written({ shape, texts }, depth + 1, from + i * step)).join(", ")}]`;
  }

  const answered = () => {
    ahead = null;
    lay();
  };
  for (const [key, name] of [["t", "typed"], ["step", "step"]]) if (address.read(key)) model.set(name, address.read(key));
  if (address.read("width")) widen(Math.max(2, Math.min(20, Number(address.read("width")) || 2)));
  model.save_changes();
  fields();
  lay();
  return followed(model, { shown: answered, ...all(["message", "step", "typed", "given"], fields) });
}

export default { render };
