// A picture as a tensor: what an expression makes of it, drawn number by number in the order of reading, and the walk
// through its storage.

function render({ model, el }) {
  const AROUND = 6; // cells to each side of the one that is read
  const EIGHT_SECONDS = 8000; // in which all is read
  const root = framed(model, "strides");
  const address = inAddress(model);
  const expression = expressionOf(model, "t →", 26, (step) => put(model, { step }, address));
  const sheet = element("canvas", { class: "tb-sheet", role: "img", onpointerdown: pointed });
  const facts = element("p", { class: "tb-facts tb-number" });
  const rule = element("p", { class: "tb-rule tb-number" });
  const strip = element("canvas", { class: "tb-strip", "aria-hidden": "true" });
  const needle = element("span", { class: "tb-needle" });
  const cells = element("div", { class: "tb-cells tb-number", "aria-hidden": "true" }, ...Array.from({ length: 2 * AROUND + 1 }, () => element("span")));
  const read = (i) => (halt(), show(i));
  const walk = element("input", { type: "range", min: 0, "aria-label": "How far it is read", oninput: () => read(Number(walk.value)) });
  const one = element("button", { type: "button", "aria-label": "+1: read one number more", onclick: () => read(at < total - 1 ? at + 1 : 0) }, "+1");
  let [facing, memory, total, at] = [null, null, 0, 0];
  const { button, halt } = goingButton({ at: () => at, last: () => total - 1, go: show, pace: () => EIGHT_SECONDS / total, words: ["Read", "Stop"] });

  root.append(
    element("div", { class: "tb-bar" }, expression.label), expression.steps, expression.message,
    element("div", { class: "tb-sides" }, element("div", {}, sheet), element("div", {},
      element("div", { class: "tb-bar" }, button, one, walk),
      element("p", { class: "tb-quiet tb-caption" }, "All of the storage, and the numbers around the needle"),
      element("div", { class: "tb-street" }, strip, needle), cells, rule, facts)),
  );
  el.append(root);

  // The result of the chosen expression; before Python has answered a new one, the last.
  function follow() {
    expression.show();
    const next = model.get("results")[model.get("step")];
    if (!next || next === facing) return;
    facing = next;
    const { buffer, byteOffset, byteLength } = facing.shared ? model.get("memory") : facing.memory;
    memory = new Uint8Array(buffer, byteOffset, byteLength);
    total = count(facing.shape);
    walk.max = total - 1;
    halt();
    drawStrip();
    show(total - 1);
  }

  // Where element `i`, in the order of reading, lies in memory.
  const lies = (i) => indexAt(facing.shape, i).reduce((sum, each, axis) => sum + each * facing.stride[axis], facing.offset);

  // How wide and high the result is as a picture, and what index its pixel has there; `c` is a colour or null.
  function looks() {
    const { shape } = facing;
    if (shape.length === 3 && shape[2] === 3) return { high: shape[0], wide: shape[1], number: (y, x, c) => (y * shape[1] + x) * 3 + c, colours: 3 };
    if (shape.length === 3 && shape[0] === 3) return { high: shape[1], wide: shape[2], number: (y, x, c) => (c * shape[1] + y) * shape[2] + x, colours: 3 };
    const wide = shape.length ? shape.at(-1) : 1;
    return { high: total / wide, wide, number: (y, x) => y * wide + x, colours: 1 };
  }

  function show(i) {
    at = Math.max(0, Math.min(total - 1, i));
    walk.value = at;
    const { high, wide, number, colours } = looks();
    const visited = new Uint8Array(memory.length);
    drawPixels(sheet, wide, high, (pixel) => {
      const elements = [0, 1, 2].map((c) => number(Math.floor(pixel / wide), pixel % wide, Math.min(c, colours - 1))).filter((element) => element <= at);
      const places = elements.map(lies);
      for (const place of places) visited[place] = 1;
      return [0, 1, 2].map((c) => memory[places[c]] ?? 0).concat(places.length ? 255 : 0);
    });
    sheet.setAttribute("aria-label", model.get("alternative"));
    facts.textContent = factsOf(facing, model.get("step"));
    const where = indexAt(facing.shape, at);
    const place = lies(at);
    rule.replaceChildren(`element [${where.join(", ")}] lies at ${ruleOf(facing, where)} = `, element("b", {}, place.toLocaleString("en")));
    walk.setAttribute("aria-valuetext", `${at + 1} of ${total}: element ${where.join(", ")} lies at ${place}`);
    needle.style.left = `${(100 * (place + 0.5)) / memory.length}%`;
    [...cells.children].forEach((cell, k) => {
      const near = place - AROUND + k;
      const there = near >= 0 && near < memory.length;
      cell.textContent = there ? memory[near] : "";
      cell.className = `${visited[near] ? "tb-read" : ""} ${k === AROUND ? "tb-here" : ""} ${there && facing.shared ? `tb-channel-${near % 3}` : ""}`;
    });
  }

  // The storage as grey, each column the mean of the numbers that it has room for.
  function drawStrip() {
    const WIDE = 480;
    drawPixels(strip, WIDE, 1, (x) => {
      const [from, to] = [x, x + 1].map((column) => Math.floor((column * memory.length) / WIDE));
      const part = memory.subarray(from, Math.max(to, from + 1));
      return [...Array(3).fill(part.reduce((sum, each) => sum + each, 0) / part.length), 255];
    });
  }

  // Reads as far as the pixel that is pressed.
  function pointed(event) {
    const { high, wide, number } = looks();
    const [x, y] = pixelAt(sheet, event);
    if (x >= 0 && y >= 0 && x < wide && y < high) read(number(y, x, 0));
    else halt();
  }

  address.load({ step: (code) => (code === "t" ? "" : code) });
  follow();
  return together(halt, followed(model, all(["step", "results", "message"], follow)));
}

export default { render };
