// Python in colours: `coloured(source)` is HTML, one `<span class="tb-line">` a line.

const PYTHON = new RegExp(
  [
    /(?<comment>#[^\n]*)/,
    /(?<string>[rbfuRBFU]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))/,
    /(?<decorator>^[ \t]*@[\w.]+)/,
    /(?<number>\b\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?j?\b|\.\d+(?:[eE][+-]?\d+)?)/,
    /\b(?<introduces>def|class)\b(?<space>[ \t]+)(?<name>\w+)/,
    /\b(?<keyword>False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield|match|case)\b/,
    /(?<word>[A-Za-z_]\w*)/,
  ]
    .map((part) => part.source)
    .join("|"),
  "gm",
);

function coloured(source) {
  let html = "";
  let end = 0;
  const add = (kind, text) => {
    // A token over several lines is closed and opened again at each end of a line.
    const parts = text.split("\n").map((part) => {
      const safe = part.replace(/&/g, "&amp;").replace(/</g, "&lt;");
      return kind && part ? `<span class="tb-py-${kind}">${safe}</span>` : safe;
    });
    html += parts.join("\n");
  };
  for (const token of source.matchAll(PYTHON)) {
    add("", source.slice(end, token.index));
    const found = token.groups;
    if (found.introduces) {
      add("keyword", found.introduces);
      add("", found.space);
      add("name", found.name);
    } else {
      const kind = ["comment", "string", "decorator", "number", "keyword"].find((name) => found[name]);
      add(kind ?? "", token[0]);
    }
    end = token.index + token[0].length;
  }
  add("", source.slice(end));
  return html
    .split("\n")
    .map((line) => `<span class="tb-line">${line}\n</span>`)
    .join("");
}
