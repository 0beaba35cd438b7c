// A training that runs elsewhere: how far it is, its latest numbers, and a button that ends it.

function render({ model, el }) {
  const name = model.get("name").replaceAll("_", " ");
  const bar = element("progress", { "aria-label": `${name}: how far it is`, max: 1 });
  const state = element("span", { class: "tb-quiet tb-number" });
  const stop = element("button", { type: "button", onclick: () => model.send({ do: "stop" }) }, "Stop");
  const numbers = element("dl", { class: "tb-latest tb-number" });
  const message = element("p", { class: "tb-message", role: "alert" });
  const printed = element("pre", { class: "tb-printed", hidden: true, tabindex: "0", "aria-label": "what it printed" });
  const spoken = element("p", { class: "tb-spoken", role: "status" });
  const root = element(
    "section",
    { class: "tb-picture tb-card tb-live", "aria-label": `Training: ${name}` },
    element("div", { class: "tb-bar" }, element("strong", {}, name), bar, state, stop),
    numbers,
    message,
    printed,
    spoken,
  );
  el.append(root);

  const words = { running: "running", finished: "finished", stopped: "stopped", failed: "it did not finish" };
  function show() {
    const status = model.get("status");
    const running = status === "running";
    const count = model.get("count");
    const progress = model.get("progress");
    if (!running) bar.value = status === "finished" ? 1 : Math.max(0, progress);
    else if (progress >= 0) bar.value = progress;
    const word = running && count === 0 ? "starting" : words[status];
    state.textContent = `${word} · ${count} ${count === 1 ? "report" : "reports"} · ${model.get("seconds").toFixed(1)} s`;
    stop.hidden = !running;
    message.textContent = model.get("message");
    message.hidden = !model.get("message");
    if (printed.textContent !== model.get("printed")) {
      printed.textContent = model.get("printed");
      printed.hidden = !model.get("printed");
      printed.scrollTop = printed.scrollHeight;
    }
    const latest = Object.entries(model.get("latest"));
    if (numbers.children.length !== latest.length) {
      numbers.replaceChildren(...latest.map(([key]) => element("div", {}, element("dt", {}, key.replaceAll("_", " ")), element("dd", {}))));
    }
    latest.forEach(([, value], i) => (numbers.children[i].lastChild.textContent = value));
    root.dataset.status = status;
    if (spoken.dataset.status !== status) {
      spoken.dataset.status = status;
      spoken.textContent = `${name}: ${words[status]}. ${latest.map((pair) => pair.join(" ")).join(", ")}`;
    }
    // What the page sends makes the cells that use the result run again; they need it once, at the end.
    if (!running && model.get("heard") !== status) {
      model.set("heard", status);
      model.save_changes();
    }
  }
  for (const key of ["status", "count", "seconds", "progress", "latest", "message", "printed"]) model.on(`change:${key}`, show);
  show();
}

export default { render };
