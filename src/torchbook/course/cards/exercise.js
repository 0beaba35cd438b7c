// An exercise: the editor, the buttons and what comes of them. Every key is saved.

const SAVE = 250; // milliseconds after the last key
const SLOW = 600; // then a check can be stopped
const PATIENCE = 4000; // then nothing was saved, and it is said

// The parts of the card of `model`, in their order, and `state`, which says how one stands. `close` saves once more.
function exerciseCard(model) {
  const head = model.get("head");
  const number = `tb-${head.name}`;
  const draft = draftOf(head.path);
  let base = model.get("text"); // what is in the file, as far as this page knows
  let sent = null; // what is on its way to the file
  let then = null; // what to do when it has arrived: "save" or "check"
  let last = base; // what was sent last
  let timer, patience;
  let worked = false;

  const edit = editor({
    text: base,
    label: `Your answer to ${head.title}`,
    describedby: `${number}-keys`,
    typed() {
      draft.keep(edit.text, base);
      verdict.root.classList.toggle("tb-stale", true);
      if (!worked) model.send({ do: "opened" });
      worked = true;
      clearTimeout(timer);
      timer = setTimeout(save, SAVE);
    },
    check,
    save,
  });

  function save(what = "save") {
    clearTimeout(timer);
    if (sent !== null) {
      then = then === "check" ? then : what;
      return;
    }
    if (what === "save" && edit.text === base) return draft.drop(base);
    sent = last = edit.text;
    model.send({ do: what, text: sent, base });
    patience = setTimeout(() => {
      // It may still arrive: what is typed now waits for its answer, or it would meet it as another editor's.
      say("The course does not answer. What you typed is kept in this browser; start it again with: torchbook learn");
    }, PATIENCE);
  }
  function check() {
    verdict.root.classList.remove("tb-stale");
    save("check");
  }

  model.on("msg:custom", (message) => {
    if ("reset" in message) {
      base = message.reset;
      sent = then = null;
      edit.text = base;
      draft.forget();
      say(message.kept ? `Begun again. Your answer is kept in ${message.kept}` : "Begun again.");
      return;
    }
    if (!("saved" in message)) return;
    clearTimeout(patience);
    sent = null;
    if (message.kept && edit.text !== last) {
      // Typed while the answer was on its way, over a text that the file never had: it is kept first, as well.
      base = last;
      return save();
    }
    base = message.saved;
    if (message.kept) {
      edit.text = base;
      draft.forget();
      say(`Another editor had saved this file. Its text is shown; what you typed here is kept in ${message.kept}`);
    } else if (spoken.textContent.startsWith("The course")) say("");
    draft.drop(base);
    const next = then ?? (edit.text !== base ? "save" : null);
    then = null;
    if (next) save(next);
  });
  model.on("change:text", () => {
    const text = model.get("text");
    if (text === base || text === sent) return;
    if (sent === null && edit.text === base) {
      base = text;
      edit.text = text;
      verdict.root.classList.toggle("tb-stale", true);
    } // else the next save meets it, and is told
  });

  // The line to the server was lost and is there again; what was on its way has arrived, or it has not.
  model.on("change:connected", () => {
    clearTimeout(patience);
    if (model.get("text") === sent) base = sent;
    sent = then = null;
    if (edit.text !== base) save();
  });

  const spoken = element("p", { class: "tb-notice", role: "status" });
  const say = (text) => (spoken.textContent = text);
  model.on("change:notice", () => model.get("notice") && say(model.get("notice")));

  const button = (label, onclick, more = {}) => element("button", { type: "button", onclick, ...more }, label);
  const checkButton = button("Check", check, { class: "tb-main", title: "Ctrl+Enter" });
  const stopButton = button("Stop", () => model.send({ do: "stop" }), { hidden: true });
  let slow;
  let asked = false;
  const hintButton = button("Hint", () => {
    asked = true;
    model.send({ do: "hint" });
  });
  const solutionButton = button("Solution", () => {
    save();
    model.send({ do: "show_solution" });
  });
  const sure = element("span", { class: "tb-sure", hidden: true });
  const resetButton = button("Start again", () => {
    sure.hidden = false;
    yes.focus();
  });
  const yes = button("Yes, start again", () => {
    save();
    model.send({ do: "reset" });
    sure.hidden = true;
    edit.area.focus();
  });
  const no = button("Cancel", () => {
    sure.hidden = true;
    resetButton.focus();
  });
  sure.append("Your answer will be kept as a copy. ", yes, " ", no);

  const state = element("span", { class: "tb-state" });
  const verdict = verdictOf(model);
  const hints = element("div", { class: "tb-hints" });
  const solution = element("div", { class: "tb-solution" });

  function follow(names, show) {
    for (const name of names) model.on(`change:${name}`, show);
    show();
  }
  follow(["checking"], () => {
    const checking = model.get("checking");
    checkButton.setAttribute("aria-disabled", checking);
    checkButton.textContent = checking ? "Checking …" : "Check";
    verdict.root.classList.toggle("tb-waiting", checking);
    clearTimeout(slow);
    stopButton.hidden = true;
    if (checking) slow = setTimeout(() => (stopButton.hidden = false), SLOW);
  });
  follow(["standing"], () => {
    const now = model.get("standing");
    const passed = now.passed ? "✓ passed" : "";
    state.textContent = [passed, now.spent].filter(Boolean).join(" · ");
    state.classList.toggle("tb-passed", Boolean(now.passed));
    if (now.passed) for (const hint of hints.children) hint.open = false;
    solutionButton.textContent = now.open ? "Solution" : "Solution (locked)";
    solutionButton.title = now.open ? "" : "It opens after a pass or three honest tries.";
  });
  follow(["hints"], () => {
    const given = model.get("hints");
    const left = head.hints - given.length;
    hintButton.textContent = left ? `Hint${given.length ? ` (${left} left)` : ""}` : "No more hints";
    hintButton.setAttribute("aria-disabled", left === 0);
    while (hints.children.length > given.length) hints.lastChild.remove();
    for (const one of given.slice(hints.children.length)) {
      const body = element("div", { class: "tb-prose" });
      body.innerHTML = one.html;
      hints.append(
        element("details", { open: asked || !model.get("standing").passed }, element("summary", {}, `Hint ${one.number} of ${one.of}`), body),
      );
    }
  });
  follow(["solution"], () => solution.replaceChildren(...solutionOf(model.get("solution"), edit.text, model.get("standing").passed)));

  const parts = [
    edit.root,
    element(
      "p",
      { class: "tb-quiet tb-keys", id: `${number}-keys` },
      element("span", { class: "tb-if-keys" }, "Ctrl+Enter checks. Tab indents once you write; Escape, then Tab leaves. "),
      "Saved as you type. ",
    ),
    element("div", { class: "tb-bar" }, checkButton, hintButton, solutionButton, resetButton, stopButton, sure),
    element("details", { class: "tb-keys tb-where" }, element("summary", {}, "Where is the file?"), element("code", {}, head.path)),
    spoken,
    verdict.root,
    hints,
    solution,
  ];

  edit.area.addEventListener("blur", () => save());
  const leave = () => document.visibilityState === "hidden" && save();
  document.addEventListener("visibilitychange", leave);

  const unsaved = draft.found();
  if (unsaved && unsaved.text !== base) {
    // Typed before, and it never arrived: over the file as it is, or to be kept beside a newer one.
    if (unsaved.base === base) edit.text = unsaved.text;
    else {
      const now = base;
      base = unsaved.base;
      edit.text = unsaved.text;
      if (unsaved.text === now) base = now;
    }
    save();
  }
  const close = () => {
    save();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", leave);
  };
  return { parts, state, edit, close };
}

