
// An exercise on a page of marimo: what is asked, and its card.

function render({ model, el }) {
  const head = model.get("head");
  const title = `tb-${head.name}-title`;
  const card = exerciseCard(model);
  const prompt = element("div", { class: "tb-prose tb-prompt" });
  prompt.innerHTML = model.get("prompt");
  const place = element("span", { class: "tb-quiet" }, `Exercise ${head.number} · about ${head.minutes} min`);
  const header = element("header", {}, place, card.state, element("h3", { id: title }, head.title));
  el.append(element("section", { class: "tb-picture tb-card tb-exercise", "aria-labelledby": title }, header, prompt, ...card.parts));
  const host = el.getRootNode().host;
  if (host) {
    // In its own editor marimo makes an output scroll that is higher than a screen.
    host.closest(".output-area")?.style.setProperty("max-height", "none");
    host.id = `exercise-${head.name}`; // /lessons/08#exercise-softmax leads here
    if (location.hash === `#${host.id}`) host.scrollIntoView();
  }
  return card.close;
}

export default { render };
