// The page of a served model: sends a file that is dropped or chosen, or the rows that are typed, and shows the answer.

const [form, section, example] = ["form", "section", "pre"].map((name) => document.querySelector(name));
const { columns } = form.dataset;
const made = (tag, properties, ...parts) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...parts);
  return element;
};

async function ask(file) {
  const parts = file.type.startsWith("image/") ? [made("img", { src: await url(file), alt: file.name })] : [];
  let answer;
  try {
    answer = await (await fetch(`/predict?name=${encodeURIComponent(file.name)}`, { method: "POST", body: file })).json();
  } catch {
    answer = { error: "the server does not answer; is it still running?" };
  }
  section.replaceChildren(...parts, ...(answer.error ? [made("p", { role: "alert" }, answer.error)] : answer.predictions.flatMap(shown)));
}

// A data address: the pages of this server load from nowhere else, not even from memory.
const url = (file) => new Promise((done) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result);
  reader.readAsDataURL(file);
});

function shown(answer) {
  const best = Object.entries(answer.probabilities ?? {}).sort((a, b) => b[1] - a[1]).slice(0, 5);
  const rows = answer.values
    ? Object.entries(answer.values).map(([name, value]) => [name, "", Number(value.toPrecision(4))])
    : best.map(([name, share]) => [name, made("meter", { value: share, ariaLabel: name }), `${(100 * share).toFixed(1)} %`]);
  const says = answer.class ?? (answer.tags ? answer.tags.join(", ") || "none of the tags" : "");
  const title = [answer.row && `Row ${answer.row}`, says].filter(Boolean).join(": ");
  const table = made("table", {}, ...rows.map((row) => made("tr", {}, ...row.map((part) => made("td", {}, part)))));
  return [made("h2", {}, title), table, made("p", {}, (answer.notes ?? []).join(", "))];
}

form.file.addEventListener("change", () => form.file.files.length && ask(form.file.files[0]));
for (const type of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    form.classList.toggle("over", type === "dragover");
    if (type === "drop" && event.dataTransfer.files.length) ask(event.dataTransfer.files[0]);
  });
}
if (columns) {
  const rows = made("textarea", { name: "rows", rows: 4, value: `${columns}\n`, ariaLabel: "Rows, as CSV" });
  form.append(made("p", {}, "Or type rows:"), rows, made("button", {}, "Predict"));
}
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(new File([form.rows.value], "rows.csv", { type: "text/csv" }));
});
const name = columns ? "rows.csv" : "photo.jpg";
example.textContent = `curl --data-binary @${name} "${location.origin}/predict?name=${name}"`;