// What was typed and is not known to be in the file stays in the browser until it is.
function draftOf(path) {
  const key = `torchbook:${path}`;
  const quietly = (act) => {
    try {
      return act();
    } catch {
      return null; // a browser that keeps nothing
    }
  };
  return {
    keep: (text, base) => quietly(() => localStorage.setItem(key, JSON.stringify({ text, base }))),
    found: () => quietly(() => JSON.parse(localStorage.getItem(key))),
    forget: () => quietly(() => localStorage.removeItem(key)),
    drop(text) {
      const kept = this.found();
      if (kept && kept.text === text) this.forget();
    },
  };
}

function verdictOf(model) {
  const root = element("div", { class: "tb-verdict", role: "status", "aria-live": "polite" });
  const value = (name, text) =>
    text ? [element("dt", {}, name), element("dd", {}, element("pre", {}, text))] : [];
  function show() {
    const said = model.get("verdict");
    root.replaceChildren();
    root.hidden = !said.outcome;
    if (!said.outcome) return;
    root.classList.remove(...[...root.classList].filter((name) => name.startsWith("tb-is-")));
    root.classList.add(`tb-is-${said.colour}`);
    root.append(
      element(
        "p",
        { class: "tb-headline" },
        element("strong", {}, `${said.sign} ${said.headline}`),
        element("span", { class: "tb-quiet" }, [said.count, said.duration].filter(Boolean).join(" · ")),
      ),
    );
    if (said.message) root.append(element("p", { class: "tb-message" }, ...withCode(said.message)));
    if (said.hint) {
      const body = element("div", { class: "tb-prose" });
      body.innerHTML = said.hint;
      root.append(element("div", { class: "tb-mistake" }, element("strong", {}, `A known mistake: ${said.mistake}`), body));
    }
    if (said.insight) {
      const body = element("div", { class: "tb-prose tb-insight" });
      body.innerHTML = said.insight;
      root.append(body);
    }
    const [first, ...more] = said.cases.map((one, i) =>
      element(
        "details",
        { class: "tb-case", open: i === 0 },
        element("summary", {}, `✗ ${one.name}`),
        ...(one.message ? [element("p", { class: "tb-message" }, ...withCode(one.message))] : []),
        element("dl", {}, ...value("call", one.call), ...value("returned", one.returned), ...value("expected", one.expected)),
      ),
    );
    if (first) root.append(first);
    if (more.length) root.append(element("details", { class: "tb-more" }, element("summary", {}, `and ${more.length} more`), ...more));
    if (said.printed) {
      root.append(element("p", { class: "tb-quiet" }, "Your code printed"), element("pre", { class: "tb-printed" }, said.printed));
    }
  }
  model.on("change:verdict", show);
  show();
  return { root };
}

