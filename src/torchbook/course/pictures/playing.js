// Going through steps: by buttons, by a slider, by the arrow keys, and by itself.

const WORDS = { play: "▶ Play", pause: "❚❚ Pause", again: "↺ Again", back: "‹", on: "›" };
const namesOf = (unit) => ({ back: `One ${unit} back`, on: `One ${unit} on`, step: `The ${unit} that is shown`, pace: "Speed" });

// The bar of a picture that has steps, and what goes on by itself. `at()` and `last()` are the step where one is and the
// last one, `go(step)` goes there, `settled()` is called when one has arrived. `paces` are the milliseconds of a step by
// the names of the paces, and `where` is the element that says where one is. What a step is called is its `unit`; or
// else `words` are the texts of the buttons, and `names` what the fields are called where their texts do not say it.
function stepBar({ at, last, go, settled = () => {}, paces, usual = "normal", unit = "step", words = WORDS, names = namesOf(unit), where }) {
  let timer = null;
  const play = element("button", { type: "button", class: "tb-play", onclick: () => (timer ? halt() : start()) });
  const back = element("button", { type: "button", "aria-label": names.back, onclick: () => by(-1) }, words.back);
  const on = element("button", { type: "button", "aria-label": names.on, onclick: () => by(1) }, words.on);
  const slider = element("input", { type: "range", min: 0, step: 1, "aria-label": names.step, oninput: () => to(Number(slider.value)) });
  const pace = element("select", { "aria-label": names.pace }, ...Object.keys(paces ?? {}).map((name) => element("option", { value: name, selected: name === usual }, name)));
  const bar = element("div", { class: "tb-bar tb-controls" }, ...(paces ? [play] : []), back, on, slider, where ?? "", ...(paces ? [pace] : []));

  function to(step) {
    halt();
    go(Math.max(0, Math.min(step, last())));
    settled();
  }

  const by = (many) => to(at() + many);

  function start() {
    if (at() >= last()) go(0);
    const next = () => {
      const more = at() + 1 < last();
      timer = more && bar.isConnected ? setTimeout(next, paces[pace.value]) : null;
      go(at() + 1);
      if (!more) settled();
    };
    timer = last() > 0 ? setTimeout(next, paces[pace.value] / 2) : null;
    show();
  }

  function halt() {
    if (!timer) return;
    clearTimeout(timer);
    timer = null;
    show();
    settled();
  }

  // The bar for the step where one is; `spoken` is that step in words.
  function show(spoken = slider.getAttribute("aria-valuetext")) {
    slider.max = Math.max(0, last());
    slider.value = at();
    if (spoken) slider.setAttribute("aria-valuetext", spoken);
    enable(back, at() > 0);
    enable(on, at() < last());
    play.textContent = timer ? words.pause : at() >= last() ? words.again : words.play;
  }

  // Arrow keys go a step on or back from everywhere inside of `root`, Home and End to the ends, the space bar plays.
  function keys(root) {
    root.addEventListener("keydown", (event) => {
      const own = event.target.closest("input, select");
      const act = { ArrowLeft: () => by(-1), ArrowRight: () => by(1), Home: () => to(0), End: () => to(last()) };
      if (paces && !event.target.closest("input, select, button")) act[" "] = () => play.click();
      if ((own && own !== slider) || event.altKey || event.ctrlKey || event.metaKey || !act[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      act[event.key]();
    });
  }

  return { bar, slider, to, by, halt, show, keys, end: () => clearTimeout(timer), runs: () => timer !== null };
}

// A button that goes on by itself to the last place, `pace()` milliseconds for each, and from the first one if it is
// there already. `words` are what it says while it stands and while it goes.
function goingButton({ at, last, go, pace, words: [start, stop] }) {
  let frame = 0;
  const button = element("button", { type: "button", onclick: () => (frame ? halt() : begin()) }, start);
  function begin() {
    if (at() >= last()) go(0);
    button.textContent = stop;
    let before = performance.now();
    const next = (now) => {
      const many = Math.floor((now - before) / pace());
      if (many >= 1) [before] = [now, go(Math.min(last(), at() + many))];
      if (at() < last() && button.isConnected) frame = requestAnimationFrame(next);
      else halt();
    };
    frame = requestAnimationFrame(next);
  }
  function halt() {
    cancelAnimationFrame(frame);
    frame = 0;
    button.textContent = start;
  }
  return { button, halt };
}
