// An exercise: what is asked, the editor, the buttons and what comes of them. Every key is saved.

const SAVE = 250; // milliseconds after the last key
const PATIENCE = 4000; // then nothing was saved, and it is said

function render({ model, el }) {
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
      sent = null;
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
    const was = sent;
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
    } else if (was !== null && spoken.textContent.startsWith("The course")) say("");
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

  const spoken = element("p", { class: "tb-notice", role: "status" });
  const say = (text) => (spoken.textContent = text);
  model.on("change:notice", () => model.get("notice") && say(model.get("notice")));

  const button = (label, onclick, more = {}) => element("button", { type: "button", onclick, ...more }, label);
  const checkButton = button("Check", check, { class: "tb-main", title: "Ctrl+Enter" });
  const hintButton = button("Hint", () => model.send({ do: "hint" }));
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
  });
  follow(["standing"], () => {
    const now = model.get("standing");
    const passed = now.passed ? "✓ passed" : "";
    state.textContent = [passed, now.spent].filter(Boolean).join(" · ");
    state.classList.toggle("tb-passed", Boolean(now.passed));
    solutionButton.textContent = now.open ? "Solution" : "Solution (locked)";
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
        element("details", { open: true }, element("summary", {}, `Hint ${one.number} of ${one.of}`), body),
      );
    }
  });
  follow(["solution"], () => solution.replaceChildren(...solutionOf(model.get("solution"))));

  const prompt = element("div", { class: "tb-prose tb-prompt" });
  prompt.innerHTML = model.get("prompt");
  const place = element("span", { class: "tb-quiet" }, `Exercise ${head.number} · about ${head.minutes} min`);
  const root = element(
    "section",
    { class: "tb-picture tb-card tb-exercise", "aria-labelledby": `${number}-title` },
    element("header", {}, place, state, element("h3", { id: `${number}-title` }, head.title)),
    prompt,
    edit.root,
    element(
      "p",
      { class: "tb-quiet tb-keys", id: `${number}-keys` },
      element("span", { class: "tb-if-keys" }, "Ctrl+Enter checks. Tab indents; Escape, then Tab leaves the editor. "),
      "Saved as you type, in ",
      element("code", {}, head.path),
    ),
    element("div", { class: "tb-bar" }, checkButton, hintButton, solutionButton, resetButton, sure),
    spoken,
    verdict.root,
    hints,
    solution,
  );
  el.append(root);
  const host = el.getRootNode().host;
  if (host) {
    // In its own editor marimo makes an output scroll that is higher than a screen.
    host.closest(".output-area")?.style.setProperty("max-height", "none");
    host.id = `exercise-${head.name}`; // /lessons/08#exercise-softmax leads here
    if (location.hash === `#${host.id}`) host.scrollIntoView();
  }

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
  return () => {
    save();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", leave);
  };
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
    said.cases.forEach((one, i) => {
      root.append(
        element(
          "details",
          { class: "tb-case", open: i === 0 },
          element("summary", {}, `✗ ${one.name}`),
          ...(one.message ? [element("p", { class: "tb-message" }, ...withCode(one.message))] : []),
          element("dl", {}, ...value("call", one.call), ...value("returned", one.returned), ...value("expected", one.expected)),
        ),
      );
    });
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

function solutionOf(shown) {
  if (!shown.source) return [];
  const code = (html) => {
    const made = element("pre", { class: "tb-code", tabindex: "0" });
    made.innerHTML = html;
    return made;
  };
  const parts = [element("h4", {}, "The solution")];
  if (shown.diff.length) {
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
  return parts;
}

export default { render };
