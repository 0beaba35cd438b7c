// Draws nothing itself: the SVG comes with the model, here its texts and classes follow the step.

const PACES = { slow: 3200, steady: 1600, quick: 700 };

function render({ model, el }) {
  const root = framed(model, "graph");
  const address = inAddress(model);
  const sheets = element("div", { class: "tb-panels" });
  const said = element("p", { class: "tb-said", "aria-hidden": "true" });
  const stand = element("span", { class: "tb-number tb-quiet tb-step-number" });
  const play = element("button", { type: "button", onclick: () => (timer ? pause() : start()) }, "Play");
  const back = element("button", { type: "button", onclick: () => go(model.get("step") - 1) }, "Back");
  const next = element("button", { type: "button", onclick: () => go(model.get("step") + 1) }, "Step");
  const scrub = element("input", {
    type: "range", min: 0, step: 1, "aria-label": "Step", oninput: () => go(Number(scrub.value)),
  });
  const pace = element("select", { "aria-label": "Pace", onchange: () => timer && start() },
    ...Object.keys(PACES).map((name) => element("option", { value: name, selected: name === "steady" }, name)));
  const others = element("div", { class: "tb-bar", role: "group" });
  let timer = null;
  let panels = [];

  const last = () => Math.max(1, ...model.get("runs").map((run) => run.steps.length)) - 1;

  function move(step) {
    model.set("step", Math.min(Math.max(step, 0), last()));
    model.save_changes();
    address.write("step", model.get("step") || "");
  }

  function go(step) {
    pause();
    move(step);
  }

  function start() {
    clearInterval(timer);
    if (model.get("step") >= last()) move(0);
    timer = setInterval(() => (model.get("step") < last() ? move(model.get("step") + 1) : pause()), PACES[pace.value]);
    play.textContent = "Pause";
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  }

  function toggle(name) {
    model.set("beside", model.get("beside") === name ? "" : name);
    model.save_changes();
    address.write("beside", model.get("beside"));
  }

  // A sheet of paper for each run that is shown, and a button for each of the others.
  function lay() {
    const runs = model.get("runs");
    const shown = runs.filter((run, number) => number === 0 || run.name === model.get("beside"));
    panels = shown.map((run, number) => {
      const sheet = element("div", { class: "tb-sheet" });
      const title = shown.length > 1 ? [element("h4", {}, run.name)] : [];
      return { run, sheet, drawing: "", frame: element("div", { class: `tb-panel tb-run-${number}` }, ...title, sheet) };
    });
    sheets.replaceChildren(...panels.map((one) => one.frame));
    const focused = others.contains(document.activeElement) || others.contains(el.getRootNode().activeElement);
    const buttons = runs.slice(1).map((run) => element("button", {
      type: "button", "aria-pressed": String(run.name === model.get("beside")), onclick: () => toggle(run.name),
    }, run.name));
    others.replaceChildren(...(buttons.length ? [element("span", { class: "tb-quiet" }, model.get("question")), ...buttons] : []));
    others.setAttribute("aria-label", model.get("question"));
    if (focused) (buttons.find((one) => one.getAttribute("aria-pressed") === "true") ?? buttons[0])?.focus();
    scrub.max = last();
    show();
  }

  const now = (run) => run.steps[Math.min(model.get("step"), run.steps.length - 1)];

  function show() {
    const at = model.get("step");
    for (const one of panels) {
      const step = now(one.run);
      const svg = drawing(one, step);
      svg.classList.toggle("tb-gone", step.gone);
      svg.classList.toggle("tb-back", step.phase === "backward" || step.phase === "leaf");
      for (const part of svg.querySelectorAll("[data-key]")) {
        const key = part.dataset.key;
        part.classList.toggle("tb-active", step.active.includes(key));
        const write = (name, text) => (part.querySelector(name).textContent = text ?? "");
        if (part.classList.contains("tb-edge")) {
          write(".tb-part", step.parts[key]);
        } else {
          write(".tb-value", step.values[key]);
          const gradient = step.gradients[key];
          write(".tb-gradient", gradient && (part.dataset.kind === "result" ? `gradient ${gradient}` : `.grad ${gradient}`));
        }
      }
    }
    const texts = panels.map(({ run }) => (panels.length > 1 ? `${run.name}: ${now(run).said}` : now(run).said));
    said.replaceChildren(...texts.map((text) => element("span", {}, text)));
    model.set("alternative", `Step ${at} of ${last()}. ${texts.join(" ")}`);  // as Python says it, but at once
    stand.textContent = `${at} of ${last()}`;
    scrub.value = at;
    scrub.setAttribute("aria-valuetext", `${at} of ${last()}`);
    back.disabled = at === 0;
    next.disabled = at === last();
  }

  // The drawing for a step: along the page where there is room for it, and else upright.
  function drawing(one, step) {
    const graph = one.run.graphs[step.graph];
    const room = one.sheet.clientWidth - 16;
    const along = Number(/width="([\d.]+)"/.exec(graph.along)[1]) <= room / 0.85;
    const markup = along ? graph.along : graph.upright;
    if (one.drawing !== markup) {
      one.sheet.innerHTML = markup;
      one.drawing = markup;
      const svg = one.sheet.firstElementChild;
      svg.style.minWidth = `${0.8 * svg.getAttribute("width")}px`;
    }
    return one.sheet.firstElementChild;
  }

  root.append(
    sheets,
    element("div", { class: "tb-bar" }, play, back, next, scrub, stand, pace),
    others,
    said,
  );
  root.addEventListener("keydown", (event) => {
    if (event.target === scrub || event.target === pace) return;
    if (event.key === "ArrowRight") go(model.get("step") + 1);
    else if (event.key === "ArrowLeft") go(model.get("step") - 1);
    else return;
    event.preventDefault();
  });
  el.append(root);

  const place = address.read("step");
  if (model.get("runs").some((run) => run.name === address.read("beside"))) model.set("beside", address.read("beside"));
  if (place !== null && /^\d+$/.test(place)) model.set("step", model.get("runs").length ? Math.min(Number(place), last()) : Number(place));
  model.save_changes();
  lay();
  model.on("change:runs", lay);
  model.on("change:beside", lay);
  model.on("change:step", show);
  const watch = new ResizeObserver(show);
  watch.observe(sheets);
  return () => {
    pause();
    watch.disconnect();
  };
}

export default { render };
