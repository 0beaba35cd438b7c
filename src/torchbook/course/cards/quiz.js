// A quiz: one form a question, marked where it stands.

// The section with all questions of `model`.
function quizCard(model) {
  const questions = model.get("questions");
  const score = element("p", { class: "tb-score", role: "status" });
  const forms = questions.map((question, i) => questionOf(model, question, i + 1));
  const root = element(
    "section",
    { class: "tb-picture tb-card tb-quiz", "aria-label": `Quiz: ${model.get("title")}` },
    ...forms.map((form) => form.root),
    score,
  );
  model.on("change:notice", () => {
    for (const form of forms) form.notice.textContent = form.id === model.get("asked_last") ? model.get("notice") : "";
  });
  const show = () => {
    const marks = model.get("marks");
    for (const form of forms) form.show(marks[form.id]);
    const answered = Object.values(marks);
    const right = answered.filter((mark) => mark.right).length;
    score.textContent = `${right} of ${questions.length} right` + (answered.length < questions.length ? `, ${questions.length - answered.length} not answered yet` : "");
  };
  model.on("change:marks", show);
  show();
  return root;
}

const asHtml = (name, attributes, html) => {
  const made = element(name, attributes);
  made.innerHTML = html;
  return made;
};

function questionOf(model, question, number) {
  const name = `tb-question-${question.id}`;
  const form = element("form", { class: "tb-question", "aria-labelledby": `${name}-ask` });
  const ask = asHtml("div", { class: "tb-prose tb-ask", id: `${name}-ask` }, question.ask);
  const input = { choice: choiceInput, order: orderInput }[question.kind]?.(question, name) ?? textInput(question, name);
  const answer = element("button", { type: "submit", class: "tb-main" }, "Answer");
  const again = element("button", { type: "button" }, "Try again");
  const reveal = element("button", { type: "button" }, "Show the answer");
  const notice = element("p", { class: "tb-notice", role: "alert" });
  const said = element("div", { class: "tb-said", role: "status" });
  again.addEventListener("click", () => {
    model.send({ do: "again", question: question.id });
    input.focus();
  });
  reveal.addEventListener("click", () => {
    model.send({ do: "reveal", question: question.id });
    again.focus();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    model.send({ do: "answer", question: question.id, given: input.given() });
  });
  form.append(element("span", { class: "tb-ordinal", "aria-hidden": "true" }, String(number)), ask);
  if (question.code) form.append(asHtml("pre", { class: "tb-code", tabindex: "0", "aria-label": "the code" }, coloured(question.code.trimEnd())));
  form.append(input.root, notice, said, element("div", { class: "tb-bar" }, answer, again, reveal));

  function show(mark) {
    form.classList.toggle("tb-right", Boolean(mark?.right));
    form.classList.toggle("tb-wrong", Boolean(mark) && !mark.right);
    input.show(mark);
    answer.hidden = Boolean(mark);
    again.hidden = !mark;
    reveal.hidden = !mark?.kept_back;
    said.replaceChildren();
    if (!mark) return;
    said.append(element("strong", { class: "tb-sign" }, mark.right ? "✓ right" : mark.kept_back ? "✗ not yet" : "✗ wrong"));
    if (question.kind !== "choice") {
      if (!mark.right && mark.printed) said.append(element("p", {}, "It is"), element("pre", { class: "tb-printed" }, mark.printed));
      else if (!mark.right && mark.answer) said.append(asHtml("div", { class: "tb-prose" }, mark.answer));
      if (mark.mistake) said.append(asHtml("div", { class: "tb-prose" }, mark.mistake));
    }
    if (mark.why) said.append(asHtml("div", { class: "tb-prose" }, mark.why));
    if (mark.ran) said.append(element("p", { class: "tb-quiet" }, "Run here, it prints"), element("pre", { class: "tb-printed" }, mark.ran));
  }
  return { root: form, show, notice, id: question.id };
}

function choiceInput(question, name) {
  const rows = question.choices.map((choice) => {
    const box = element("input", { type: question.several ? "checkbox" : "radio", name, value: choice.number });
    const label = element("label", {}, box, asHtml("span", { class: "tb-prose" }, choice.html));
    const reason = element("div", { class: "tb-reason tb-prose" });
    return { choice, box, reason, root: element("div", { class: "tb-choice" }, label, reason) };
  });
  const hint = question.several ? "Choose all that are right." : "Choose one.";
  const root = element("fieldset", {}, element("legend", { class: "tb-quiet" }, hint), ...rows.map((row) => row.root));
  return {
    root,
    focus: () => rows[0].box.focus(),
    given: () => rows.filter((row) => row.box.checked).map((row) => row.choice.number),
    show(mark) {
      for (const { box, reason, choice, root } of rows) {
        box.disabled = Boolean(mark);
        if (mark) box.checked = mark.given.includes(choice.number);
        const told = mark?.reasons[choice.number];
        root.classList.toggle("tb-is-right", Boolean(told?.right));
        root.classList.toggle("tb-is-wrong", Boolean(told && !told.right));
        reason.replaceChildren();
        if (told) reason.append(element("strong", {}, told.right ? "✓" : "✗"), asHtml("div", {}, told.html));
      }
    },
  };
}

function orderInput(question) {
  let order = question.choices.map((choice) => choice.number);
  const texts = new Map(question.choices.map((choice) => [choice.number, choice.html]));
  const list = element("ol", { class: "tb-order" });
  let marked = false;
  function move(at, by) {
    const to = at + by;
    if (to < 0 || to >= order.length) return;
    [order[at], order[to]] = [order[to], order[at]];
    draw();
    const buttons = list.children[to].querySelectorAll("button");
    (buttons[by < 0 ? 0 : 1].disabled ? buttons[by < 0 ? 1 : 0] : buttons[by < 0 ? 0 : 1]).focus();
  }
  function draw() {
    list.replaceChildren(
      ...order.map((number, at) => {
        const text = asHtml("span", { class: "tb-prose" }, texts.get(number));
        const words = text.textContent.trim();
        const button = (sign, by, where) =>
          element("button", { type: "button", "aria-label": `move ${where}: ${words}`, disabled: marked || at + by < 0 || at + by >= order.length, onclick: () => move(at, by) }, sign);
        return element("li", {}, button("↑", -1, "up"), button("↓", 1, "down"), text);
      }),
    );
  }
  draw();
  const root = element("div", { role: "group", "aria-label": "Put them in order" }, element("p", { class: "tb-quiet" }, "Put them in order, the first on top."), list);
  return {
    root,
    focus: () => list.querySelector("button:not(:disabled)")?.focus(),
    given: () => order,
    show(mark) {
      marked = Boolean(mark);
      if (mark?.given.length) order = [...mark.given];
      draw();
    },
  };
}

function textInput(question, name) {
  const several = question.kind === "predict" && question.lines > 1;
  const box = several
    ? element("textarea", { id: name, rows: question.lines, spellcheck: "false", autocapitalize: "off", class: "tb-typed" })
    : element("input", { id: name, type: "text", autocomplete: "off", spellcheck: "false", autocapitalize: "off", class: "tb-typed", inputmode: question.kind === "number" ? "decimal" : "text" });
  return {
    root: element("label", { for: name, class: "tb-text" }, element("span", { class: "tb-quiet" }, question.wanted), box),
    focus: () => box.focus(),
    given: () => box.value,
    show(mark) {
      box.readOnly = Boolean(mark);
      if (mark && mark.given) box.value = mark.given;
    },
  };
}
