// An attempt: every change is saved at once. Without a connection answers wait on this device and are sent when it is back.
// The page works without this file: each question is a form with a button of its own.

const frame = document.getElementById("attempt");
const say = frame.dataset;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const sections = new Map([...frame.querySelectorAll("[data-question]")].map((one) => [Number(one.dataset.question), one]));
const squares = new Map([...frame.querySelectorAll(".qnav a")].map((one) => [Number(one.dataset.position), one]));
const line = frame.querySelector("[data-state]");
const offline = document.getElementById("offline");
const store = `${say.key} of ${say.person}`;
const overtaken = `${store}, overtaken`;
const two = document.getElementById("two");
const skew = Date.parse(say.now) - Date.now();
const ends = Date.parse(say.ends);
const mark = document.getElementById("flagged");
const told = frame.querySelector("[data-error]");
const forward = frame.querySelector("[data-forward]");
const back = frame.querySelector("[data-back]");
const pause = 700;
const retry = 8000;
const refused = new Set([409, 422]);
const stored = (key) => new Map(Object.entries(JSON.parse(localStorage.getItem(key) ?? "{}")).map(([place, kept]) => [Number(place), kept]));
const waiting = stored(store);
// Answers of this device that another device's newer ones have overtaken; the person chooses.
const aside = stored(overtaken);
const sending = new Map();
const timers = new Map();
const writing = 5000;
let here = [...sections.keys()].find((place) => !sections.get(place).hidden);
let leaving = false;
// Since the connection was lost nobody has looked whether another device has answered meanwhile.
let lost = false;
let catching = null;
let again = null;
let typed = 0;

const formOf = (place) => sections.get(place).querySelector("form");
const flags = new Map([...squares].map(([place, one]) => [place, one.classList.contains("flag")]));
const answersOf = (form) => new FormData(form).getAll("answer");
const clock = (moment) => new Date(moment).toLocaleTimeString(document.documentElement.lang, { timeZone: say.zone, hour12: false });

function keep() {
  for (const [key, kept] of [[store, waiting], [overtaken, aside]]) {
    if (kept.size) localStorage.setItem(key, JSON.stringify(Object.fromEntries(kept)));
    else localStorage.removeItem(key);
  }
}

function state(kind, text) {
  line.className = `status ${kind}`;
  line.textContent = text;
}

function showConnection(is_lost) {
  offline.hidden = !is_lost;
  lost ||= is_lost;
  const count = waiting.size ? fill(say.waiting, { n: waiting.size }) : "";
  offline.querySelector("[data-waiting]").textContent = count;
  if (is_lost && count) state("half", count);
}

function showAnswered(place) {
  const is_done = answersOf(formOf(place)).some((text) => text.trim());
  const is_flagged = flags.get(place) ?? false;
  const square = squares.get(place);
  if (!square) return;
  square.classList.toggle("done", is_done);
  square.classList.toggle("flag", is_flagged);
  square.setAttribute("aria-label", fill(is_done ? say.done : say.open, { n: place }) + (is_flagged ? `, ${say.flag}` : ""));
  const count = [...squares.values()].filter((one) => one.classList.contains("done")).length;
  frame.querySelector("[data-count]").textContent = fill(say.count, { n: count, count: squares.size });
}

function showError(reason) {
  told.hidden = !reason;
  told.textContent = reason ?? "";
}

function take(place) {
  if (mark) flags.set(here, mark.checked);
  waiting.set(place, { answers: answersOf(formOf(place)), flagged: flags.get(place) ?? false, seen: formOf(place).elements.seen.value });
  keep();
  showAnswered(place);
}

// Send what waits for one question; what was changed meanwhile is sent after it.
function send(place) {
  clearTimeout(timers.get(place));
  if (waiting.has(place) && !sending.has(place)) sending.set(place, deliver(place).finally(() => sending.delete(place)));
  return sending.get(place);
}

async function deliver(place) {
  let kept;
  do {
    state("half", say.saving);
    try {
      if (lost) await (catching ??= catchUp().finally(() => { catching = null; }));
      kept = waiting.get(place);
      if (lost) return sendLater();
      if (kept) await hear(place, kept, await post(formOf(place), kept));
    } catch {
      showConnection(true);
      return sendLater();
    }
  } while (waiting.has(place) && waiting.get(place) !== kept);
  return undefined;
}

function sendLater() {
  clearTimeout(again);
  again = setTimeout(sendAll, retry);
}

