// The search box: answers while typing. "/" focuses, arrows choose, Enter goes there, Escape leaves.
const form = document.querySelector(".site-search");
const input = form.querySelector("input");
const list = form.querySelector(".site-found");
let chosen = -1;
let asked = 0;
let waiting;

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || writes(event.composedPath()[0])) return;
  event.preventDefault();
  input.focus();
  input.select();
});

function writes(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));
}

input.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 80);
});
input.addEventListener("focus", () => input.value.trim() && ask());
input.addEventListener("keydown", (event) => {
  const options = [...list.querySelectorAll("a")];
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!options.length) return;
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose((chosen + step + options.length + (chosen < 0 && step < 0 ? 1 : 0)) % options.length);
  } else if (event.key === "Enter" && chosen >= 0 && options[chosen]) {
    event.preventDefault();
    options[chosen].click();
  } else if (event.key === "Escape") {
    if (list.hidden) input.blur();
    close();
  }
});
document.addEventListener("click", (event) => form.contains(event.target) || close());
form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || close());
form.addEventListener("submit", (event) => input.value.trim() || event.preventDefault());

async function ask() {
  const query = input.value.trim();
  const mine = ++asked;
  if (!query) return close();
  let answer;
  try {
    answer = await (await fetch(`/search.json?q=${encodeURIComponent(query)}`)).json();
  } catch {
    return;
  }
  if (mine !== asked || document.activeElement !== input) return;
  const before = list.querySelectorAll("a")[chosen]?.href; // what was chosen while the answer was on its way stays so
  const rows = (answer.found ?? []).map((one, i) => row(one, i));
  list.replaceChildren(...(rows.length ? rows : [words(answer.error ?? `Nothing about “${query}”.`)]));
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  choose(rows.findIndex((each) => each.href === before));
}

function row(one, i) {
  const link = document.createElement("a");
  Object.assign(link, { href: one.address, id: `site-found-${i}`, tabIndex: -1 });
  link.setAttribute("role", "option");
  link.setAttribute("aria-selected", "false");
  const [what, title, text] = ["span", "span", "small"].map((name) => document.createElement(name));
  what.className = "what";
  what.textContent = one.kind;
  title.innerHTML = one.title;
  text.innerHTML = one.text;
  link.append(what, title, text);
  return link;
}

function words(text) {
  const said = document.createElement("p");
  said.textContent = text;
  return said;
}

function choose(which) {
  chosen = which;
  list.querySelectorAll("a").forEach((option, i) => {
    option.setAttribute("aria-selected", String(i === which));
    if (i === which) option.scrollIntoView({ block: "nearest" });
  });
  if (which < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", `site-found-${which}`);
}

function close() {
  asked++;
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  choose(-1);
}
