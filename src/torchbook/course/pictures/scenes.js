// What a Stepper draws of a run: a plot, a path over a contour, a field, places with names, or pictures. Each is made for a width and returns
// { node, draw(frame) }.

const makers = { plot: plotScene, contour: contourScene, field: fieldScene, named: namedScene, pictures: picturesScene };

function floats(view, Kind) {
  return new Kind(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

// A recording as it came, with its columns of bytes as arrays.
function unpacked(run) {
  const numbers = Object.fromEntries(
    Object.entries(run.numbers).map(([name, data]) => [name, floats(data, Float64Array)]),
  );
  const curves = Object.fromEntries(
    Object.entries(run.curves).map(([name, { length, data }]) => {
      const all = floats(data, Float32Array);
      return [name, (frame) => all.subarray(frame * length, (frame + 1) * length)];
    }),
  );
  const pictures = Object.fromEntries(
    Object.entries(run.pictures).map(([name, { shape, data }]) => {
      const all = floats(data, Uint8Array);
      const size = shape.reduce((product, side) => product * side, 1);
      return [name, { shape, of: (frame) => all.subarray(frame * size, (frame + 1) * size) }];
    }),
  );
  return { ...run, numbers, curves, pictures };
}

// The frame that shows a run at a step: the last one that is not after it.
function frameAt(run, step) {
  let frame = 0;
  while (frame + 1 < run.steps.length && run.steps[frame + 1] <= step) frame++;
  return frame;
}

// Words over a drawing, in as many lines as its width asks for.
function note(area, text) {
  const [middle, most] = [area.edge.left + area.w / 2, area.w / 6]; // letters in a line
  const lines = text.split(" ").reduce(([line, ...before], word) => (`${line} ${word}`.length > most ? [word, line, ...before] : [`${line} ${word}`.trim(), ...before]), [""]);
  const spans = lines.filter(Boolean).reverse().map((line, i) => drawn("tspan", { x: middle, dy: i ? 15 : 0 }, line));
  return drawn("text", { class: "tb-note", y: area.edge.top + 20, "text-anchor": "middle" }, ...spans);
}

function plotScene(scene, run, width, height) {
  const area = axes({ width, height, range: scene.view, across: scene.across, up: scene.up });
  const [px, py] = scene.points;
  if (scene.still[0].length) area.still.append(lineThrough(area, scene.still[0], scene.still[1], { class: "tb-still" }));
  const dots = px.map((x, i) => drawn("circle", { class: "tb-point", cx: area.x(x), cy: area.y(py[i]), r: 4 }));
  const between = (ys, x) => {
    const grid = scene.grid;
    let i = 1;
    while (i < grid.length - 1 && grid[i] < x) i++;
    return ys[i - 1] + ((ys[i] - ys[i - 1]) * (x - grid[i - 1])) / (grid[i] - grid[i - 1]);
  };
  const draw = (frame) => {
    const [made, notes] = [[], []];
    if (scene.curve) {
      const ys = run.curves[scene.curve](frame);
      if (!ys.every(Number.isFinite)) notes.push(note(area, "nothing left to draw: not numbers"));
      else {
        if (scene.errors)
          px.forEach((x, i) =>
            made.push(
              drawn("line", { class: "tb-error", x1: area.x(x), x2: area.x(x), y1: area.y(py[i]), y2: area.y(between(ys, x)) }),
            ),
          );
        made.push(lineThrough(area, scene.grid, ys, { class: "tb-curve" }));
        const [, , bottom, top] = scene.view;
        if (ys.every((y) => y < bottom) || ys.every((y) => y > top)) notes.push(note(area, "the line is outside the picture"));
      }
    }
    made.push(...dots);
    if (scene.marker.length) {
      const [xs, ys] = scene.marker.map((name) => run.numbers[name]);
      if (scene.tangent) made.push(tangent(area, scene.view, xs[frame], ys[frame], run.numbers[scene.tangent][frame]));
      made.push(...trail(area, xs, ys, frame));
    }
    area.moving.replaceChildren(...made, ...notes);
  };
  return { node: area.svg, draw };
}

// A line of the given slope through a place, a third of the picture wide.
function tangent(area, [left, right], x, y, slope) {
  const reach = (right - left) / 6;
  const xs = [x - reach, x + reach];
  return lineThrough(area, xs, xs.map((at) => y + slope * (at - x)), { class: "tb-tangent" });
}

// The way up to a frame, and a mark where it is now.
function trail(area, xs, ys, frame) {
  const made = [lineThrough(area, xs, ys, { class: "tb-path" }, frame + 1)];
  if (frame <= 80)
    for (let i = 0; i < frame; i++)
      if (Number.isFinite(xs[i]) && Number.isFinite(ys[i]))
        made.push(drawn("circle", { class: "tb-past", cx: area.x(xs[i]), cy: area.y(ys[i]), r: 2.5 }));
  const [x, y] = [xs[frame], ys[frame]];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return [...made, note(area, "nowhere: not a number")];
  const [cx, cy] = [area.x(x), area.y(y)];
  const { left, top } = area.edge;
  if (cx < left || cx > left + area.w || cy < top || cy > top + area.h) made.push(note(area, "outside the picture"));
  return [...made, drawn("circle", { class: "tb-now", cx, cy, r: 6 })];
}

// Lines of equal height, and a cross at the lowest place.
function levelled(area, scene) {
  for (const { rings, data } of scene.levels) {
    const corners = floats(data, Float32Array);
    let [path, at] = ["", 0];
    for (const length of rings) {
      for (let i = 0; i < length; i++, at += 2)
        path += `${i ? "L" : "M"}${area.x(corners[at]).toFixed(1)} ${area.y(corners[at + 1]).toFixed(1)}`;
      path += "Z";
    }
    area.still.append(drawn("path", { class: "tb-level", d: path, "fill-rule": "evenodd" }));
  }
  if (!scene.lowest) return;
  const [x, y] = [area.x(scene.lowest[0]), area.y(scene.lowest[1])];
  area.still.append(drawn("path", { class: "tb-lowest", d: `M${x - 7} ${y}h14M${x} ${y - 7}v14` }));
}

function contourScene(scene, run, width, height) {
  const area = axes({ width, height, range: scene.view, across: scene.across, up: scene.up });
  levelled(area, scene);
  const [xs, ys] = scene.path.map((name) => run.numbers[name]);
  return { node: area.svg, draw: (frame) => area.moving.replaceChildren(...trail(area, xs, ys, frame)) };
}

const FINE = 96; // pixels of a field in each direction, between which it is smooth
const SIDES = { yes: [0, 114, 178], no: [214, 96, 10] };

// A score over a plane: its colour says the sign, its strength the size, and where the colour changes is the boundary.
function fieldScene(scene, run, width, height) {
  const area = axes({ width, height, range: scene.view, across: scene.across, up: scene.up });
  const place = { x: area.edge.left, y: area.edge.top, width: area.w, height: area.h, preserveAspectRatio: "none" };
  const image = drawn("image", place);
  area.still.append(image);
  scene.points[0].forEach((px, i) => {
    const [x, y] = [area.x(px), area.y(scene.points[1][i])];
    const mark = scene.labels[i] > 0 ? drawn("circle", { class: "tb-yes", cx: x, cy: y, r: 7 }) : drawn("rect", { class: "tb-no", x: x - 6, y: y - 6, width: 12, height: 12 });
    area.moving.append(mark);
  });
  const canvas = element("canvas", { width: FINE, height: FINE });
  const draw = (frame) => {
    const scores = run.curves[scene.scores](frame);
    const side = Math.round(Math.sqrt(scores.length));
    drawPixels(canvas, FINE, FINE, (i) => {
      const [x, y] = [i % FINE, FINE - 1 - Math.floor(i / FINE)].map((at) => (at / (FINE - 1)) * (side - 1));
      const [left, below] = [x, y].map((at) => Math.min(side - 2, Math.floor(at)));
      const at = (right, above) => scores[(below + above) * side + left + right];
      const [across, up] = [x - left, y - below];
      const lower = at(0, 0) * (1 - across) + at(1, 0) * across;
      const score = lower * (1 - up) + (at(0, 1) * (1 - across) + at(1, 1) * across) * up;
      return [...(score > 0 ? SIDES.yes : SIDES.no), 24 + 170 * Math.min(1, Math.abs(score))];
    });
    image.setAttribute("href", canvas.toDataURL());
  };
  return { node: area.svg, draw };
}

// Places with names, and a thin line through some of them.
function namedScene(scene, run, width, height) {
  const area = axes({ width, height, range: scene.view, across: scene.across, up: scene.up });
  const draw = (frame) => {
    const [xs, ys] = [scene.x, scene.y].map((name) => run.curves[name](frame));
    const at = (values) => scene.path.map((i) => values[i]);
    const places = scene.labels.map((_, i) => [area.x(xs[i]), area.y(ys[i])]);
    const [middle, center] = [0, 1].map((side) => places.reduce((sum, place) => sum + place[side], 0) / places.length);
    const dots = places.map(([cx, cy]) => drawn("circle", { class: "tb-place", cx, cy, r: 4 }));
    const names = places.map(([x, y], i) => {
      const far = Math.hypot(x - middle, y - center) || 1; // a name stands outside of its place
      return drawn("text", { class: "tb-label", x: x + (15 * (x - middle)) / far, y: y + (13 * (y - center)) / far + 4, "text-anchor": "middle" }, scene.labels[i]);
    });
    area.moving.replaceChildren(lineThrough(area, at(xs), at(ys), { class: "tb-still" }), ...names, ...dots);
  };
  return { node: area.svg, draw };
}

function picturesScene(scene, run, width) {
  const { shape, of } = run.pictures[scene.name];
  const colours = shape.length > 2 && shape.at(-1) === 3 ? 3 : 1;
  const sides = colours === 3 ? shape.slice(0, -1) : shape;
  const [count, rows, columns] = sides.length === 3 ? sides : [1, ...sides];
  const inRow = Math.min(scene.columns, count);
  const side = Math.max(16, Math.floor((width - 6 * (inRow - 1)) / inRow));
  const canvases = Array.from({ length: count }, () =>
    element("canvas", { width: columns, height: rows, style: `width:${side}px`, "aria-hidden": "true" }),
  );
  const tiles = canvases.map((canvas, i) =>
    scene.labels[i] ? element("div", {}, canvas, element("span", { class: "tb-quiet" }, scene.labels[i])) : canvas,
  );
  const draw = (frame) => {
    const values = of(frame);
    canvases.forEach((canvas, which) =>
      drawPixels(canvas, columns, rows, (i) => {
        const at = (which * rows * columns + i) * colours;
        return colours === 3 ? [...values.subarray(at, at + 3), 255] : [values[at], values[at], values[at], 255];
      }),
    );
  };
  return { node: element("div", { class: "tb-tiles", style: `grid-template-columns: repeat(${inRow}, max-content)` }, ...tiles), draw };
}

// The losses of all runs over the steps. Where one leaves for good, the axis does not follow it for ever.
function lossScene(runs, width, height, unit, name = "loss") {
  const all = runs.flatMap((run) => run.losses.flatMap((name) => [...run.numbers[name]])).filter(Number.isFinite);
  const starts = runs.map((run) => run.numbers[run.losses[0]][0]).filter(Number.isFinite);
  let top = Math.max(...all);
  if (runs.length > 1) top = Math.min(top, 1000 * Math.max(...starts));
  const low = Math.min(...all);
  const logarithmic = low > 0 && top / low > 30;
  const last = Math.max(...runs.map((run) => run.steps.at(-1)));
  const first = Math.min(...runs.map((run) => run.steps[0]));
  const margin = top - low > 0.01 * Math.abs(top) ? 0.06 * (top - low) : Math.abs(top) * 0.1 || 1; // almost constant looks so
  const factor = logarithmic ? (top / low) ** 0.06 : 1;
  const range = [first, last, logarithmic ? low / factor : Math.min(low - margin, low), logarithmic ? top * factor : top + margin];
  if (!logarithmic && low >= 0 && range[2] < 0) range[2] = 0;
  const area = axes({ width, height, range, across: unit, up: logarithmic ? `${name}, in powers of ten` : name, logarithmic });
  runs.forEach((run, which) =>
    run.losses.forEach((name, i) =>
      area.still.append(lineThrough(area, run.steps, run.numbers[name], { class: `tb-loss tb-run-${which} tb-ahead tb-line-${i}` })),
    ),
  );
  runs.forEach((run, which) => {
    if (run.diverged === null) return;
    const at = area.x(run.diverged);
    area.above.append(drawn("text", { class: `tb-gone tb-run-${which}`, x: Math.min(at, area.edge.left + area.w - 4), y: area.edge.top + 14, "text-anchor": at > area.edge.left + 80 ? "end" : "start" }, "✕ diverged"));
  });
  const draw = (step) => {
    const made = [upright(area, step, "tb-cursor")];
    runs.forEach((run, which) => {
      const frame = frameAt(run, step);
      run.losses.forEach((name, i) => {
        const values = run.numbers[name];
        made.push(lineThrough(area, run.steps, values, { class: `tb-loss tb-run-${which} tb-line-${i}` }, frame + 1));
        if (Number.isFinite(values[frame]))
          made.push(drawn("circle", { class: `tb-run-${which} tb-here`, cx: area.x(run.steps[frame]), cy: area.y(values[frame]), r: 4.5 }));
      });
    });
    area.moving.replaceChildren(...made);
  };
  return { node: area.svg, draw, area };
}
