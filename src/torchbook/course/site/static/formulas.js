// Formulas follow their sources while these are typed.
for (const place of document.querySelectorAll(".site-formula")) {
  const source = place.querySelector("textarea");
  const shown = place.querySelector("output");
  let asked = 0;
  source.addEventListener("input", async () => {
    source.rows = source.value.split("\n").length;
    const mine = ++asked;
    const response = await fetch(`/formulas/shown?source=${encodeURIComponent(source.value)}`).catch(() => null);
    if (!response?.ok || mine !== asked) return;
    const { formula, error } = await response.json();
    // While a formula is half written, the last one that was whole stays, and the line below says what is missing.
    place.dataset.trouble = error ?? "";
    if (formula !== undefined) shown.innerHTML = formula;
  });
}
