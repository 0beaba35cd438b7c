// A deck of cards dealt into batches, and bars of waiting and computing.

function render({ model, el }) {
  const root = framed(model, "deal");
  const address = inAddress(model);
  const [width, height, gap, limit, band] = [34, 34, 4, 30, 28]; // of a card, how many are seen, and of the strip
  const sizes = model.get("sizes");
  let batch = 0;
  let epoch = 0;
  let timer = null;
  const size = element("input", { type: "range", min: 0, max: sizes.length - 1, "aria-label": "batch size", oninput: () => set({ size: sizes[size.value] }) });
  const sizeText = element("output", { class: "tb-number" });
  const shuffle = element("button", { type: "button", onclick: () => set({ shuffle: !model.get("shuffle") }) }, "Shuffle");
  const next = element("button", { type: "button", onclick: () => go(0, (epoch + 1) % model.get("orders").length) }, "Next epoch");
  const play = element("button", { type: "button", onclick: () => (timer ? stop() : start()) }, "Deal");
  const turn = element("input", { type: "range", min: 0, "aria-label": "batch", oninput: () => go(Number(turn.value)) });
  const strip = element("canvas", { class: "tb-strip", "aria-hidden": true, onpointerdown: pick });
  const said = element("p", { class: "tb-contents tb-number", role: "status" });
  const table = element("canvas", { class: "tb-table", "aria-hidden": true });
  const rest = element("p", { class: "tb-quiet tb-rest tb-number" });
  const measure = element("button", { type: "button", onclick: ask }, "Measure on this machine");
  const bars = element("div", { class: "tb-bars tb-number" });
  const pictures = new Image();
  root.append(
    ...(model.get("measures") ? [element("div", { class: "tb-bar" }, measure, key("waiting", "waiting"), key("work", "computing")), bars] : []),
    ...(model.get("deck") ? [
      element("div", { class: "tb-bar" }, element("label", { class: "tb-wide" }, "batch size", size, sizeText), shuffle),
      strip,
      element("div", { class: "tb-bar" }, play, element("label", { class: "tb-wide" }, "batch", turn), next),
      said, table, rest,
    ] : []),
  );
  el.append(root);

  const order = () => (model.get("shuffle") ? model.get("orders")[epoch] : model.get("labels").map((_, i) => i));
  const count = () => Math.ceil(model.get("labels").length / model.get("size"));
  const colour = (label) => `hsl(${(360 * label) / model.get("names").length} 60% 55%)`;

  function set(traits) {
    stop();
    batch = 0;
    for (const [name, value] of Object.entries(traits)) {
      model.set(name, value);
      address.write(name, String(value));
    }
    model.save_changes();
    draw();
  }

  function go(to, of = epoch) {
    [batch, epoch] = [to, of];
    draw();
  }

  // Deals one batch after another, the whole deck in about four seconds.
  function start() {
    if (batch === count() - 1) batch = -1;
    play.textContent = "Stop";
    timer = setInterval(() => (batch < count() - 1 ? go(Math.min(count() - 1, batch + Math.ceil(count() / 40))) : stop()), 100);
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Deal";
  }

  function pick(event) {
    const box = strip.getBoundingClientRect();
    const card = Math.floor(((event.clientX - box.left) / box.width) * model.get("labels").length);
    stop();
    go(Math.max(0, Math.min(count() - 1, Math.floor(card / model.get("size")))));
  }

  // A canvas as wide as the picture, in the pixels of the screen.
  function sheetOf(canvas, high) {
    const wide = Math.max(240, Math.floor(root.clientWidth));
    const fine = window.devicePixelRatio || 1;
    [canvas.width, canvas.height] = [wide * fine, high * fine];
    [canvas.style.width, canvas.style.height] = [`${wide}px`, `${high}px`];
    const pen = canvas.getContext("2d");
    pen.scale(fine, fine);
    return [pen, wide];
  }

  function draw() {
    const [labels, names, length] = [model.get("labels"), model.get("names"), model.get("size")];
    const cards = order();
    size.value = sizes.indexOf(length);
    sizeText.textContent = length;
    shuffle.setAttribute("aria-pressed", String(model.get("shuffle")));
    turn.max = count() - 1;
    turn.value = batch;
    turn.setAttribute("aria-valuetext", `batch ${batch + 1} of ${count()}`);
    const [pen, wide] = sheetOf(strip, band);
    const each = wide / cards.length;
    cards.forEach((card, i) => {
      pen.fillStyle = colour(labels[card]);
      pen.fillRect(i * each, 5, each + 0.5, band - 10);
    });
    if (!model.get("shuffle")) name(pen, cards, each);
    const here = cards.slice(batch * length, (batch + 1) * length);
    pen.strokeStyle = getComputedStyle(root).color;
    pen.lineWidth = 2;
    pen.strokeRect(Math.min(wide - 4, batch * length * each) + 1, 1, Math.max(2, here.length * each - 2), band - 2);
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
      if (pen.measureText(text).width < (to - from) * each) pen.fillText(text, ((from + to) / 2) * each, band / 2 + 1);
    }
  }

  function lay(here) {
    const across = Math.floor((Math.max(240, root.clientWidth) + gap) / (width + gap));
    const rows = Math.ceil(Math.min(limit, model.get("labels").length) / across);
    const [pen] = sheetOf(table, rows * (height + gap));
    const [w, h, columns] = model.get("cell");
    here.slice(0, across * rows).forEach((card, i) => {
      const [x, y] = [(i % across) * (width + gap), Math.floor(i / across) * (height + gap)];
      pen.fillStyle = colour(model.get("labels")[card]);
      pen.beginPath();
      pen.roundRect(x, y, width, height, 4);
      pen.fill();
      if (w && pictures.complete) pen.drawImage(pictures, (card % columns) * w, Math.floor(card / columns) * h, w, h, x + 3, y + 3, width - 6, height - 6);
    });
    rest.textContent = here.length > across * rows ? `and ${here.length - across * rows} more cards` : "";
  }

  function key(name, text) {
    return element("span", { class: "tb-legend" }, element("span", { class: `tb-key tb-${name}` }), ` ${text}`);
  }

  function ask() {
    enable(measure, false);
    model.send({ measure: true });
  }

  function measured() {
    const all = model.get("bars");
    const longest = Math.max(...all.map(([, waiting, work]) => waiting + work));
    const part = (name, share) => element("span", { class: `tb-${name}`, style: `width:${(100 * share) / longest}%` });
    bars.replaceChildren(
      ...all.map(([name, waiting, work]) =>
        element("div", { class: "tb-measured" }, element("span", {}, name), element("span", { class: "tb-track" }, part("waiting", waiting), part("work", work)), element("span", {}, `${brief(waiting)} + ${brief(work)}`))),
      element("p", { class: "tb-quiet" }, all.length ? "in millionths of a second for each picture" : "Nothing has been measured on this machine yet."),
    );
  }

  pictures.onload = draw;
  if (model.get("sheet")) pictures.src = model.get("sheet");
  if (sizes.includes(Number(address.read("size")))) model.set("size", Number(address.read("size")));
  if (address.read("shuffle")) model.set("shuffle", address.read("shuffle") === "true");
  model.save_changes();
  measured();
  draw();
  const unfollow = followed(model, { size: draw, shuffle: draw, bars: measured, "msg:custom": () => enable(measure, true) });
  const watcher = new ResizeObserver(draw);
  watcher.observe(root);
  return () => {
    stop();
    watcher.disconnect();
    unfollow();
  };
}

export default { render };
