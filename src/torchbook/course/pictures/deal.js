// A deck of cards dealt into batches.

function render({ model, el }) {
  const root = framed(model, "deal");
  const address = inAddress(model);
  const [SIDE, GAP, SEEN, BAND] = [34, 4, 30, 28]; // of a card, how many are seen, and the height of the strip
  let [batch, epoch] = [0, 0];
  const sizes = model.get("sizes");
  const size = slider("batch size", { min: 0, max: sizes.length - 1, get: () => model.get("size"), set: (size) => set({ size }), to: (at) => sizes[at], from: (size) => sizes.indexOf(size), words: String });
  const turn = slider("batch", { min: 0, get: () => batch, set: (to) => go(to), words: (at) => `batch ${at + 1} of ${count()}` });
  const shuffle = element("button", { type: "button", onclick: () => set({ shuffle: !model.get("shuffle") }) }, "Shuffle");
  const next = element("button", { type: "button", onclick: () => go(0, (epoch + 1) % model.get("orders").length) }, "Next epoch");
  const strip = element("canvas", { class: "tb-strip", "aria-hidden": true, onpointerdown: pick });
  const said = element("p", { class: "tb-contents tb-number", role: "status" });
  const table = element("canvas", { class: "tb-table", "aria-hidden": true });
  const rest = element("p", { class: "tb-quiet tb-rest tb-number" });
  const pictures = new Image();
  const count = () => Math.ceil(model.get("labels").length / model.get("size"));
  // One batch after another, the whole deck in about four seconds.
  const { button, halt } = goingButton({ at: () => batch, last: () => count() - 1, go, pace: () => 100 / Math.ceil(count() / 40), words: ["Deal", "Stop"] });
  root.append(
    element("div", { class: "tb-bar" }, element("label", { class: "tb-wide" }, "batch size", size.input, size.output), shuffle),
    strip,
    element("div", { class: "tb-bar" }, button, element("label", { class: "tb-wide" }, "batch", turn.input), next),
    said, table, rest,
  );
  el.append(root);

  const order = () => (model.get("shuffle") ? model.get("orders")[epoch] : [...model.get("labels").keys()]);
  const colour = (label) => `hsl(${(360 * label) / model.get("names").length} 60% 55%)`;

  function set(traits) {
    halt();
    batch = 0;
    put(model, traits, address);
  }

  function go(to, of = epoch) {
    [batch, epoch] = [to, of];
    draw();
  }

  function pick(event) {
    const box = strip.getBoundingClientRect();
    const card = Math.floor(((event.clientX - box.left) / box.width) * model.get("labels").length);
    halt();
    go(Math.max(0, Math.min(count() - 1, Math.floor(card / model.get("size")))));
  }

  const across = () => Math.max(240, Math.floor(root.clientWidth));
  const cleared = (canvas, high) => penOf(furnish(canvas, { style: `width:${across()}px;height:${high}px` }), across(), high);

  function draw() {
    const [labels, names, length] = [model.get("labels"), model.get("names"), model.get("size")];
    const cards = order();
    turn.input.max = count() - 1;
    for (const each of [size, turn]) each.show();
    shuffle.setAttribute("aria-pressed", String(model.get("shuffle")));
    const pen = cleared(strip, BAND);
    const each = across() / cards.length;
    cards.forEach((card, i) => {
      pen.fillStyle = colour(labels[card]);
      pen.fillRect(i * each, 5, each + 0.5, BAND - 10);
    });
    if (!model.get("shuffle")) name(pen, cards, each);
    const here = cards.slice(batch * length, (batch + 1) * length);
    [pen.strokeStyle, pen.lineWidth] = [getComputedStyle(root).color, 2];
    pen.strokeRect(Math.min(across() - 4, batch * length * each) + 1, 1, Math.max(2, here.length * each - 2), BAND - 2);
    const counts = names.map((name, label) => [here.filter((card) => labels[card] === label).length, name]).filter(([many]) => many);
    said.replaceChildren(`epoch ${epoch + 1}, batch ${batch + 1} of ${count()}: `, element("b", {}, counts.map(([many, name]) => `${many} × ${name}`).join(", ")));
    lay(here);
  }

  // The name of each class upon its cards, where they lie together in the strip.
  function name(pen, cards, each) {
    const labels = model.get("labels");
    [pen.fillStyle, pen.font, pen.textAlign, pen.textBaseline] = ["#000", "600 12px system-ui, sans-serif", "center", "middle"];
    for (let from = 0, to = 0; from < cards.length; from = to) {
      while (to < cards.length && labels[cards[to]] === labels[cards[from]]) to++;
      const text = model.get("names")[labels[cards[from]]];
      if (pen.measureText(text).width < (to - from) * each) pen.fillText(text, ((from + to) / 2) * each, BAND / 2 + 1);
    }
  }

  // The cards of a batch, as many as are seen.
  function lay(here) {
    const columns = Math.floor((across() + GAP) / (SIDE + GAP));
    const rows = Math.ceil(Math.min(SEEN, model.get("labels").length) / columns);
    const pen = cleared(table, rows * (SIDE + GAP));
    const [w, h, inRow] = model.get("cell");
    here.slice(0, columns * rows).forEach((card, i) => {
      const [x, y] = [i % columns, Math.floor(i / columns)].map((place) => place * (SIDE + GAP));
      pen.fillStyle = colour(model.get("labels")[card]);
      pen.beginPath();
      pen.roundRect(x, y, SIDE, SIDE, 4);
      pen.fill();
      if (w && pictures.complete) pen.drawImage(pictures, (card % inRow) * w, Math.floor(card / inRow) * h, w, h, x + 3, y + 3, SIDE - 6, SIDE - 6);
    });
    rest.textContent = here.length > columns * rows ? `and ${here.length - columns * rows} more cards` : "";
  }

  pictures.onload = draw;
  if (model.get("sheet")) pictures.src = model.get("sheet");
  address.load({ size: (text) => sizes.find((size) => size === Number(text)), shuffle: (text) => text === "true" });
  draw();
  return together(halt, resized(root, draw), followed(model, all(["size", "shuffle"], draw)));
}

export default { render };
