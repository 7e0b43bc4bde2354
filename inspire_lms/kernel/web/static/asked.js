// Questions that depend on others: a box with data-when="name" data-is="code code" is shown after these answers to the field of that
// name, which stands earlier in the same form and is shown itself. What was typed in a hidden box stays in the form and is sent with it.
// The line [data-asked] says in words what has come and gone: data-brought and data-gone, with {question}.

function settle(form, line) {
  const said = [];
  for (const box of form.querySelectorAll("[data-when]")) {
    const on = form.querySelector(`[name="${CSS.escape(box.dataset.when)}"]`);
    const isAsked = !on.closest("[data-when][hidden]") && box.dataset.is.split(" ").includes(new FormData(form).get(on.name));
    // What is wrong stays in sight until it is mended.
    if (box.hidden === !isAsked || (!isAsked && box.querySelector(".error"))) continue;
    box.hidden = !isAsked;
    const question = box.querySelector("legend, label").textContent.trim();
    said.push((isAsked ? line.dataset.brought : line.dataset.gone).replace("{question}", question));
  }
  return said.join(" ");
}

for (const form of new Set([...document.querySelectorAll("form [data-when]")].map((box) => box.closest("form")))) {
  const line = form.querySelector("[data-asked]");
  form.addEventListener("change", () => { const said = settle(form, line); if (said) line.textContent = said; });
  // Whoever comes back to the page finds the answers as they were left, without having changed one.
  addEventListener("pageshow", () => settle(form, line));
}