function post(form, kept) {
  const body = new URLSearchParams([["_token", form.elements._token.value], ["seen", form.elements.seen.value]]);
  kept.answers.forEach((text) => body.append("answer", text));
  if (kept.flagged) body.append("flagged", "yes");
  return fetch(form.action, { method: "POST", body, keepalive: body.toString().length < 60000, headers: { Accept: "application/json" } });
}

// Look at what the server has, before what waited here is sent: a newer answer of another device is not written over. Who has
// signed in again has a new token for the forms; it is taken over. As long as this cannot be done the connection counts as lost.
async function catchUp() {
  const reply = await fetch(location.href);
  if (reply.status >= 500) throw new Error(reply.statusText);
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const token = page.querySelector("#attempt [name=_token]")?.value;
  // What comes after the end is refused, and kept aside by the server.
  const is_over = reply.redirected && new URL(reply.url).pathname === say.receipt;
  if (!token && !is_over) return state("warn", say.signedOut);
  lost = false;
  if (is_over) return undefined;
  for (const place of sections.keys()) formOf(place).elements._token.value = token;
  for (const [place, kept] of [...waiting]) {
    const form = page.querySelector(`[data-question="${place}"] form`);
    if (!form || !isOvertaken(form, kept)) continue;
    if (place === here && Date.now() - typed < writing) lost = true;
    else yieldTo(place, kept, form, page);
  }
  if (!lost) showConnection(false);
  return showTwo();
}

// Another device's newer answer takes the place of what waited here; that one is set aside until the person has chosen.
function yieldTo(place, kept, form, page) {
  setAside(place, kept);
  const is_flagged = page.querySelector(`.qnav a[data-position="${place}"]`)?.classList.contains("flag") ?? false;
  restore(place, formOf(place), { answers: answersOf(form), flagged: is_flagged });
  formOf(place).elements.seen.value = form.elements.seen.value;
  showAnswered(place);
  if (!waiting.size) state("ok", fill(say.saved, { time: clock(form.elements.seen.value) }));
}

async function hear(place, kept, reply) {
  const heard = await reply.json().catch(() => null);
  if (!heard || reply.redirected || !(reply.ok || refused.has(reply.status))) {
    // Neither saved nor refused: the session has ended, or the server is in trouble. The answer stays here.
    lost = true;
    if (reply.redirected || reply.status < 500) state("warn", say.signedOut);
    else showConnection(true);
    sendLater();
    return;
  }
  if (waiting.get(place) === kept) waiting.delete(place);
  keep();
  showConnection(false);
  if (place === here) showError(heard.reason);
  if (heard.reason) {
    state("warn", heard.reason);
  } else {
    formOf(place).elements.seen.value = heard.saved;
    const time = clock(heard.saved);
    if (heard.elsewhere) state("warn", fill(say.elsewhere, { time, before: clock(heard.elsewhere) }));
    else if (!waiting.size) state("ok", fill(say.saved, { time }));
  }
}

async function sendAll() {
  await Promise.all([...waiting.keys()].filter((place) => sections.has(place)).map(send));
  return waiting.size === 0;
}

function go(place, { push = true } = {}) {
  if (!sections.has(place)) return;
  sections.get(here).hidden = true;
  formOf(here).removeAttribute("id");
  squares.get(here)?.removeAttribute("aria-current");
  here = place;
  sections.get(here).hidden = false;
  formOf(here).id = "form";
  if (mark) mark.checked = flags.get(here);
  showError();
  forward.value = here < sections.size ? "next" : "check";
  forward.textContent = here < sections.size ? say.next : say.last;
  back.hidden = here === 1;
  squares.get(here)?.setAttribute("aria-current", "true");
  const heading = frame.querySelector("h1");
  const text = fill(say.heading, { n: here, count: sections.size });
  document.title = document.title.replace(heading.textContent, text);
  heading.textContent = text;
  if (push) history.pushState({ place }, "", squares.get(here).href);
  heading.focus({ preventScroll: true });
  scrollTo({ top: 0 });
}

// Nothing is left behind without a choice, unless the time is over.
async function leave(address, { is_over = false } = {}) {
  const is_sent = await sendAll();
  const [place] = aside.keys();
  leaving = is_sent && (is_over || place === undefined);
  if (leaving) {
    location.href = address;
  } else if (place !== undefined) {
    if (place !== here) go(place);
    two.querySelector("[data-choose]").focus();
  }
}

