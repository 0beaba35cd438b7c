// A program with a broken line, its traceback, and the reader who looks for the line that is to blame.

function render({ model, el }) {
  const root = framed(model, "faults");
  let latest = model.get("current");
  const again = element("button", { type: "button", onclick: () => turn(next()) });
  const mend = element("button", { type: "button", onclick: () => turn(-1) }, "Mend it");
  const count = element("span", { class: "tb-quiet tb-number" });
  const code = element("div", { class: "tb-code", role: "group", "aria-label": "The program; press the line that is to blame" });
  const report = element("pre", { class: "tb-report", tabindex: 0, "aria-label": "The traceback" });
  const verdict = element("div", { class: "tb-diagnosis", role: "status" });
  root.append(element("div", { class: "tb-bar" }, again, mend, count), element("div", { class: "tb-sides" }, code, element("div", {}, report, verdict)));
  el.append(root);

  // The next fault that has not been found, or simply the next one when all have been.
  function next() {
    const count = model.get("cases").length;
    const order = Array.from({ length: count }, (_, i) => (latest + 1 + i) % count);
    return order.find((each) => !model.get("solved").includes(each)) ?? order[0];
  }

  function turn(current) {
    if (current >= 0) latest = current;
    put(model, { pressed: [], current });
    show();
  }

  function blame(number) {
    const { line } = model.get("cases")[model.get("current")];
    model.set("pressed", [...model.get("pressed"), number]);
    if (number === line && !model.get("solved").includes(model.get("current"))) model.set("solved", [...model.get("solved"), model.get("current")]);
    model.save_changes();
    show(number);
  }

  // Text with `code` in it.
  const worded = (text) => text.split("`").map((part, i) => (i % 2 ? element("code", {}, part) : part));

  function show(last = model.get("pressed").at(-1)) {
    const current = model.get("current");
    const [given, pressed] = [model.get("cases")[current], model.get("pressed")];
    const right = given && pressed.includes(given.line);
    again.textContent = current < 0 ? "Break it" : "Break something else";
    enable(mend, current >= 0);
    count.textContent = `${model.get("solved").length} of ${model.get("cases").length} found`;
    code.replaceChildren(...model.get("lines").map((text, i) => {
      const broken = given && given.line === i + 1 ? given.text : text;
      const made = element("button", { type: "button", tabindex: -1, disabled: !given || !broken.trim(), onclick: () => blame(i + 1) },
        element("small", { class: "tb-number" }, i + 1), element("code", {}, broken || " "));
      if (given && pressed.includes(i + 1)) made.classList.add(given.line === i + 1 ? "tb-guilty" : "tb-innocent");
      if (given && given.surfaced === i + 1) made.classList.add("tb-hurts");
      return made;
    }));
    roving(code, "button:not(:disabled)", 1);
    report.textContent = given ? given.report : "It runs, and there is nothing to report.";
    report.classList.toggle("tb-failed", Boolean(given));
    report.scrollTop = report.scrollHeight;
    if (!given) verdict.replaceChildren("Press the button: it breaks one line of this program, and runs it.");
    else if (right) verdict.replaceChildren(
      element("p", {}, element("b", {}, `Line ${given.line} it is. `), ...worded(given.what)),
      element("p", {}, ...worded(given.fix)),
      element("p", { class: "tb-quiet" }, "It was ", element("code", {}, model.get("lines")[given.line - 1].trim())),
      ...(model.get("solved").length === model.get("cases").length ? [element("p", {}, element("b", {}, `All ${model.get("cases").length} are found.`), " You read a traceback as a doctor hears a complaint.")] : []));
    else if (last === given.surfaced) verdict.replaceChildren(`Line ${last} is where it hurts. It does what it should, with what it is given. Which line made that?`);
    else if (last) verdict.replaceChildren(`Line ${last} is healthy. What does the last line of the traceback say, and which line made what it speaks of?`);
    else verdict.replaceChildren("Which line is to blame? Press it.");
  }

  show();
  return followed(model, all(["current", "cases", "pressed", "solved"], () => show()));
}

export default { render };
