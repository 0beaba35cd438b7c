// Buttons that train a recipe in a process of its own: its curve grows on the page, and its run is one click away.
const EVERY = 700; // milliseconds between two looks

async function asked(address, method = "GET") {
  const response = await fetch(address, { method });
  return { ok: response.ok, ...(await response.json()) };
}

function link(address, text) {
  const made = document.createElement("a");
  Object.assign(made, { href: address, textContent: text });
  return made;
}

function paragraph(...content) {
  const made = document.createElement("p");
  made.append(...content);
  return made;
}

const WORDS = { running: "Training", finished: "Done", stopped: "Stopped, and saved", failed: "It has failed" };

for (const place of document.querySelectorAll(".train")) {
  const [train, stop] = ["train", "stop"].map((name) => place.querySelector(`[data-do=${name}]`));
  const news = place.querySelector(".train-news");
  const curve = document.createElement("div");
  const picture = document.createElement("img");
  const key = `torchbook:train:${place.dataset.recipe}`;
  curve.className = "site-curve";
  picture.className = "train-picture";
  picture.alt = "what the model makes now";
  let run = sessionStorage.getItem(key);

  function show({ state, line, curve: drawing, picture: newest, address, error }) {
    const running = state === "running";
    train.disabled = running;
    stop.hidden = !running;
    place.dataset.state = state;
    const words = [WORDS[state], error ?? (line || (running ? (address ? "reading the data …" : "starting …") : ""))].filter(Boolean).join(": ");
    news.replaceChildren(paragraph(words, ...(address ? [" · ", link(address, "its page")] : [])));
    if (drawing) {
      curve.innerHTML = drawing;
      news.append(curve);
    }
    if (newest) {
      // The same file changes while it is trained.
      if (picture.dataset.line !== line) picture.src = `${newest}?${encodeURIComponent(line)}`;
      picture.dataset.line = line;
      news.append(picture);
    }
    if (running) setTimeout(look, EVERY);
  }

  async function look() {
    const about = await asked(`/trainings/${encodeURIComponent(run)}`).catch(() => null);
    if (about?.ok) show(about);
    else if (about) sessionStorage.removeItem(key);
    else setTimeout(look, 4 * EVERY); // the server is away
  }

  train.addEventListener("click", async () => {
    train.disabled = true;
    const about = await asked(`/trainings/${place.dataset.recipe}`, "POST");
    if (!about.ok) {
      train.disabled = false;
      news.replaceChildren(paragraph(about.error, ...(about.run ? [" ", link(`/runs/${encodeURIComponent(about.run)}`, about.run)] : [])));
      return;
    }
    run = about.run;
    sessionStorage.setItem(key, run);
    show(about);
  });
  stop.addEventListener("click", async () => {
    stop.hidden = true;
    await asked(`/trainings/${encodeURIComponent(run)}/stop`, "POST");
  });
  if (run) look();
}
