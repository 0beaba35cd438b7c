// The plane of a `Boundary`: coloured by what the network says of every place, with its boundary and the points.

const REACH = 2.5;

function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Int16Array(bytes.buffer);
}

// The colours of the page, as [red, green, blue].
function palette(root) {
  const style = getComputedStyle(root);
  const read = (name) => {
    const hex = style.getPropertyValue(`--tb-${name}`).trim().slice(1);
    return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
  };
  return { paper: read("paper"), ink: read("ink"), blue: read("blue"), orange: read("orange"), quiet: read("quiet") };
}

const rgb = (colour) => `rgb(${colour.join(",")})`;

// A small canvas of `side` x `side` cells; values are -1 (blue) to 1 (orange), 0 is paper.
function coloured(values, side, colours) {
  const canvas = element("canvas");
  drawPixels(canvas, side, side, (i) => {
    const strength = 0.6 * Math.min(1, Math.abs(values[i]));
    const colour = values[i] > 0 ? colours.orange : colours.blue;
    return [...colours.paper.map((paper, part) => paper + (colour[part] - paper) * strength), 255];
  });
  return canvas;
}

// The line along which `values` (cells' middles, `side` x `side`) cross zero, for a square of `size` pixels.
function crossing(values, side, size) {
  const path = new Path2D();
  const cell = size / side;
  const place = (index) => [((index % side) + 0.5) * cell, (Math.floor(index / side) + 0.5) * cell];
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      const at = row * side + column;
      const corners = [at, at + 1, at + side + 1, at + side];
      const met = [];
      corners.forEach((one, turn) => {
        const other = corners[(turn + 1) % 4];
        const [a, b] = [values[one], values[other]];
        if (a > 0 === b > 0) return;
        const [x, y] = place(one);
        const [u, v] = place(other);
        met.push([x + ((u - x) * a) / (a - b), y + ((v - y) * a) / (a - b)]);
      });
      for (let pair = 0; pair + 1 < met.length; pair += 2) {
        path.moveTo(...met[pair]);
        path.lineTo(...met[pair + 1]);
      }
    }
  }
  return path;
}

// The line where the weighted sum of a unit of the first hidden layer is zero, exactly and from edge to edge.
function straight([across, up], bias, size) {
  const path = new Path2D();
  const { ends: [xs, ys] } = halfPlane([across, up, bias], [-REACH, REACH, -REACH, REACH]);
  xs.forEach((x, i) => path[i ? "lineTo" : "moveTo"](((x + REACH) / (2 * REACH)) * size, ((REACH - ys[i]) / (2 * REACH)) * size));
  return path;
}

// For each unit of each hidden layer whether its ReLU gives 0 for every point; one's own module is taken to use ReLU.
function silentUnits(model) {
  return (model.get("bends") && (model.get("own") || model.get("activation") === "relu") && model.get("frame").silent) || [];
}

// The lines where the hidden units switch, [path, layer] for each.
function bendsOf(frame, size) {
  const sums = unpacked(frame.sums);
  let at = 0;
  return frame.widths.slice(1, -1).flatMap((width, before) => Array.from({ length: width }, (_, unit) => {
    const own = sums.subarray(at * 900, ++at * 900);
    return [before ? crossing(own, 30, size) : straight(frame.weights[0][unit], frame.biases[0][unit], size), before + 1];
  }));
}

// What a unit of the diagram gives at every place, -1..1, and its weighted sums for the line where they are zero.
function unitField(model, layer, unit) {
  const frame = model.get("frame");
  if (layer === 0) {
    const sums = Array.from({ length: 900 }, (_, at) => {
      const place = unit === 0 ? at % 30 : 29 - Math.floor(at / 30);
      return (place - 14.5) / 14.5;
    });
    return { values: sums, sums };
  }
  const before = frame.widths.slice(1, layer).reduce((sum, width) => sum + width, 0);
  const sums = unpacked(frame.sums).subarray((before + unit) * 900, (before + unit + 1) * 900);
  const scale = frame.scales[before + unit];
  const last = layer === frame.widths.length - 1;
  const kind = last ? "sigmoid" : model.get("own") ? "none" : model.get("activation");
  const activate = {
    relu: (sum) => Math.max(0, sum / 32767),
    none: (sum) => sum / 32767,
    tanh: (sum) => Math.tanh(sum * scale),
    sigmoid: (sum) => 2 / (1 + Math.exp(-sum * scale)) - 1,
  }[kind];
  return { values: Array.from(sums, activate), sums };
}

