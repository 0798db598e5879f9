// Pressed: the page is read aloud with the device's own voice, each piece in its language, and shown while it is read.
// The words on the buttons stand in the page (shared/_aloud.html). Pausing stops and goes on at the same sentence:
// phones forget what they were saying when they are told to pause.
const BLOCKS = "h1,h2,h3,h4,p,li,dt,dd,blockquote,figcaption,summary,label,legend,td,th,a,button,div,section";
const SILENT = "[hidden],[aria-hidden=true],svg,script,style,template,select,textarea,input,nav,.aloud";
const synth = window.speechSynthesis;
let sentences = [];
let at = 0;
let turn = 0; // whoever was told to stop may still report an end: only the present turn counts

export default function read() {
  const panel = bar();
  if (!panel.dataset.ready) prepare(panel);
  sentences = [...spoken(document.getElementById("main"))];
  at = 0;
  panel.hidden = false;
  go();
  panel.querySelector("[data-aloud=pause]").focus();
}

const bar = () => document.getElementById("aloud");

function prepare(panel) {
  panel.dataset.ready = "yes";
  const deeds = { pause, go, stop };
  panel.addEventListener("click", ({ target }) => deeds[target.closest("[data-aloud]")?.dataset.aloud]?.());
}

function show(reading) {
  const panel = bar();
  if (!panel) return;
  panel.querySelector("[data-aloud=pause]").hidden = !reading;
  panel.querySelector("[data-aloud=go]").hidden = reading;
}

function mark(element) {
  for (const before of document.querySelectorAll(".read-now")) before.classList.remove("read-now");
  if (!element) return;
  element.classList.add("read-now");
  const { top, bottom } = element.getBoundingClientRect();
  if (top < 80 || bottom > innerHeight - 80) element.scrollIntoView({ block: "center" });
}

function go() {
  show(true);
  turn += 1;
  say(turn);
}

function pause() {
  turn += 1;
  synth.cancel();
  show(false);
  bar()?.querySelector("[data-aloud=go]").focus();
}

function stop() {
  turn += 1;
  synth.cancel();
  mark(null);
  const panel = bar();
  if (!panel) return;
  panel.hidden = true;
  document.querySelector("[aria-controls=aloud]")?.focus();
}

function say(mine) {
  if (mine !== turn) return;
  const next = sentences[at];
  if (!next || !next.element.isConnected) return stop();
  mark(next.element);
  const utterance = new SpeechSynthesisUtterance(next.text);
  utterance.lang = next.language;
  utterance.voice = voiceFor(next.language);
  const done = () => {
    if (mine !== turn) return;
    at += 1;
    say(mine);
  };
  utterance.onend = done;
  utterance.onerror = ({ error }) => (["canceled", "interrupted"].includes(error) ? undefined : silent(mine));
  synth.cancel();
  synth.speak(utterance);
}

// The device has no voice that works: say so once, instead of running through the page in silence.
function silent(mine) {
  if (mine !== turn) return;
  pause();
  bar().querySelector("[data-aloud=silent]").hidden = false;
}

// The voice of the device before one that sends the words away; null lets the browser choose.
function voiceFor(language) {
  const plain = (code) => code.toLowerCase().replace("_", "-").split("-")[0];
  const fit = synth.getVoices().filter((voice) => plain(voice.lang) === plain(language));
  return fit.find((voice) => voice.localService && voice.default) || fit.find((voice) => voice.localService) || fit[0] || null;
}

// What is seen, in order: sentences of one block in one language each.
function* spoken(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let piece = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const around = node.parentElement;
    if (!node.data.trim() || around.closest(SILENT) || !seen(around)) continue;
    const element = around.closest(BLOCKS) || root;
    const language = around.closest("[lang]").lang;
    if (piece && piece.element === element && piece.language === language) piece.text += ` ${node.data}`;
    else {
      if (piece) yield* cut(piece);
      piece = { element, language, text: node.data };
    }
  }
  if (piece) yield* cut(piece);
}

const seen = (element) => !element.checkVisibility || element.checkVisibility({ visibilityProperty: true });

// Some voices fall silent after a quarter of a minute: one sentence at a time.
function* cut({ element, language, text }) {
  const line = text.replace(/\s+/g, " ").trim();
  for (const [sentence] of line.matchAll(/.{1,240}?(?:[.!?…:;]+(?=\s|$)|$)|.{240}/gu)) {
    if (sentence.trim()) yield { element, language, text: sentence.trim() };
  }
}

addEventListener("pagehide", stop);
document.addEventListener("htmx:after:swap", () => {
  if (turn && sentences[at] && !sentences[at].element.isConnected) stop();
});
document.addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && bar() && !bar().hidden) stop();
});
