// The islands of a lesson's page: pictures that move, code that is copied, the section where one is. All of the text is
// there without it.

// The model of a picture, as anywidget gives it to `render`.
class Model {
  #state;
  #listeners = new Map();

  constructor(state) {
    this.#state = state;
  }

  get(name) {
    return this.#state[name];
  }

  set(name, value) {
    if (this.#state[name] === value) return;
    this.#state[name] = value;
    for (const listener of this.#listeners.get(`change:${name}`) ?? []) listener();
  }

  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  off(event, listener) {
    this.#listeners.set(event, (this.#listeners.get(event) ?? []).filter((each) => each !== listener));
  }

  save_changes() {}
}

async function draw(slot) {
  const state = JSON.parse(slot.querySelector("script").textContent);
  const { default: picture } = await import(slot.dataset.scripts);
  const place = document.createElement("div");
  picture.render({ model: new Model(state), el: place });
  slot.querySelector(".still").replaceWith(place);
}

// A picture is drawn shortly before it comes into view; its still is there until then.
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    near.unobserve(target);
    draw(target);
  }
}, { rootMargin: "600px" });
for (const slot of document.querySelectorAll(".picture[data-scripts]")) near.observe(slot);

for (const code of document.querySelectorAll(".cell > .code, .stage > .code")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code.querySelector("pre").textContent.trimEnd());
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
  code.append(button);
}

// Escape closes the entry of a term that is open under the pointer or the keyboard.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const term of document.querySelectorAll(".term:is(:hover, :focus-within)")) {
    term.classList.add("is-closed");
    const open = () => term.classList.remove("is-closed");
    term.addEventListener("pointerenter", open, { once: true });
    term.addEventListener("focusin", open, { once: true });
  }
});

// An entry stays inside of the window.
for (const term of document.querySelectorAll(".term")) {
  const fit = () => {
    const card = term.querySelector(".term-card");
    card.style.translate = "";
    const over = card.getBoundingClientRect().right - (document.documentElement.clientWidth - 16);
    if (over > 0) card.style.translate = `${-over}px`;
  };
  term.addEventListener("pointerenter", fit);
  term.addEventListener("focusin", fit);
}

// Where the reader is: the last section whose heading has passed the upper third of the window.
const links = [...document.querySelectorAll(".contents a")];
const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
const left = document.querySelector(".contents .left");
function here() {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3).length;
  links.forEach((link, place) => (place === passed - 1 ? link.setAttribute("aria-current", "location") : link.removeAttribute("aria-current")));
  const article = document.querySelector(".lesson-page").getBoundingClientRect();
  const share = Math.min(1, Math.max(0, (article.bottom - innerHeight) / (article.height - innerHeight)));
  const minutes = Math.ceil(share * left.dataset.minutes);
  left.textContent = minutes ? `${minutes} min left` : "";
}
addEventListener("scroll", here, { passive: true });
here();
