// What the reader guesses before the answer is seen: an option, a number, or a curve. It is kept for a reload of this
// tab. The answer stands in the page, and needs no worker; where one computes it anew, the comparison follows.

const key = `torchbook:guesses:${document.querySelector("[data-lesson]").dataset.lesson}`;
const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
const texts = JSON.parse(document.getElementById("guess-words").textContent);
const keep = (guess, value) => {
  kept[guess.id] = value;
  sessionStorage.setItem(key, JSON.stringify(kept));
};
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const written = (number, digits) => number.toLocaleString("en", digits).replace("-", "−");
const truthOf = (guess) => JSON.parse(guess.querySelector(".truth").dataset.truth);

// Shows what stands below a guess from now on, without the answer in words, which its sentence says.
function reveal(guess, open = true) {
  const answer = guess.querySelector(".reveal");
  answer.open = open && answer.children.length > 2;
}

// Calls `follow` when the page has got another answer.
function answered(guess, follow) {
  new MutationObserver(follow).observe(guess.querySelector(".reveal"), { childList: true });
}

function choice(guess) {
  const options = [...guess.querySelectorAll('.option > input[type="radio"]')];
  const chosen = options[kept[guess.id]];
  if (chosen) chosen.checked = true;
  guess.addEventListener("change", () => keep(guess, options.findIndex((option) => option.checked)));
}

// A number as people write it: with blanks, a unit, and commas between thousands or instead of a point.
function numberIn(text, unit) {
  let plain = text.trim().replace(/^[−–]/, "-");
  if (unit && plain.endsWith(unit)) plain = plain.slice(0, -unit.length);
  plain = plain.replace(/[\s_’'%]/g, "");
  plain = /^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain) ? plain.replaceAll(",", "") : plain.replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}

// How a guess compares with the right number, in a sentence.
function compared(guess, { number, text }, unit, range) {
  const share = unit === "%";
  const decimals = (value) => /\.(\d+)/.exec(String(value))?.[1].length ?? 0;
  const digits = Math.min(10, decimals(text.replaceAll(",", "")));
  const words = { guess: `${written(guess, { maximumFractionDigits: 10 })}${share ? "%" : ""}`, answer: text };
  const off = Math.abs(guess - number);
  if (off < 0.5 * 10 ** -digits) return filled(texts.exact, words);
  const near = Math.max(range ? 0.03 * range : 0, share ? 3 : 0.08 * Math.abs(number));
  if (off <= near) return filled(texts.near, words);
  const times = Math.max(guess / number, number / guess);
  if (guess > 0 && number > 0 && times >= 2 && Number.isFinite(times)) {
    words.times = written(times, { maximumSignificantDigits: times < 100 ? 2 : 3 });
    return filled(guess < number ? texts.more : texts.less, words);
  }
  const gap = written(off, { maximumFractionDigits: Math.max(digits, Math.min(4, decimals(guess))) });
  words.off = share ? filled(texts.points, { off: gap }) : gap;
  return filled(guess < number ? texts.low : texts.high, words);
}

function number(guess) {
  const form = guess.querySelector(".entry");
  const [field, slider, button] = ['input[type="text"]', 'input[type="range"]', "button"].map((part) => form.querySelector(part));
  const verdict = guess.querySelector(".verdict");
  const { unit } = guess.dataset;
  const mark = document.createElement("i");
  mark.className = "mark";
  const tell = () => {
    const value = numberIn(field.value, unit);
    if (Number.isNaN(value)) return (verdict.textContent = texts.missing);
    const truth = truthOf(guess);
    verdict.textContent = compared(value, truth, unit, slider ? slider.max - slider.min : 0);
    guess.classList.add("is-told");
    if (slider) {
      const share = Math.max(0, Math.min(1, (truth.number - slider.min) / (slider.max - slider.min)));
      mark.style.left = `calc(${share} * (100% - 1.25rem) + .625rem)`;
      slider.parentElement.append(mark);
    }
    reveal(guess);
    keep(guess, { text: field.value, told: true });
  };
  const follow = () => {
    const value = numberIn(field.value, unit);
    if (slider && !Number.isNaN(value)) slider.value = value;
    slider?.setAttribute("aria-valuetext", `${written(Number(slider.value), {})} ${unit}`.trim());
  };
  field.addEventListener("input", () => {
    follow();
    keep(guess, { ...kept[guess.id], text: field.value });
  });
  slider?.addEventListener("input", () => {
    field.value = written(Number(slider.value), { maximumFractionDigits: 10 });
    follow();
    keep(guess, { ...kept[guess.id], text: field.value });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    tell();
    if (verdict.textContent === texts.missing) field.focus();
  });
  answered(guess, () => guess.classList.contains("is-told") && tell());
  for (const part of [field, slider, button]) if (part) part.disabled = false;
  field.value = kept[guess.id]?.text ?? "";
  follow();
  if (kept[guess.id]?.told) tell();
}

async function curve(guess) {
  const { sketch } = await import(guess.dataset.scripts);
  const [button, again] = guess.querySelectorAll(".entry button");
  const verdict = guess.querySelector(".verdict");
  const [across, up] = JSON.parse(guess.dataset.axes);
  const label = filled(texts["draw-label"], { across: across[0], up: up[0] });
  const drawing = sketch(guess.querySelector(".sketch"), { across, up, texts: { ...texts, label }, changed });
  const store = () => keep(guess, { heights: drawing.heights, told: guess.classList.contains("is-told") });

  function changed() {
    button.disabled = drawing.open !== "";
    verdict.textContent = drawing.open ? texts[`draw-${drawing.open}`] : texts["draw-done"];
    store();
  }

  function tell() {
    const truth = truthOf(guess);
    const { share, x } = drawing.distance(truth);
    const kind = share <= 0.05 ? "curve-near" : share <= 0.15 ? "curve-fair" : "curve-far";
    const percent = written(share, { style: "percent", maximumFractionDigits: 0 });
    drawing.show(truth);
    const sentence = filled(texts[kind], { share: percent, across: across[0], x: written(x, { maximumSignificantDigits: 2 }) });
    const heard = Object.assign(document.createElement("span"), { className: "site-spoken", textContent: ` ${truth.text}` });
    verdict.replaceChildren(sentence, heard); // the true curve, for those who do not see it
    guess.classList.add("is-told");
    [button.hidden, again.hidden] = [true, false];
    reveal(guess);
    store();
  }

  guess.querySelector(".entry").addEventListener("submit", (event) => {
    event.preventDefault();
    tell();
    again.focus();
  });
  again.addEventListener("click", () => {
    drawing.show(null);
    drawing.heights = null;
    guess.classList.remove("is-told");
    [button.hidden, again.hidden, button.disabled] = [false, true, true];
    verdict.textContent = "";
    reveal(guess, false);
    store();
    guess.querySelector(".tb-knob")?.focus();
  });
  answered(guess, () => guess.classList.contains("is-told") && tell());
  const before = kept[guess.id];
  if (!before?.heights?.some((height) => height !== null)) return;
  drawing.heights = before.heights;
  changed();
  if (before.told) tell();
}

for (const guess of document.querySelectorAll(".guess")) {
  const kind = guess.dataset.guess;
  if (kind === "curve") curve(guess);
  else if (kind === "number") number(guess);
  else choice(guess);
}
