// A recorded training to step through. Where it stands is one number, the step; every scene is drawn for it.

const SPEEDS = { slow: 700, normal: 120, fast: 25 }; // milliseconds a frame
const SETTLED = 250; // milliseconds without a move until the address and Python are told

function render({ model, el }) {
  const root = framed(model, "stepper");
  const address = inAddress(model);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const stage = element("div", { class: "tb-stage", tabindex: "0", role: "group" });
  const numbersOf = new Map();
  let [runs, shown, steps, position, scenes, loss] = [[], [], [0], 0, [], null];
  let [settling, width] = [null, 0];
  const unit = model.get("unit");
  const counter = element("output", { class: "tb-number tb-counter" });
  const others = element("div", { class: "tb-bar tb-others", role: "group", "aria-label": model.get("question") });
  const bar = stepBar({
    at: () => position, last: () => steps.length - 1, go, settled: settle, paces: SPEEDS, usual: calm ? "slow" : "normal", unit, where: counter,
  });
  root.append(stage, bar.bar, others);
  el.replaceChildren(root);

  const step = () => steps[position];
  const written = (name) => model.get("words")[name] ?? name.replaceAll("_", " ");

  // Which runs are there, and where we stand in them: at the same step as before, or at the end if we were there.
  function load() {
    const atEnd = steps.length > 1 && position === steps.length - 1;
    runs = model.get("runs").map(unpacked);
    choose(model.get("beside"), atEnd ? Infinity : runs.length && steps.length > 1 ? step() : model.get("step"));
  }

  function choose(beside, wanted) {
    const other = runs.slice(1).find((run) => run.name === beside);
    shown = other ? [runs[0], other] : runs.slice(0, 1);
    steps = [...new Set(shown.flatMap((run) => run.steps))].sort((a, b) => a - b);
    position = Math.max(0, steps.findLastIndex((one) => one <= wanted));
    others.hidden = runs.length < 2;
    bar.bar.hidden = steps.length < 2;
    const toggle = (name) => put(model, { beside: model.get("beside") === name ? "" : name });
    const names = runs.slice(1).map((run) => run.name);
    others.replaceChildren(element("span", { class: "tb-quiet" }, model.get("question")), ...choiceButtons(names, other?.name, toggle));
    build();
  }

  // Everything that depends on the width; only what moves is drawn again at each step.
  function build() {
    if (!width || !shown.length) return;
    const [pairs, perRun] = [shown.length > 1, shown[0].scenes.length];
    const gap = 16;
    const narrow = width < 560;
    const moves = steps.length > 1; // a single step is a picture without a loss curve
    const tiles = !pairs && perRun === 1 && shown[0].scenes[0].kind === "pictures"; // they need most of the room
    const single = narrow || (tiles && width < 840);
    const columns = pairs || perRun > 1 ? (narrow && !pairs ? 1 : 2) : single || !perRun || !moves ? 1 : 2;
    const share = columns === 1 ? 1 : tiles ? 0.66 : 0.5;
    const one = Math.floor((width - gap * (columns - 1)) * share);
    const high = Math.round(Math.max(170, Math.min(300, one * 0.8)));
    stage.style.gridTemplateColumns = tiles && columns === 2 ? `${one}px minmax(0, 1fr)` : `repeat(${columns}, minmax(0, 1fr))`;
    stage.setAttribute("aria-label", `${shown.map((run) => run.name).filter(Boolean).join(" beside ") || "A recorded training"}. Arrow keys: one ${unit}; space: play or pause; Home and End: first and last.`);
    scenes = [];
    numbersOf.clear();
    const blocks = shown.map((run, which) => {
      const made = run.scenes.map((scene) => makers[scene.kind](scene, run, one, high));
      scenes.push(...made.map((scene) => ({ ...scene, run })));
      const numbers = element("dl", { class: "tb-numbers tb-number" });
      numbersOf.set(run, numbers);
      const spread = !pairs && perRun > 1;
      const head = run.name && runs.length > 1 ? element("div", { class: `tb-name tb-run-${which}` }, run.name) : "";
      const inner = element("div", { class: "tb-scenes", style: `grid-template-columns: repeat(${spread ? columns : 1}, minmax(0, 1fr))` });
      inner.append(...made.map((scene) => scene.node));
      return element("div", { class: `tb-run-${which} tb-run`, style: spread ? "grid-column: 1 / -1" : "" }, head, inner, numbers);
    });
    const beside = columns === 2 && !pairs && perRun === 1;
    loss = lossScene(shown, beside ? (tiles ? width - gap - one : one) : width, beside ? high : Math.round(Math.max(150, Math.min(200, width * 0.3))), unit, model.get("words").loss);
    const lossBlock = element("div", { class: `tb-losses${beside && runs.length > 1 ? " tb-below-name" : ""}`, style: beside ? "" : "grid-column: 1 / -1" }, loss.node, legend());
    loss.node.addEventListener("pointerdown", scrub);
    loss.node.addEventListener("pointermove", (event) => event.buttons && scrub(event));
    stage.replaceChildren(...blocks, ...(moves ? [lossBlock] : []));
    draw();
  }

  function legend() {
    const names = shown[0].losses;
    if (names.length < 2) return "";
    return element("div", { class: "tb-quiet" }, names.map((name, i) => `${["solid", "dashed", "dotted"][i % 3]}: ${written(name)}`).join(", "));
  }

  function scrub(event) {
    const at = loss.area.value(event.clientX - loss.node.getBoundingClientRect().left);
    const after = steps.findIndex((one) => one >= at);
    const near = after < 0 ? steps.length - 1 : after > 0 && at - steps[after - 1] < steps[after] - at ? after - 1 : after;
    bar.to(near);
  }

  function draw() {
    for (const scene of scenes) scene.draw(frameAt(scene.run, step()));
    loss?.draw(step());
    for (const [run, list] of numbersOf) list.replaceChildren(...numbersAt(run));
    counter.textContent = `${unit} ${step()} of ${steps.at(-1)}`;
    bar.show(`${unit} ${step()}, ${said()}`);
  }

  function numbersAt(run) {
    const frame = frameAt(run, step());
    const gone = run.diverged !== null && run.steps[frame] >= run.diverged;
    const made = Object.entries(run.numbers).map(([name, values]) =>
      element("div", {}, element("dt", {}, written(name)), element("dd", {}, brief(values[frame], 4))),
    );
    if (gone) made.push(element("div", { class: "tb-diverged" }, element("dt", {}, "✕"), element("dd", {}, "diverged")));
    return made;
  }

  // The state in words.
  function said() {
    return shown
      .map((run) => {
        const frame = frameAt(run, step());
        const gone = run.diverged !== null && run.steps[frame] >= run.diverged;
        const numbers = Object.entries(run.numbers).map(([name, values]) => `${written(name)} ${brief(values[frame], 4)}`);
        return `${run.name ? `${run.name}: ` : ""}${numbers.join(", ")}${gone ? "; it has diverged" : ""}`;
      })
      .join(". ");
  }

  function go(to) {
    position = to;
    draw();
  }

  // While it moves neither the address nor Python nor a listener is bothered.
  function settle() {
    clearTimeout(settling);
    settling = setTimeout(() => {
      address.write("step", position ? step() : "");
      put(model, { alternative: `${counter.textContent}. ${said()}.`, step: step() });
    }, SETTLED);
  }

  bar.keys(root);

  const moved = () => {
    if (model.get("step") !== step()) {
      bar.halt();
      position = Math.max(0, steps.findLastIndex((one) => one <= model.get("step")));
      draw();
    }
  };
  const besides = () => {
    address.write("beside", model.get("beside"));
    choose(model.get("beside"), step());
    settle();
  };
  const loaded = () => {
    bar.halt();
    load();
    settle();
  };
  if (address.read("beside") !== null) model.set("beside", address.read("beside"));
  if (address.read("step") !== null) model.set("step", Number(address.read("step")) || 0);
  load();
  return together(
    bar.end, () => clearTimeout(settling), resized(stage, (now) => ((width = now), build())),
    followed(model, { runs: loaded, step: moved, beside: besides }),
  );
}

export default { render };
