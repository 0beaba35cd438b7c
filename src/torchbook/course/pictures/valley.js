// The paths of several optimizers over one loss, and their losses.

function render({ model, el }) {
  const root = framed(model, "valley");
  el.replaceChildren(root);
  const { load, build, end } = pathsOf(model, root, (runs, wide, high) => lossScene(runs, wide, high, "step"));
  return together(end, followed(model, { runs: () => (load(), build()), scene: build }));
}

export default { render };
