// On every page: the menu, and the line to the server, which tells what has changed and whether the server is there.
const menu = document.querySelector(".site-menu");
document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
menu.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
menu.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

const lost = document.querySelector(".site-lost");
let server = null;
let line = null;
let gone = 0;
let leaving = false;
let untold = null; // where the page is, as long as the line does not carry it
addEventListener("pagehide", () => (leaving = true));
addEventListener("pageshow", (event) => {
  leaving = false;
  if (event.persisted && line?.readyState !== WebSocket.OPEN) connect();
});

function connect() {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  line = new WebSocket(`${scheme}://${location.host}/presence`);
  line.addEventListener("message", (event) => heard(JSON.parse(event.data)));
  line.addEventListener("close", () => {
    if (leaving) return;
    gone += 1;
    // One broken line may be a hiccup; two are a server that is not there.
    if (gone > 1) away();
    setTimeout(connect, Math.min(3000, 300 * gone));
  });
}

function heard(said) {
  if (said.server) {
    gone = 0;
    if (server && server !== said.server) return location.reload();
    server = said.server;
    back();
    if (untold) tell(untold);
  }
  if (said.progress) {
    show(said.progress);
    document.dispatchEvent(new CustomEvent("torchbook:progress", { detail: said.progress }));
  }
}

function away() {
  if (!lost.hidden) return;
  lost.innerHTML =
    "<b>The course's server has stopped.</b> Your answers and your progress are saved. Start it again with " +
    "<code>torchbook learn</code>; this page comes back by itself.";
  lost.hidden = false;
  // What is typed now could not be saved.
  document.getElementById("content")?.setAttribute("inert", "");
}

function back() {
  lost.hidden = true;
  document.getElementById("content")?.removeAttribute("inert");
}

function show(progress) {
  const link = document.querySelector(".site-done");
  const words = `${progress.passed} of ${progress.exercises} exercises passed`;
  link.title = words;
  link.querySelector("span").innerHTML =
    `<b>${progress.passed}</b>/${progress.exercises}<span class="site-spoken"> exercises passed</span>`;
  const share = progress.exercises ? (100 * progress.passed) / progress.exercises : 0;
  link.querySelector("circle + circle").setAttribute("stroke-dasharray", `${share} 100`);
}

// What a page wants the server to keep. Where the line is not open yet, or broken, it is told once it is.
function tell(place) {
  const open = line?.readyState === WebSocket.OPEN;
  if (open) line.send(JSON.stringify(place));
  untold = open ? null : place;
}
document.addEventListener("torchbook:tell", (event) => tell(event.detail));

connect();
