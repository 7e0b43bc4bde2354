// Enhancement only: every page works without this file. What needs more stands in a module of its own, loaded when a page asks for it.

const main = document.querySelector("main");

// An error summary takes the focus, and its links lead into the fields.
(document.getElementById("errors") ?? document.getElementById("done"))?.focus({ preventScroll: false });

// Characters left, said politely after a pause.
for (const area of document.querySelectorAll("textarea[data-count]")) {
  const line = document.getElementById(`${area.id}-count`);
  let pause;
  const say = () => {
    const left = area.dataset.most - area.value.length;
    line.textContent = (left < 0 ? area.dataset.over : area.dataset.count).replace("{n}", Math.abs(left));
    line.classList.toggle("over-most", left < 0);
  };
  area.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(say, 400); });
  say();
  line.setAttribute("role", "status");
}

// Long tables: a filter above, with the number of rows said. Accents do not matter.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
for (const [at, table] of document.querySelectorAll("table[data-filter]").entries()) {
  const rows = [...table.tBodies[0].rows].filter((row) => !row.classList.contains("cut"));
  const box = document.createElement("div");
  const label = document.createElement("label");
  const input = Object.assign(document.createElement("input"), { type: "search", id: `filter-${at}` });
  const said = document.createElement("p");
  label.htmlFor = input.id;
  label.textContent = table.dataset.filter;
  said.setAttribute("role", "status");
  box.className = "noprint field";
  said.className = "hint";
  box.append(label, input, said);
  table.before(box);
  input.addEventListener("input", () => {
    const sought = plain(input.value.trim());
    let shown = 0;
    for (const row of rows) {
      row.hidden = !plain(row.textContent).includes(sought);
      shown += !row.hidden;
    }
    said.textContent = sought ? `${shown} / ${rows.length}` : "";
  });
}

// A form is sent once: a second press while the answer is on its way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => { delete form.dataset.sent; }, 4000);
});

// Whoever leaves a page with a long text typed and not sent is asked first. Forms that save themselves need no question.
const long = [...main.querySelectorAll("form[method=post] textarea")].find((area) => !area.closest("[data-autosave], [data-question]"));
if (long) {
  let touched = false;
  long.form.addEventListener("input", () => { touched = true; });
  document.addEventListener("submit", () => { touched = false; });
  addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
}

// Escape closes a question "are you sure".
for (const details of document.querySelectorAll("details.sure")) {
  details.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { details.open = false; details.querySelector("summary").focus(); }
  });
}

// Modules that few pages need. Their addresses carry a digest, since files are kept for a year.
const [autosave, progress, digest, asked] = document.querySelector("script[data-modules]").dataset.modules.split(" ");
if (main.querySelector("[data-autosave]")) import(autosave);
if (main.querySelector("[data-progress]")) import(progress);
if (main.querySelector("input[type=file][data-digests]")) import(digest);
if (main.querySelector("[data-when]")) import(asked);
