// Parts of a picture that the reader moves or goes through, by pointer, by finger and by the arrow keys.

// Where a pointer is in `area` (see axes.js), in the units of the data.
function placeIn(area, event) {
  const box = area.svg.getBoundingClientRect();
  const scale = area.svg.viewBox.baseVal.width / box.width;
  return [area.value((event.clientX - box.left) * scale), area.height((event.clientY - box.top) * scale)];
}

// Makes a part of `area` movable. `to(x, y)` is told where it shall be, in the units of the data; `at()`
// says where it is, `step` how far an arrow key moves it, [across, up], and `said()` what it is now in words. `name` is
// its name; `done` is called when it was let go.
function movable(part, area, { name, at, to, said, step, done = () => {} }) {
  const say = () => part.setAttribute("aria-valuetext", said());
  part.classList.add("tb-movable");
  for (const [key, value] of Object.entries({ tabindex: 0, role: "slider", "aria-label": name, "aria-valuenow": 0 })) part.setAttribute(key, value);
  say();
  let held = null; // how far the pointer is from the place of the part
  part.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    part.focus();
    part.setPointerCapture(event.pointerId);
    held = placeIn(area, event).map((value, axis) => value - at()[axis]);
  });
  part.addEventListener("pointermove", (event) => {
    if (!held) return;
    to(...placeIn(area, event).map((value, axis) => value - held[axis]));
    say();
  });
  const drop = () => {
    if (held) done();
    held = null;
  };
  part.addEventListener("pointerup", drop);
  part.addEventListener("pointercancel", drop);
  part.addEventListener("keydown", (event) => {
    const way = wayOf(event);
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? 10 : 1;
    to(...at().map((value, axis) => value + way[axis] * step[axis] * far));
    say();
    done();
  });
}

// One place in the order of the Tab key for many: the arrow keys go from one to the next, `across` of them in a row.
function roving(box, selector, across) {
  const all = [...box.querySelectorAll(selector)];
  if (all[0]) all[0].tabIndex = 0;
  box.onkeydown = (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key];
    const next = all[all.indexOf(event.target) + way];
    if (way === undefined || !next) return;
    event.preventDefault();
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };
}
