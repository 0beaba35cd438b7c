
// A quiz on a page of marimo.

function render({ model, el }) {
  el.append(quizCard(model));
  el.getRootNode().host?.closest(".output-area")?.style.setProperty("max-height", "none");
}

export default { render };
