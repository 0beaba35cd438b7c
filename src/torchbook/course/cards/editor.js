// An editor for Python: a text area, which keyboards, phones and screen readers know, over the same text in colours.

const INDENT = "    ";

// `typed` is called after each change by a person, `check` and `save` at Ctrl/Cmd+Enter and Ctrl/Cmd+S.
function editor({ text, label, describedby, typed, check, save }) {
  const colours = element("pre", { class: "tb-colours", "aria-hidden": "true" });
  const area = element("textarea", {
    class: "tb-area",
    "aria-label": label,
    "aria-describedby": describedby,
    spellcheck: "false",
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    wrap: "off",
  });
  const root = element("div", { class: "tb-editor" }, element("div", { class: "tb-sheet" }, colours, area));
  const paint = () => (colours.innerHTML = coloured(area.value));
  let quiet = false; // while a text from elsewhere is put in
  let leaving = true; // Tab walks past the editor until one writes in it, and leaves it after Escape

  // Goes through the browser's own undo; the text area must have the focus.
  function replace(from, to, inserted) {
    area.setSelectionRange(from, to);
    if (inserted ? document.execCommand("insertText", false, inserted) : document.execCommand("delete")) return;
    area.setRangeText(inserted, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Changes the lines of the selection, each by `change(line)`, and keeps them selected.
  function lines(change) {
    const { value, selectionStart, selectionEnd } = area;
    const from = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const lastSign = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n" ? selectionEnd - 1 : selectionEnd;
    const next = value.indexOf("\n", lastSign);
    const to = next < 0 ? value.length : next;
    const before = value.slice(from, to);
    const after = before.split("\n").map(change).join("\n");
    if (after === before) return;
    replace(from, to, after);
    if (selectionStart === selectionEnd) {
      const at = Math.max(from, selectionStart + after.length - before.length);
      area.setSelectionRange(at, at);
    } else area.setSelectionRange(from, from + after.length);
  }

  function newLine() {
    const { value, selectionStart, selectionEnd } = area;
    const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
    let indent = line.match(/^[ \t]*/)[0];
    const code = line.replace(/#[^'"]*$/, "").trimEnd();
    if (/[:([{]$/.test(code)) indent += INDENT;
    else if (/^\s*(return|pass|break|continue|raise)\b/.test(code)) indent = indent.slice(0, -INDENT.length);
    replace(selectionStart, selectionEnd, "\n" + indent);
  }

  const keys = {
    Tab(event) {
      if (leaving) return false;
      if (event.shiftKey) lines((line) => line.replace(/^( {1,4}|\t)/, ""));
      else if (area.selectionStart !== area.selectionEnd) lines((line) => (line ? INDENT + line : line));
      else {
        const column = area.selectionStart - (area.value.lastIndexOf("\n", area.selectionStart - 1) + 1);
        replace(area.selectionStart, area.selectionEnd, " ".repeat(4 - (column % 4)));
      }
    },
    Enter(event) {
      if (event.ctrlKey || event.metaKey) check();
      else newLine();
    },
    Backspace() {
      const { value, selectionStart, selectionEnd } = area;
      const line = value.slice(value.lastIndexOf("\n", selectionStart - 1) + 1, selectionStart);
      if (selectionStart !== selectionEnd || !/^ +$/.test(line)) return false;
      replace(selectionStart - (line.length % 4 || 4), selectionStart, "");
    },
    "/"(event) {
      if (!event.ctrlKey && !event.metaKey) return false;
      const chosen = area.value.slice(area.selectionStart, area.selectionEnd) || currentLine();
      const all = chosen.split("\n").every((line) => !line.trim() || /^\s*#/.test(line));
      lines((line) => (all ? line.replace(/^(\s*)# ?/, "$1") : line.trim() ? line.replace(/^(\s*)/, "$1# ") : line));
    },
    s(event) {
      if (!event.ctrlKey && !event.metaKey) return false;
      save();
    },
  };

  function currentLine() {
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const to = area.value.indexOf("\n", from);
    return area.value.slice(from, to < 0 ? undefined : to);
  }

  area.addEventListener("keydown", (event) => {
    event.stopPropagation(); // the page has keys of its own
    if (event.isComposing) return;
    const key = keys[event.key];
    if (key && !event.altKey && key(event) !== false) event.preventDefault();
    if (!["Shift", "Tab", "Control", "Alt", "Meta"].includes(event.key)) leaving = event.key === "Escape";
  });
  area.addEventListener("focus", () => (leaving = true));
  area.addEventListener("click", () => (leaving = false));
  area.addEventListener("input", () => {
    paint();
    if (!quiet) typed();
  });
  area.value = text;
  paint();

  return {
    root,
    area,
    get text() {
      return area.value;
    },
    // Shows a text that comes from elsewhere; where the cursor is and what can be undone stay.
    set text(text) {
      if (text === area.value) return;
      const { selectionStart, selectionEnd } = area;
      if (area.getRootNode().activeElement === area) {
        quiet = true;
        replace(0, area.value.length, text);
        quiet = false;
      } else area.value = text;
      area.setSelectionRange(Math.min(selectionStart, text.length), Math.min(selectionEnd, text.length));
      paint();
    },
  };
}
