// A drawing with axes: ranges to pixels, ticks, and a place inside that is cut off at its edges.

// The numbers at the ticks between low and high, about `count` of them: round ones, or powers of ten.
function ticksOf(low, high, count, logarithmic) {
  if (logarithmic) {
    const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
    const every = Math.max(1, Math.ceil((to - from + 1) / count));
    const powers = [];
    for (let power = from; power <= to; power += every) powers.push(10 ** power);
    return powers.length >= 2 ? powers : ticksOf(low, high, 3, false).filter((tick) => tick > 0);
  }
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const ticks = [];
  for (let at = Math.ceil(low / step - 1e-9); at * step <= high + step * 1e-9; at++) ticks.push(at * step);
  return ticks;
}

// What stands at each of the ticks: three digits, or as many more as tell them apart.
function tickTexts(ticks, digits = 3) {
  const texts = ticks.map((tick) => tickText(tick, digits));
  return new Set(texts).size === ticks.length || digits === 12 ? texts : tickTexts(ticks, digits + 1);
}

function tickText(value, digits) {
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e5 && size >= 1e-3) return String(Number(value.toPrecision(digits))).replace("-", "−");
  return value.toExponential(digits - 1).replace(/\.?0*e/, "e").replace("e+", "e").replaceAll("-", "−");
}

// Axes of the given size. `range` is [left, right, bottom, top] in the units of the data.
function axes({ width, height, range, across, up, logarithmic = false }) {
  const [left, right, bottom, top] = range;
  const edge = { left: 46, right: 10, top: up ? 22 : 8, bottom: across ? 36 : 22 };
  const [w, h] = [Math.max(20, width - edge.left - edge.right), Math.max(20, height - edge.top - edge.bottom)];
  const scaled = logarithmic ? Math.log10 : (value) => value;
  const [low, high] = [scaled(bottom), scaled(top)];
  const x = (value) => edge.left + ((value - left) / (right - left || 1)) * w;
  // Far outside is far enough: huge coordinates are drawn wrong or not at all.
  const bounded = (pixel) => Math.max(-1e4, Math.min(1e4, pixel));
  const y = (value) => bounded(edge.top + (1 - (scaled(value) - low) / (high - low || 1)) * h);
  // Every picture on a page has this file to itself, so none can count for all of them.
  const name = `tb-inside-${Math.random().toString(36).slice(2)}`;
  const still = drawn("g");
  const moving = drawn("g");
  const inside = drawn("g", { "clip-path": `url(#${name})` }, still, moving);
  const above = drawn("g");
  const marks = drawn("g", { class: "tb-ticks" });
  const columns = ticksOf(left, right, Math.max(2, w / 70), false);
  for (const [i, text] of tickTexts(columns).entries()) {
    const at = x(columns[i]);
    marks.append(
      drawn("line", { x1: at, x2: at, y1: edge.top, y2: edge.top + h }),
      drawn("text", { x: at, y: edge.top + h + 15, "text-anchor": at > width - 22 ? "end" : "middle" }, text),
    );
  }
  const rows = ticksOf(bottom, top, Math.max(2, h / 40), logarithmic);
  for (const [i, text] of tickTexts(rows).entries()) {
    const at = y(rows[i]);
    marks.append(
      drawn("line", { x1: edge.left, x2: edge.left + w, y1: at, y2: at }),
      drawn("text", { x: edge.left - 6, y: at + 4, "text-anchor": "end" }, text),
    );
  }
  const svg = drawn(
    "svg",
    { class: "tb-axes", width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" },
    drawn("clipPath", { id: name }, drawn("rect", { x: edge.left, y: edge.top, width: w, height: h })),
    marks,
    inside,
    drawn("rect", { class: "tb-edge", x: edge.left, y: edge.top, width: w, height: h }),
    above,
    across ? drawn("text", { class: "tb-axis", x: edge.left + w / 2, y: height - 5, "text-anchor": "middle" }, across) : "",
    up ? drawn("text", { class: "tb-axis", x: edge.left, y: 14 }, up) : "",
  );
  return { svg, x, y, still, moving, above, edge, w, h, value: (pixel) => left + ((pixel - edge.left) / w) * (right - left), height: (pixel) => bottom + (1 - (pixel - edge.top) / h) * (top - bottom) };
}

// A line from the bottom to the top of the axes, and what lies between two values.
const upright = (area, x, name) => drawn("line", { class: name, x1: area.x(x), x2: area.x(x), y1: area.edge.top, y2: area.edge.top + area.h });
const band = (area, from, to, name) => drawn("rect", { class: name, x: area.x(from), width: Math.max(1, area.x(to) - area.x(from)), y: area.edge.top, height: area.h });

// A line through points, broken where a number is missing.
function lineThrough(area, xs, ys, attributes, until = xs.length) {
  let path = "";
  let pen = "M";
  for (let i = 0; i < until; i++) {
    if (!Number.isFinite(ys[i]) || !Number.isFinite(xs[i])) {
      pen = "M";
      continue;
    }
    path += `${pen}${area.x(xs[i]).toFixed(2)} ${area.y(ys[i]).toFixed(2)}`;
    pen = "L";
  }
  return drawn("path", { fill: "none", d: path, ...attributes });
}
