// Draws nothing itself: the SVG comes with the model, here its texts and classes follow the step.

const PACES = { slow: 3200, steady: 1600, quick: 700 };

function render({ model, el }) {
  const root = framed(model, "graph");
  const address = inAddress(model);
  const sheets = element("div", { class: "tb-panels" });
  const said = element("p", { class: "tb-said", "aria-hidden": "true" });
  const stand = element("span", { class: "tb-number tb-quiet tb-step-number" });
  const others = element("div", { class: "tb-bar", role: "group" });
  let panels = [];

  const last = () => Math.max(1, ...model.get("runs").map((run) => run.steps.length)) - 1;
  const steps = stepBar({
    at: () => Math.min(model.get("step"), last()), last, go: move, paces: PACES, usual: "steady", where: stand,
    words: { play: "Play", pause: "Pause", again: "Play", back: "Back", on: "Step" }, names: { step: "Step", pace: "Pace" },
  });

  function move(step) {
    put(model, { step });
    address.write("step", model.get("step") || "");
  }

  const toggle = (name) => put(model, { beside: model.get("beside") === name ? "" : name }, address);

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
    const buttons = choiceButtons(runs.slice(1).map((run) => run.name), model.get("beside"), toggle);
    others.replaceChildren(...(buttons.length ? [element("span", { class: "tb-quiet" }, model.get("question")), ...buttons] : []));
    others.setAttribute("aria-label", model.get("question"));
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
    steps.show(`${at} of ${last()}`);
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
    steps.bar,
    others,
    said,
  );
  steps.keys(root);
  el.append(root);

  const place = address.read("step");
  if (model.get("runs").some((run) => run.name === address.read("beside"))) model.set("beside", address.read("beside"));
  if (place !== null && /^\d+$/.test(place)) model.set("step", model.get("runs").length ? Math.min(Number(place), last()) : Number(place));
  model.save_changes();
  lay();
  return together(steps.end, resized(sheets, show), followed(model, { runs: lay, beside: lay, step: show }));
}

export default { render };
