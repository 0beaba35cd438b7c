// On the page of a lesson or project: tells the server where the reader is, so that the road can lead back there.
const main = document.getElementById("content");
const lesson = Number.isNaN(Number(main.dataset.lesson)) ? main.dataset.lesson : Number(main.dataset.lesson);
const article = main.querySelector("article");
let known = "";
let waiting = 0;

function mark() {
  const passed = [...article.querySelectorAll("h2[id]")].filter((heading) => heading.getBoundingClientRect().top < innerHeight * 0.4);
  const last = passed.at(-1);
  const box = article.getBoundingClientRect();
  const share = Math.max(0, Math.min(1, (innerHeight - box.top) / box.height));
  const words = last ? [...last.childNodes].filter((node) => !node.matches?.(".anchor")).map((node) => node.textContent).join("").trim() : "";
  const place = { lesson, anchor: last?.id ?? "", heading: words, share };
  const text = `${place.anchor} ${share.toFixed(2)}`;
  if (text !== known) document.dispatchEvent(new CustomEvent("torchbook:tell", { detail: place }));
  known = text;
}

const soon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(mark, 600);
};
addEventListener("scroll", soon, { passive: true });
soon();
