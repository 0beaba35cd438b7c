// A curve that the reader draws on axes, by pointer, finger or keys, and the true one that is drawn over it. It is kept
// as heights at evenly spaced places, shares of the height of the axes, null where nothing was drawn.

const PLACES = 97;
const POINTS = 13; // those that the keyboard moves
const BETWEEN = (PLACES - 1) / (POINTS - 1);

// A sketch in `root`. `across` and `up` are the axes as [name, low, high], `texts` the words; `changed` is called when
// the reader has drawn something.
function sketch(root, { across, up, texts, changed }) {
  const [left, right] = across.slice(1);
  const [bottom, top] = up.slice(1);
  let heights = Array(PLACES).fill(null);
  let truth = null;
  let redraw = () => {};
  let width = 0;
  const placeAt = (i) => left + ((right - left) * i) / (PLACES - 1);
  const heightAt = (share) => bottom + share * (top - bottom);
  const known = () => heights.map((height, i) => (height === null ? -1 : i)).filter((i) => i >= 0);
  const within = (share) => Math.round(1000 * Math.max(0, Math.min(1, share))) / 1000;

  // A straight piece of the curve between two places.
  function lay(from, to) {
    const [[a, at], [b, there]] = from[0] <= to[0] ? [from, to] : [to, from];
    for (let i = Math.max(0, a); i <= Math.min(PLACES - 1, b); i++) heights[i] = within(a === b ? to[1] : at + ((there - at) * (i - a)) / (b - a));
  }

  // Closes what is open in the middle, and what is hardly open at the edges.
  function close() {
    const drawn = known();
    drawn.slice(1).forEach((next, n) => next - drawn[n] > 1 && lay([drawn[n], heights[drawn[n]]], [next, heights[next]]));
    const [first, last] = [drawn[0], drawn.at(-1)];
    if (first <= BETWEEN / 2) heights.fill(heights[first], 0, first);
    if (PLACES - 1 - last <= BETWEEN / 2) heights.fill(heights[last], last);
  }

  // Moves a point and bends what is between it and its neighbours. What is not there yet goes on straight.
  function lift(point, by) {
    const drawn = known();
    const nearest = (i) => (drawn.length ? heights[drawn.reduce((best, each) => (Math.abs(each - i) < Math.abs(best - i) ? each : best))] : 0.5);
    heights = heights.map((height, i) => height ?? nearest(i));
    const middle = point * BETWEEN;
    const to = within(heights[middle] + by) - heights[middle];
    for (let i = Math.max(0, middle - BETWEEN + 1); i < Math.min(PLACES, middle + BETWEEN); i++) {
      heights[i] = within(heights[i] + to * (1 - Math.abs(i - middle) / BETWEEN));
    }
  }

  const words = (point) => {
    const height = heights[point * BETWEEN];
    const where = `${across[0]} ${brief(placeAt(point * BETWEEN))}`;
    return height === null ? where : `${where}: ${up[0]} ${brief(heightAt(height))}`;
  };

  function build() {
    if (Math.floor(root.clientWidth) === width) return;
    width = Math.floor(root.clientWidth);
    if (!width) return;
    const focused = [...root.querySelectorAll(".tb-knob")].indexOf(document.activeElement);
    const height = Math.round(Math.max(230, Math.min(340, width * 0.46)));
    const area = axes({ width, height, range: [left, right, bottom, top], across: across[0], up: up[0] });
    const middle = area.edge.top + area.h / 2;
    const paper = drawn("rect", { class: "tb-paper", x: area.edge.left, y: area.edge.top, width: area.w, height: area.h });
    area.svg.prepend(paper);
    const between = drawn("path", { class: "tb-between" });
    const own = drawn("path", { class: "tb-own" });
    const truthLine = drawn("path", { class: "tb-truth", pathLength: 1 });
    area.still.append(between, own, truthLine);
    const pad = drawn("rect", { class: "tb-pad", x: area.edge.left - 14, y: area.edge.top - 8, width: area.w + 24, height: area.h + 16 });
    const hint = drawn(
      "g",
      { class: "tb-hint" },
      drawn("path", { d: `M${area.edge.left + 8} ${middle}H${area.edge.left + area.w - 16}` }),
      drawn("path", { class: "tb-head", d: `M${area.edge.left + area.w - 22} ${middle - 7}l9 7l-9 7` }),
      drawn("circle", { cx: area.edge.left + 12, cy: middle, r: 8 }),
      drawn("text", { x: area.edge.left + area.w / 2, y: middle - 18, "text-anchor": "middle" }, texts.draw),
    );
    const knobs = Array.from({ length: POINTS }, (_, point) =>
      drawn("circle", { class: "tb-knob", r: 5, cx: area.x(placeAt(point * BETWEEN)), role: "slider", tabindex: -1, "aria-orientation": "vertical", "aria-valuemin": bottom, "aria-valuemax": top }),
    );
    knobs[Math.max(0, focused)].setAttribute("tabindex", 0);
    const legend = drawn("text", { class: "tb-legend", x: area.edge.left + area.w, y: 14, "text-anchor": "end" });
    area.above.append(hint, pad, ...knobs, legend);

    redraw = () => {
      const drawnAt = known();
      const xs = heights.map((_, i) => placeAt(i));
      const ys = heights.map((share) => (share === null ? NaN : heightAt(share)));
      own.setAttribute("d", lineThrough(area, xs, ys, {}).getAttribute("d"));
      svgHidden(hint, drawnAt.length > 0 || truth !== null);
      knobs.forEach((knob, point) => {
        const share = heights[point * BETWEEN];
        knob.setAttribute("cy", area.y(heightAt(share ?? 0.5)));
        knob.classList.toggle("is-open", share === null);
        knob.setAttribute("aria-label", words(point));
        knob.setAttribute("aria-valuenow", brief(heightAt(share ?? 0.5)).replace("−", "-"));
        knob.setAttribute("aria-valuetext", words(point));
        svgHidden(knob, truth !== null);
      });
      svgHidden(pad, truth !== null);
      truthLine.setAttribute("d", truth ? lineThrough(area, truth.x, truth.y.map((y) => y ?? NaN), {}).getAttribute("d") : "");
      between.setAttribute("d", truth ? strip(area, xs, ys, xs.map((x) => heightOf(truth, x))) : "");
      const parts = [["tb-own", texts["draw-own"], drawnAt.length], ["tb-truth", texts["draw-truth"], truth]].filter((each) => each[2]);
      legend.replaceChildren(...parts.map(([name, text], n) => drawn("tspan", { class: name, dx: n ? 14 : 0 }, `▬ ${text}`)));
      area.svg.classList.toggle("is-told", truth !== null);
    };

    let [held, last] = [false, null];
    const at = (event) => {
      const box = area.svg.getBoundingClientRect();
      const scale = width / box.width;
      const x = ((event.clientX - box.left) * scale - area.edge.left) / area.w;
      const y = 1 - ((event.clientY - box.top) * scale - area.edge.top) / area.h;
      return [Math.round(Math.max(0, Math.min(1, x)) * (PLACES - 1)), y];
    };
    pad.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      pad.setPointerCapture(event.pointerId);
      [held, last] = [true, at(event)];
      lay(last, last);
      redraw();
    });
    pad.addEventListener("pointermove", (event) => {
      if (!held) return;
      const passed = event.getCoalescedEvents?.() ?? [];
      for (const each of passed.length ? passed : [event]) {
        const next = at(each);
        lay(last, next);
        last = next;
      }
      redraw();
    });
    const drop = () => {
      if (!held) return;
      held = false;
      close();
      redraw();
      changed();
    };
    pad.addEventListener("pointerup", drop);
    pad.addEventListener("pointercancel", drop);
    knobs.forEach((knob, point) =>
      knob.addEventListener("keydown", (event) => {
        const aside = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        const by = { ArrowUp: 0.02, ArrowDown: -0.02, PageUp: 0.1, PageDown: -0.1 }[event.key];
        if (aside === undefined && by === undefined) return;
        event.preventDefault();
        if (by) {
          lift(point, by * (event.shiftKey ? 5 : 1));
          redraw();
          return changed();
        }
        const next = knobs[point + aside];
        if (!next) return;
        knob.setAttribute("tabindex", -1);
        next.setAttribute("tabindex", 0);
        next.focus();
      }),
    );
    area.svg.removeAttribute("aria-hidden");
    area.svg.setAttribute("role", "group");
    area.svg.setAttribute("aria-label", texts.label);
    root.replaceChildren(area.svg);
    redraw();
    if (focused >= 0) knobs[focused].focus();
  }

  new ResizeObserver(build).observe(root);
  return {
    get heights() {
      return heights;
    },
    set heights(given) {
      heights = Array.from({ length: PLACES }, (_, i) => given?.[i] ?? null);
      redraw();
    },
    // Which edge the curve does not reach yet: "left", "right" or "".
    get open() {
      return heights[0] === null ? "left" : heights.at(-1) === null ? "right" : "";
    },
    // Draws the true curve, { x, y }, over the drawn one; null takes it away.
    show(curve) {
      truth = curve;
      redraw();
    },
    // How far the drawn curve is from the true one: the mean `share` of the height of the axes, and the place where
    // they are furthest apart. What leaves the axes counts as at their edge.
    distance(curve) {
      const gaps = heights.map((share, i) => {
        const y = heightOf(curve, placeAt(i));
        return Number.isFinite(y) && share !== null ? Math.abs(share - Math.max(0, Math.min(1, (y - bottom) / (top - bottom)))) : NaN;
      });
      const all = gaps.filter((gap) => !Number.isNaN(gap));
      const most = Math.max(...all);
      return { share: all.reduce((sum, gap) => sum + gap, 0) / all.length, x: placeAt(gaps.indexOf(most)) };
    },
  };
}

// Elements of SVG have no `hidden` that is looked at.
function svgHidden(part, hidden) {
  part.setAttribute("visibility", hidden ? "hidden" : "visible");
}

// The height of a curve at a place, between its points on a straight line; NaN where it is not.
function heightOf({ x, y }, at) {
  const after = x.findIndex((each) => each >= at - 1e-9);
  if (after < 0 || (after === 0 && x[0] > at + 1e-9)) return NaN;
  if (after === 0 || Math.abs(x[after] - at) < 1e-9) return y[after] ?? NaN;
  const share = (at - x[after - 1]) / (x[after] - x[after - 1]);
  return (y[after - 1] ?? NaN) * (1 - share) + (y[after] ?? NaN) * share;
}

// The area between two curves, as far as both are there.
function strip(area, xs, first, second) {
  const there = xs.map((_, i) => i).filter((i) => Number.isFinite(first[i]) && Number.isFinite(second[i]));
  const point = (ys) => (i) => `${area.x(xs[i]).toFixed(1)} ${area.y(ys[i]).toFixed(1)}`;
  return there.length > 1 ? `M${there.map(point(first)).join("L")}L${there.reverse().map(point(second)).join("L")}Z` : "";
}

export { sketch };
