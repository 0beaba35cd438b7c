// The reader's own picture in the summary of a lesson that is done: the first of its pictures that the reader has taken
// into the hand, as it stands on the page now, small. It is a copy of what is drawn there, and cannot be moved.

const { models, key } = lessonPictures;
const touched = new Set(JSON.parse(sessionStorage.getItem(`${key}:touched`) ?? "[]"));
const mine = () => [...models.keys()].find((id) => touched.has(id));
let timer = null;

function touch({ target, type, key: pressed }) {
  const id = target.closest?.(".picture[data-scripts]")?.id;
  if (!id || (type === "keydown" && ["Tab", "Shift", "Escape"].includes(pressed))) return;
  if (!touched.has(id)) sessionStorage.setItem(`${key}:touched`, JSON.stringify([...touched.add(id)]));
  clearTimeout(timer);
  timer = setTimeout(() => near && show(), 500);
}
for (const event of ["pointerup", "click", "keydown"]) document.addEventListener(event, touch, true); // a touch that scrolls ends in no pointerup

// It is copied when the summary comes near, when that changes, when the picture's words do, which say last what has become
// of a move, and when the colours do.
let near = false;
const watch = new IntersectionObserver((entries) => {
  near = entries.at(-1).isIntersecting;
  if (near) show();
}, { rootMargin: "600px" });
function begin() {
  watch.disconnect();
  const summary = document.getElementById("completion");
  if (summary) watch.observe(summary);
}
document.addEventListener("completion-changed", begin);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => near && requestAnimationFrame(() => requestAnimationFrame(show)));
addEventListener("beforeprint", () => near || fill());
const sized = new ResizeObserver(() => near && fill());
const soon = () => near && requestAnimationFrame(() => requestAnimationFrame(fill)); // most draw in the next frame
let followed = null;
begin();

async function show() {
  if (!mine() || !document.querySelector(".own-picture")) return;
  const slot = document.getElementById(mine());
  await lessonPictures.draw(slot);
  sized.disconnect();
  sized.observe(slot.querySelector(".tb-picture"));
  followed?.off("change:alternative", soon);
  followed = models.get(slot.id);
  followed.on("change:alternative", soon);
  soon();
}

function fill() {
  const [figure, slot] = [document.querySelector(".own-picture"), document.getElementById(mine())];
  const picture = slot?.querySelector(".tb-picture");
  const wide = picture?.offsetWidth;
  if (!figure || !wide) return;
  figure.hidden = false;
  const frame = figure.querySelector("[role=img]");
  const place = document.createElement("div");
  place.className = "picture";
  place.inert = true;
  place.append(copied(picture));
  frame.replaceChildren(place);
  place.style.width = `${wide}px`;
  place.style.zoom = Math.min(1, frame.clientWidth / wide);
  // Its words follow what the reader does only where something says so; those of the lesson's state would be wrong here.
  const words = models.get(slot.id).get("alternative");
  const told = words !== JSON.parse(slot.querySelector("script").textContent).alternative ? `: ${words}` : ".";
  const heading = slot.closest("section").querySelector("h2") ?? document.querySelector("h1");
  const link = Object.assign(document.createElement("a"), { href: `#${slot.id}`, textContent: heading.textContent.replace(/\s*#$/, "") });
  figure.querySelector(":scope > figcaption").replaceChildren("As you left it in “", link, `”${told}`);
}

// A copy of what is drawn, with the ink of its canvases; ids and names are those of the page's own parts.
function copied(picture) {
  const copy = picture.cloneNode(true);
  const canvases = copy.querySelectorAll("canvas");
  picture.querySelectorAll("canvas").forEach((canvas, i) => canvas.width && canvas.height && canvases[i].getContext("2d").drawImage(canvas, 0, 0));
  copy.querySelector(".tb-spoken")?.remove();
  for (const part of copy.querySelectorAll("[name]")) part.removeAttribute("name");
  for (const part of copy.querySelectorAll("[id]")) part.id = `own-${part.id}`;
  for (const part of copy.querySelectorAll("[clip-path]")) part.setAttribute("clip-path", part.getAttribute("clip-path").replace("#", "#own-"));
  return copy;
}
