// A picture as a tensor: what an expression makes of it, drawn number by number in the order of reading, and the walk
// through its storage.

function render({ model, el }) {
  const AROUND = 6; // cells to each side of the one that is read
  const root = framed(model, "strides");
  const address = inAddress(model);
  const expression = codeField("t →", 26, (text) => choose(text), "An expression of t");
  const steps = element("div", { class: "tb-bar", role: "group", "aria-label": "What becomes of t" });
  const message = element("p", { class: "tb-message", role: "status" });
  const sheet = element("canvas", { class: "tb-sheet", role: "img", onpointerdown: pointed });
  const facts = element("p", { class: "tb-facts tb-number" });
  const rule = element("p", { class: "tb-rule tb-number" });
  const strip = element("canvas", { class: "tb-strip", width: 480, height: 1, "aria-hidden": "true" });
  const needle = element("span", { class: "tb-needle" });
  const cells = element("div", { class: "tb-cells tb-number", "aria-hidden": "true" }, ...Array.from({ length: 2 * AROUND + 1 }, () => element("span")));
  const walk = element("input", { type: "range", min: 0, "aria-label": "How far it is read", oninput: () => (halt(), show(Number(walk.value))) });
  const play = element("button", { type: "button", onclick: () => (timer ? halt() : start()) }, "Read");
  const one = element("button", { type: "button", "aria-label": "+1: read one number more", onclick: () => (halt(), show(at < total - 1 ? at + 1 : 0)) }, "+1");
  let [facing, memory, total, at, timer] = [null, null, 0, 0, 0];

  root.append(
    element("div", { class: "tb-bar" }, expression.label), steps, message,
    element("div", { class: "tb-sides" }, element("div", {}, sheet), element("div", {},
      element("div", { class: "tb-bar" }, play, one, walk),
      element("p", { class: "tb-quiet tb-caption" }, "All of the storage, and the numbers around the needle"),
      element("div", { class: "tb-street" }, strip, needle), cells, rule, facts)),
  );
  el.append(root);

  function choose(step) {
    model.set("step", step === "t" ? "" : step);
    model.save_changes();
    address.write("step", model.get("step"));
    follow();
  }

  const octets = (view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

  // The result of the chosen expression; before Python has answered a new one, the last.
  function follow() {
    const step = model.get("step");
    message.textContent = model.get("message");
    expression.show(step || "t");
    steps.replaceChildren(...codeButtons(model.get("steps"), step, choose, (each) => each || "t"));
    const next = model.get("results")[step];
    if (!next || next === facing) return;
    facing = next;
    memory = octets(facing.shared ? model.get("memory") : facing.memory);
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
    if (sheet.width !== wide || sheet.height !== high) [sheet.width, sheet.height] = [wide, high];
    const image = new ImageData(wide, high);
    const read = new Uint8Array(memory.length);
    for (let y = 0; y < high; y++) for (let x = 0; x < wide; x++) for (let c = 0; c < 3; c++) {
      const element = number(y, x, Math.min(c, colours - 1));
      if (element > at) continue;
      const place = lies(element);
      read[place] = 1;
      image.data[4 * (y * wide + x) + c] = memory[place];
      image.data[4 * (y * wide + x) + 3] = 255;
    }
    sheet.getContext("2d").putImageData(image, 0, 0);
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
      cell.className = `${read[near] ? "tb-read" : ""} ${k === AROUND ? "tb-here" : ""} ${there && facing.shared ? `tb-channel-${near % 3}` : ""}`;
    });
  }

  // The storage as grey, each column the mean of the numbers that it has room for.
  function drawStrip() {
    const image = new ImageData(480, 1);
    for (let x = 0; x < 480; x++) {
      const part = memory.subarray(Math.floor((x * memory.length) / 480), Math.max(Math.floor(((x + 1) * memory.length) / 480), Math.floor((x * memory.length) / 480) + 1));
      image.data.set([...Array(3).fill(part.reduce((sum, each) => sum + each, 0) / part.length), 255], 4 * x);
    }
    strip.getContext("2d").putImageData(image, 0, 0);
  }

  function start() {
    if (at >= total - 1) show(0);
    play.textContent = "Stop";
    let last = performance.now();
    const go = (now) => {
      const far = ((now - last) * total) / 8000; // the whole in eight seconds
      if (far >= 1) [last] = [now, show(at + Math.floor(far))];
      timer = at < total - 1 && root.isConnected ? requestAnimationFrame(go) : halt();
    };
    timer = requestAnimationFrame(go);
  }

  function halt() {
    cancelAnimationFrame(timer);
    play.textContent = "Read";
    return (timer = 0);
  }

  // Reads as far as the pixel that is pressed.
  function pointed(event) {
    halt();
    const box = sheet.getBoundingClientRect();
    const { high, wide, number } = looks();
    const scale = Math.min(box.width / wide, box.height / high);
    const [x, y] = [(event.clientX - box.left - (box.width - wide * scale) / 2) / scale, (event.clientY - box.top - (box.height - high * scale) / 2) / scale].map(Math.floor);
    if (x >= 0 && y >= 0 && x < wide && y < high) show(number(y, x, 0));
  }

  const unfollow = followed(model, all(["step", "results", "message"], follow));
  if (address.read("step")) choose(address.read("step"));
  follow();
  return () => {
    halt();
    unfollow();
  };
}

export default { render };