for (const [place, section] of sections) {
  const form = section.querySelector("form");
  const kept = waiting.get(place);
  if (kept && isOvertaken(form, kept)) setAside(place, kept);
  else if (kept) restore(place, form, kept);
  form.addEventListener("change", () => { take(place); send(place); });
  form.addEventListener("input", (event) => {
    if (event.target.type === "checkbox" || event.target.type === "radio") return;
    typed = Date.now();
    take(place);
    letters(event.target);
    clearTimeout(timers.get(place));
    timers.set(place, setTimeout(() => send(place), pause));
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "_language") return;
    event.preventDefault();
    if (waiting.has(place)) send(place);
    const wanted = event.submitter?.name === "go" ? event.submitter.value : forward.value;
    if (wanted === "check") leave(form.action.replace(/\d+$/, "check"));
    else go(place + (wanted === "next" ? 1 : -1));
  });
}
mark?.addEventListener("change", () => { take(here); send(here); });

function restore(place, form, kept) {
  flags.set(place, kept.flagged);
  if (mark && place === here) mark.checked = kept.flagged;
  const fields = [...form.elements].filter((field) => field.name === "answer");
  fields.forEach((field, at) => {
    if (field.type === "radio" || field.type === "checkbox") field.checked = kept.answers.includes(field.value);
    else field.value = kept.answers[at] ?? "";
    letters(field);
  });
}

// What waited here is older than what the server has from another device: sent now it would win over the newer answer.
function isOvertaken(form, kept) {
  const is_same = JSON.stringify(kept.answers) === JSON.stringify(answersOf(form));
  return form.elements.seen.value !== (kept.seen ?? "") && !("own" in form.dataset) && !is_same;
}

function setAside(place, kept) {
  waiting.delete(place);
  aside.set(place, kept);
  keep();
}

function inWords(form, answers) {
  const fields = [...form.elements].filter((field) => field.name === "answer");
  const said = fields.map((field, at) => {
    if (field.type === "radio" || field.type === "checkbox") return answers.includes(field.value) ? field.labels[0].textContent : "";
    if (!field.options) return answers[at] ?? "";
    const chosen = [...field.options].find((option) => option.value && option.value === answers[at]);
    return chosen ? `${field.labels[0].textContent}: ${chosen.textContent}` : "";
  });
  return said.filter((text) => text.trim()).join("\n") || say.none;
}

function showTwo() {
  const [place] = aside.keys();
  two.hidden = place === undefined;
  if (two.hidden) return;
  two.querySelector("[data-where]").textContent = fill(say.two, { n: place });
  two.querySelector("[data-words]").textContent = inWords(formOf(place), aside.get(place).answers);
}

function choose(is_own) {
  const [place] = aside.keys();
  if (place !== here) go(place);
  const kept = aside.get(place);
  aside.delete(place);
  if (is_own) {
    restore(place, formOf(place), kept);
    take(place);
    send(place);
  }
  keep();
  showTwo();
}

function letters(field) {
  const line_below = field.dataset.letters && document.getElementById(field.getAttribute("aria-describedby"));
  if (line_below) line_below.textContent = fill(say.lettersLeft, { n: field.dataset.letters - field.value.length });
}

function tick() {
  const left = ends - Date.now() - skew;
  const place = frame.querySelector("[data-left]");
  if (left <= 0) {
    leave(say.receipt, { is_over: true });
    return setTimeout(tick, retry);
  }
  const minutes = Math.ceil(left / 60000);
  const seconds = Math.floor(left / 1000);
  const in_words = minutes > 5 ? fill(say.minutes, { n: minutes }) : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  if (minutes < 180) place.textContent = fill(say.left, { time: in_words });
  return setTimeout(tick, minutes > 5 ? 10000 : 1000);
}

frame.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link?.dataset.position) {
    event.preventDefault();
    go(Number(link.dataset.position));
  } else if (link && "leave" in link.dataset) {
    event.preventDefault();
    leave(link.href);
  } else if (event.target.closest("[data-again]")) {
    sendAll();
  } else if (event.target.closest("[data-choose]")) {
    choose(event.target.closest("[data-choose]").dataset.choose === "own");
  }
});

history.replaceState({ place: here }, "");
addEventListener("popstate", (event) => event.state?.place && go(event.state.place, { push: false }));
addEventListener("online", () => {
  if (waiting.size) return sendAll();
  lost = false;
  return showConnection(false);
});
addEventListener("offline", () => showConnection(true));
addEventListener("beforeunload", (event) => { if (waiting.size && !leaving) event.preventDefault(); });
if (line && frame.querySelector("[data-left]")) tick();
for (const place of aside.keys()) if (!sections.has(place)) aside.delete(place);
showTwo();
if (waiting.size) sendAll();
