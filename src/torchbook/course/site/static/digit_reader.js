// The network that ships with torchbook and reads digits, computed by the page itself: it answers at once, and nothing has
// to be started. The numbers are those of `inference/reader.py`; a test holds both together.

// The tensors of a safetensors file: a length, a header of JSON, and the numbers one after the other.
function tensorsOf(buffer) {
  const length = Number(new DataView(buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  const tensors = {};
  for (const [name, { dtype, shape, data_offsets: [from, to] = [] }] of Object.entries(header)) {
    if (dtype === "F32") tensors[name] = { shape, values: new Float32Array(buffer.slice(8 + length + from, 8 + length + to)) };
  }
  return tensors;
}

// A 3x3 convolution with a border of zeros. Maps are [channel][row][column], flat.
function convolved(maps, side, { shape: [outputs, inputs], values: weights }) {
  const wide = side + 2;
  const padded = new Float32Array(inputs * wide * wide);
  for (let map = 0; map < inputs; map++) {
    for (let row = 0; row < side; row++) {
      const at = (map * side + row) * side;
      padded.set(maps.subarray(at, at + side), (map * wide + row + 1) * wide + 1);
    }
  }
  const sums = new Float32Array(outputs * side * side);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let tap = 0; tap < 9; tap++) {
        const weight = weights[(output * inputs + input) * 9 + tap];
        const shift = (input * wide + Math.floor(tap / 3)) * wide + (tap % 3);
        for (let row = 0; row < side; row++) {
          const [to, from] = [(output * side + row) * side, shift + row * wide];
          for (let column = 0; column < side; column++) sums[to + column] += weight * padded[from + column];
        }
      }
    }
  }
  return sums;
}

// The largest of each square of four.
function pooled(maps, side) {
  const half = side / 2;
  return Float32Array.from({ length: maps.length / 4 }, (_, i) => {
    const at = 2 * Math.floor(i / half) * side + 2 * (i % half);
    return Math.max(maps[at], maps[at + 1], maps[at + side], maps[at + side + 1]);
  });
}

// Batch norm with the statistics of training, and ReLU.
function normalised(maps, part) {
  const [weight, bias, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map((name) => part(name).values);
  const area = maps.length / weight.length;
  return maps.map((value, i) => {
    const map = Math.floor(i / area);
    return Math.max(0, ((value - mean[map]) / Math.sqrt(variance[map] + 1e-5)) * weight[map] + bias[map]);
  });
}

function dense(values, { shape: [outputs, inputs], values: weights }, { values: bias }) {
  return Float32Array.from({ length: outputs }, (_, output) => {
    let sum = bias[output];
    for (let input = 0; input < inputs; input++) sum += weights[output * inputs + input] * values[input];
    return sum;
  });
}

// The function that gives the logits of 28 x 28 bytes, white ink on black. `mean` and `std` are those of the bytes / 255.
export async function digitReader(address, mean, std) {
  const tensors = tensorsOf(await (await fetch(address)).arrayBuffer());
  return (bytes) => {
    let [maps, side] = [Float32Array.from(bytes, (value) => (value / 255 - mean) / std), 28];
    for (let stage = 0; stage < 4; stage++) {
      maps = convolved(maps, side, tensors[`${stage}.0.weight`]);
      const pools = `${stage}.2.weight` in tensors;
      if (pools) [maps, side] = [pooled(maps, side), side / 2];
      maps = normalised(maps, (name) => tensors[`${stage}.${pools ? 2 : 1}.${name}`]);
    }
    const hidden = dense(maps, tensors["6.weight"], tensors["6.bias"]).map((value) => Math.max(0, value));
    return dense(hidden, tensors["9.weight"], tensors["9.bias"]);
  };
}

export function probabilities(logits) {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (value) => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value);
  return powers.map((value) => value / sum);
}
