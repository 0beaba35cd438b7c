// The sheet of the first page: what is written there is read by a network in the page.
const place = document.querySelector(".hero-draw");
const { scripts, reader: program, weights, mean, std, ready, start } = JSON.parse(place.querySelector("script").textContent);
const [{ default: picture }, { digitReader, probabilities }] = await Promise.all([import(scripts), import(program)]);
const read = await digitReader(weights, mean, std);
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

// The model of the picture, as anywidget gives it to one in a notebook.
const listeners = {};
const state = {
  alternative: "", place: "", classes: [..."0123456789"], ready, start, keeps: false, writes: !still, written: [],
  question: {}, answer: {},
};
const model = {
  get: (name) => state[name],
  set: (name, value) => (state[name] = value),
  on: (event, listener) => (listeners[event] ??= []).push(listener),
  send() {},
  save_changes() {
    const { asked, drawing, pixels } = state.question;
    const bytes = Uint8Array.from(atob(pixels), (letter) => letter.charCodeAt(0));
    if (!bytes.some(Boolean)) return answer({ asked }, "No ink yet.");
    const shares = probabilities(read(bytes));
    const best = shares.indexOf(Math.max(...shares));
    answer({ asked, probabilities: shares }, drawing ? state.alternative : `Best guess: ${best} (${Math.round(100 * shares[best])} %).`);
  },
};

// After the picture has done what it does, as an answer of Python would come.
function answer(value, words) {
  queueMicrotask(() => {
    Object.assign(state, { answer: value, alternative: words });
    for (const event of ["change:answer", "change:alternative"]) for (const listener of listeners[event] ?? []) listener();
  });
}

const drawing = document.createElement("div");
picture.render({ model, el: drawing });
place.replaceChildren(drawing);