// Text in which `this` is code.
function withCode(text) {
  return text.split(/`([^`\n]+)`/).map((part, i) => (i % 2 ? element("code", {}, part) : part));
}

// The solution as what would change in one's own answer, or, of a passed one, beside it.
function solutionOf(shown, own, passed) {
  if (!shown.source) return [];
  const code = (html) => {
    const made = element("pre", { class: "tb-code", tabindex: "0" });
    made.innerHTML = html;
    return made;
  };
  const parts = [element("h4", {}, "The solution")];
  const another = shown.another
    ? [element("details", { class: "tb-another" }, element("summary", {}, "Another way"), code(coloured(shown.another.trimEnd())))]
    : [];
  if (passed) {
    const column = (title, text) => element("div", {}, element("p", { class: "tb-quiet" }, title), code(coloured(text.trimEnd())));
    parts.push(element("div", { class: "tb-columns" }, column("yours", own), column("the solution", shown.source)));
  } else if (shown.diff.length) {
    const rows = shown.diff.map((line) => {
      const kind = { "-": "del", "+": "ins" }[line[0]] ?? "span";
      return element(kind, { class: "tb-row" }, line + "\n");
    });
    parts.push(
      element("p", { class: "tb-quiet" }, "− your answer, + the solution"),
      element("pre", { class: "tb-code tb-diff", tabindex: "0" }, ...rows),
      element("details", {}, element("summary", {}, "The solution alone"), code(coloured(shown.source.trimEnd()))),
    );
  } else parts.push(code(coloured(shown.source.trimEnd())));
  return [...parts, ...another];
}