// What the whole network says of every place, -1..1, and its logits.
function wholeField(frame) {
  const sums = unpacked(frame.logits);
  return { values: Array.from(sums, (sum) => Math.tanh((sum * frame.scale) / 2)), sums, side: frame.fine };
}

// The canvas. `brush()` is 0, 1 or "erase"; `looked()` is the unit that is looked at, [layer, unit], or null.
function planeOf(model, root, { brush, looked, change }) {
  const canvas = element("canvas", {
    class: "tb-plane", tabindex: 0, role: "application",
    "aria-label": "The plane. Arrow keys move the cross, space puts a point, delete takes the nearest point away.",
  });
  let cross = [0, 0];
  let last = null;

  function paint() {
    const size = canvas.clientWidth;
    if (!size) return;
    const context = penOf(canvas, size, size);
    const colours = palette(root);
    const unit = looked();
    const frame = model.get("frame");
    if (frame.fine) {
      const { values, sums, side } = unit ? { ...unitField(model, ...unit), side: 30 } : wholeField(frame);
      context.imageSmoothingQuality = "high";
      context.drawImage(coloured(values, side, colours), 0, 0, size, size);
      context.strokeStyle = rgb(colours.ink);
      if (model.get("bends") && !unit && frame.widths.length) {
        context.lineWidth = 1;
        for (const [path, layer] of bendsOf(frame, size)) {
          context.setLineDash(layer > 1 ? [1, 3] : [6, 4]);
          context.stroke(path);
        }
      }
      context.lineWidth = unit || !model.get("bends") ? 2 : 3;
      context.setLineDash(unit ? [6, 4] : []);
      context.stroke(crossing(sums, side, size));
      context.setLineDash([]);
    }
    for (const [x, y, label] of model.get("points")) mark(context, pixel([x, y], size), label, colours);
    if (document.activeElement === canvas && canvas.matches(":focus-visible")) aim(context, pixel(cross, size), colours);
  }

  function pixel([x, y], size) {
    return [((x + REACH) / (2 * REACH)) * size, ((REACH - y) / (2 * REACH)) * size];
  }

  function mark(context, [x, y], label, colours) {
    context.beginPath();
    if (label) {
      context.moveTo(x, y - 5.2);
      context.lineTo(x + 4.8, y + 3.6);
      context.lineTo(x - 4.8, y + 3.6);
      context.closePath();
    } else context.arc(x, y, 4, 0, 7);
    context.fillStyle = rgb(label ? colours.orange : colours.blue);
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = rgb(colours.paper);
    context.stroke();
  }

  function aim(context, [x, y], colours) {
    context.lineWidth = 1.5;
    context.strokeStyle = rgb(colours.ink);
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(x + 4 * dx, y + 4 * dy);
      context.lineTo(x + 12 * dx, y + 12 * dy);
    }
    context.stroke();
  }

  function put([x, y], kind) {
    const points = model.get("points");
    const round = (value) => Math.round(value * 100) / 100;
    if (kind !== "erase") return change([...points, [round(x), round(y), kind]]);
    const far = ([a, b]) => Math.hypot(a - x, b - y);
    const nearest = points.reduce((best, point) => (best && far(best) <= far(point) ? best : point), null);
    if (nearest && far(nearest) < 0.4) change(points.filter((point) => point !== nearest));
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    const at = (value, size) => Math.max(0, Math.min(1, value / size));
    return [
      (2 * at(event.clientX - box.left, box.width) - 1) * REACH,
      (1 - 2 * at(event.clientY - box.top, box.height)) * REACH,
    ];
  }

  canvas.addEventListener("click", (event) => {
    if (last) return (last = null);
    cross = place(event);
    put(cross, brush());
  });
  canvas.addEventListener("pointermove", (event) => {
    // With a mouse that is held down points are sprayed; a finger scrolls the page instead.
    if (event.pointerType !== "mouse" || !(event.buttons & 1)) return;
    const here = place(event);
    if (last && Math.hypot(here[0] - last[0], here[1] - last[1]) < 0.22) return;
    last = here;
    put(here, brush());
  });
  canvas.addEventListener("keydown", (event) => {
    const way = wayOf(event);
    const kind = { " ": brush(), Enter: brush(), Delete: "erase", Backspace: "erase" }[event.key];
    if (way) {
      const reach = event.shiftKey ? 0.5 : 0.1;
      cross = cross.map((value, axis) => Math.max(-REACH, Math.min(REACH, value + reach * way[axis])));
    } else if (kind !== undefined) put(cross, kind);
    else return;
    event.preventDefault();
    paint();
  });
  canvas.addEventListener("focus", paint);
  canvas.addEventListener("blur", paint);
  return { canvas, paint };
}

