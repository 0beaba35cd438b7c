// Bars of waiting and computing, measured on the machine of the reader.

function render({ model, el }) {
  const root = framed(model, "timings");
  const measure = element("button", { type: "button", onclick: ask }, "Measure on this machine");
  const bars = element("div", { class: "tb-bars tb-number" });
  const key = (name, text) => element("span", { class: "tb-legend" }, element("span", { class: `tb-key tb-${name}` }), ` ${text}`);
  root.append(element("div", { class: "tb-bar" }, measure, key("waiting", "waiting"), key("work", "computing")), bars);
  el.append(root);

  function ask() {
    enable(measure, false);
    model.send({ measure: true });
  }

  function show() {
    const all = model.get("bars");
    const longest = Math.max(...all.map(([, waiting, work]) => waiting + work));
    const part = (name, share) => element("span", { class: `tb-${name}`, style: `width:${(100 * share) / longest}%` });
    bars.replaceChildren(
      ...all.map(([name, waiting, work]) =>
        element("div", { class: "tb-measured" }, element("span", {}, name), element("span", { class: "tb-track" }, part("waiting", waiting), part("work", work)), element("span", {}, `${brief(waiting)} + ${brief(work)}`))),
      element("p", { class: "tb-quiet" }, all.length ? "in millionths of a second for each picture" : model.get("alternative")),
    );
  }

  show();
  return followed(model, { bars: show, "msg:custom": () => enable(measure, true) });
}

export default { render };
