// Tensors as grids of numbers, and expressions of them in fields and on buttons.

// The number of elements of a shape.
const count = (shape) => shape.reduce((product, size) => product * size, 1);

// The index of an element that is the `i`-th in the order of reading, and all of them in that order.
const indexAt = (shape, i) => shape.map((size, dim) => Math.floor(i / count(shape.slice(dim + 1))) % size);
const indices = (shape) => Array.from({ length: count(shape) }, (_, i) => indexAt(shape, i));

// The cells of a tensor in the order of reading, as tables: the last dimension goes across, the one before it down, and
// each index of the others has a table of its own.
function tablesOf(cells, shape, width) {
  const across = shape.length ? shape.at(-1) : 1;
  const size = Math.max(1, across * (shape.length > 1 ? shape.at(-2) : 1));
  return Array.from({ length: Math.ceil(cells.length / size) }, (_, block) => {
    const table = element("div", { class: "tb-grid" }, ...cells.slice(block * size, (block + 1) * size));
    table.style.gridTemplateColumns = `repeat(${across}, minmax(0, ${width}rem))`;
    return table;
  });
}

// Shape, stride and offset of a tensor, and whose memory it has if it is made of `t`.
function factsOf({ shape, stride, offset, dtype, shared, contiguous }, made) {
  const memory = shared ? "the same memory as t" : "a copy of its own";
  return [`shape [${shape.join(", ")}]`, `stride (${stride.join(", ")})`, `offset ${offset}`, dtype, !contiguous && "not contiguous", made && memory].filter(Boolean).join(" · ");
}

// The rule by which an index finds its place in memory, with numbers: "0 + 1 × 3 + 2 × 1".
const ruleOf = ({ stride, offset }, index) => [offset, ...index.map((each, dim) => `${each} × ${stride[dim]}`)].join(" + ");

// A field for an expression, with the code before it as its label.
function codeField(code, size, write, name) {
  const input = element("input", { type: "text", size, spellcheck: false, "aria-label": name, onchange: () => write(input.value.trim()) });
  return { input, label: element("label", {}, element("code", {}, code), input), show: (text) => document.activeElement !== input && (input.value = text) };
}

// Buttons with an expression on each, of which the chosen one is pressed.
function codeButtons(expressions, chosen, choose, words = (code) => code) {
  return choiceButtons(expressions, chosen, choose, (each) => element("code", {}, words(each)));
}

// What becomes of `t`: a field for an expression of it, the `steps` of the model as buttons, and what went wrong.
// `choose(expression)` is called with what the reader chooses, which is empty for `t` itself.
function expressionOf(model, code, size, choose) {
  const field = codeField(code, size, (text) => choose(text === "t" ? "" : text), "An expression of t");
  const steps = element("div", { class: "tb-bar", role: "group", "aria-label": "What becomes of t" });
  const message = element("p", { class: "tb-message", role: "status" });
  const show = () => {
    message.textContent = model.get("message");
    field.show(model.get("step") || "t");
    steps.replaceChildren(...codeButtons(model.get("steps"), model.get("step"), choose, (step) => step || "t"));
  };
  return { label: field.label, steps, message, show };
}
