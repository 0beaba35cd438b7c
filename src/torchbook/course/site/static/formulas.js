// Formulas by KaTeX out of marimo's own files; where that fails they stay readable text.
const formulas = document.querySelectorAll(".tex[data-tex]");
if (formulas.length) {
  const style = document.createElement("link");
  Object.assign(style, { rel: "stylesheet", href: "/static/katex.css" });
  document.head.append(style);
  const { default: katex } = await import("/static/katex.js");
  for (const one of formulas) {
    katex.render(one.dataset.tex, one, { displayMode: one.classList.contains("display"), throwOnError: false, output: "htmlAndMathml" });
    one.removeAttribute("data-tex");
  }
}
