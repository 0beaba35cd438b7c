// The operands of an operation as grids, stretched step by step, and the table of their sizes.

function render({ model, el }) {
  const root = framed(model, "broadcast");
  const address = inAddress(model);
  const expression = codeField("expression", 26, (text) => save({ expression: text, step: 0 }));
  const typed = Object.keys(model.get("typed")).map((name) => [name, codeField(`${name} =`, 8, (text) => save({ typed: { ...model.get("typed"), [name]: text }, step: 0 }))]);
  const choices = element("div", { class: "tb-bar", role: "group", "aria-label": "Choices" });
  const message = element("p", { class: "tb-message", role: "status" });
  const steps = stepBar({ at: () => now(), last: () => stages().length - 1, go, words: { back: "Back", on: "Step" }, names: { step: "step" } });
  const caption = element("p", { class: "tb-caption tb-number" });
  const sizes = element("div", { class: "tb-sizes" });
  const scene = element("div", { class: "tb-scene" });
  const sum = element("p", { class: "tb-sum tb-number tb-quiet" });
  root.append(
    element("div", { class: "tb-bar tb-fields" }, ...typed.map(([, each]) => each.label), expression.label), choices, message,
    steps.bar, caption, element("div", { class: "tb-body" }, sizes, scene), sum,
  );
  el.append(root);
  let cells = []; // of what is drawn: { made, side, at }, with the place of the cell in the stretched grid

  const stages = () => model.get("shown").stages;
  const now = () => Math.max(0, Math.min(model.get("step"), stages().length - 1));
  function save(traits) {
    put(model, traits);
    for (const name of ["expression", "step"]) address.write(name, String(model.get(name)));
    for (const [name, text] of Object.entries(model.get("typed"))) address.write(name, text);
  }
  function go(step) {
    save({ step });
    show();
  }

  // The element of an operand that stands at an index of its stretched grid, and whether it is only repeated there.
  function source({ shape }, index) {
    const own = index.slice(index.length - shape.length);
    const at = own.reduce((sum, each, dim) => sum * shape[dim] + (shape[dim] === 1 ? 0 : each), 0);
    const ghost = index.slice(0, index.length - shape.length).some((each) => each > 0) || own.some((each, dim) => shape[dim] === 1 && each > 0);
    return { at, ghost };
  }

  function grid(operation, side, shape, done) {
    const tensor = operation[side];
    const made = indices(shape).map((index, place) => {
      const { at, ghost } = side === "result" ? { at: place, ghost: false } : source(tensor, index);
      const hidden = side === "result" && place >= done;
      const cell = element("span", { class: `tb-cell tb-${side}`, onpointerenter: () => point(place), tabindex: side === "result" && !hidden ? -1 : undefined, onfocus: () => point(place) }, hidden ? "" : tensor.texts[at]);
      cell.classList.toggle("tb-ghost", ghost);
      cell.classList.toggle("tb-red", Boolean(operation.red) && (ghost || (side === "result" && !hidden)));
      cell.classList.toggle("tb-empty", hidden);
      cells.push({ made: cell, side, at: place });
      return cell;
    });
    const name = side === "result" ? "result" : tensor.code;
    const box = element("div", { class: "tb-side", role: "group", "aria-label": `${name}, shape ${shape.join(" by ") || "of one number"}` }, element("p", {}, element("code", {}, name), ` [${shape.join(", ")}]`), element("div", { class: "tb-blocks" }, ...tablesOf(made, shape, 2.3)));
    if (side === "result") roving(box, ".tb-cell:not(.tb-empty)", shape.at(-1) ?? 1);
    return box;
  }

  // What met at a place of the result.
  function point(place) {
    const stage = stages()[now()];
    const { sign, left, right, result } = model.get("shown").operations[stage.of];
    if (!result || place >= stage.done) return;
    let here = { left: new Set([place]), right: new Set([place]) };
    if (sign === "@") {
      const inner = left.shape.at(-1);
      const columns = right.shape.length > 1 ? right.shape[1] : 1;
      const [row, column] = [Math.floor(place / columns), place % columns];
      here = { left: new Set(Array.from({ length: inner }, (_, k) => row * inner + k)), right: new Set(Array.from({ length: inner }, (_, k) => k * columns + column)) };
      sum.textContent = place + 1 === stage.done ? "" : stages().find((each) => each.of === stage.of && each.done === place + 1).caption;
    } else if (right) {
      const index = indices(result.shape)[place];
      sum.textContent = `At [${index.join(", ")}]: ${left.texts[source(left, index).at]} ${sign} ${right.texts[source(right, index).at]} = ${result.texts[place]}`;
    } else {
      const { dim } = model.get("shown").operations[stage.of];
      const aim = indices(result.shape)[place];
      const kept = aim.length === left.shape.length ? (index) => index.map((each, at) => (at === dim ? 0 : each)) : (index) => index.filter((_, at) => at !== dim);
      const chosen = indices(left.shape).flatMap((index, at) => (dim === null || String(kept(index)) === String(aim) ? [at] : []));
      here = { left: new Set(chosen), right: new Set() };
      sum.textContent = `${sign} of ${chosen.map((at) => left.texts[at]).join(", ")} = ${result.texts[place]}`;
    }
    for (const { made, side, at } of cells) made.classList.toggle("tb-here", side === "result" ? at === place : here[side].has(at));
  }

  // The sizes, lined up from the right.
  function table({ left, right, result, code, red }, stage) {
    const shapes = [[left.code, left.shape, stage.left], [right.code, right.shape, stage.right]];
    const ndim = Math.max(...shapes.map(([, , shape]) => shape.length));
    const row = ([name, own, shape]) => element("tr", {}, element("th", { scope: "row" }, element("code", {}, name)), ...Array.from({ length: ndim }, (_, column) => {
      const at = column - (ndim - shape.length);
      if (at < 0) return element("td", {}, "");
      const before = own[column - (ndim - own.length)] ?? 1;
      const stretched = shape[at] !== before || column < ndim - own.length;
      return element("td", { class: stretched ? (red ? "tb-red" : "tb-ghost") : "" }, shape[at] === before ? before : `${before} → ${shape[at]}`);
    }));
    const sums = stage.done ? [["result", result.shape, result.shape]] : [];
    return element("table", {}, element("tbody", {}, ...[...shapes, ...sums].map(row)));
  }

  function show() {
    const stage = stages()[now()];
    steps.show();
    cells = [];
    sum.textContent = "";
    if (!stage) {
      caption.textContent = `No two tensors meet here. It gives ${model.get("shown").result}.`;
      sizes.replaceChildren();
      return scene.replaceChildren();
    }
    const operation = model.get("shown").operations[stage.of];
    const { sign, left, right, result, red } = operation;
    caption.replaceChildren(element("code", {}, operation.code), ` ${stage.caption}`);
    caption.classList.toggle("tb-red", Boolean(red && stage.done) || (Boolean(operation.error) && now() === stages().length - 1));
    const meet = sign !== "@" && right;
    sizes.replaceChildren(...(meet ? [table(operation, stage)] : []));
    scene.classList.toggle("tb-product", sign === "@");
    scene.replaceChildren(
      grid(operation, "left", meet ? stage.left : left.shape, 0),
      ...(right ? [element("span", { class: "tb-sign" }, sign), grid(operation, "right", meet ? stage.right : right.shape, 0)] : []),
      ...(result ? [element("span", { class: "tb-sign" }, "="), grid(operation, "result", result.shape, stage.done)] : []),
    );
    if (sign === "@" && stage.done) point(stage.done - 1);
  }

  function fields() {
    message.textContent = model.get("message");
    expression.show(model.get("expression"));
    root.classList.toggle("tb-stale", Boolean(model.get("message")));
    for (const [name, field] of typed) {
      const text = model.get("typed")[name];
      field.show(text);
      field.label.style.flexBasis = `${Math.min(30, (name.length + text.length) * 0.54 + 3.7)}rem`; // all of it can be read
    }
    choices.replaceChildren(...codeButtons(model.get("choices"), model.get("expression"), (each) => save({ expression: each, step: 0 })));
  }

  const linked = typed.filter(([name]) => address.read(name)).map(([name]) => [name, address.read(name)]);
  if (linked.length) model.set("typed", { ...model.get("typed"), ...Object.fromEntries(linked) });
  address.load({ expression: String, step: numberIn });
  fields();
  show();
  return followed(model, { ...all(["shown", "step"], show), ...all(["message", "expression", "typed"], fields) });
}

export default { render };
