// Compare a file by its digest, before or instead of sending it: the file stays on this device.
// With the digests that the page knows: <input type="file" data-digests="hex hex" data-same="…" data-other="…">.
// With those that the site knows: <input type="file" data-asks="/address/of/" data-button="id" data-most="bytes" data-unknown="…" …>;
// a known file leads on to /address/of/<digest>, an unknown one shows the button of its form, which sends it.
// Beside either stands an output: data-says="id".

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const digestOf = async (file) => hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));

function say(input, kind, text) {
  const says = document.getElementById(input.dataset.says);
  says.className = kind ? `status ${kind}` : "";
  says.textContent = text;
}

function compare(input) {
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    const same = input.dataset.digests.split(" ").includes(await digestOf(file));
    say(input, same ? "ok" : "bad", same ? input.dataset.same : input.dataset.other);
  });
}

async function ask(input, button, file) {
  const { dataset } = input;
  button.hidden = true;
  if (file.size > dataset.most) { say(input, "bad", dataset.large); return; }
  say(input, "wait", dataset.looking);
  try {
    const address = dataset.asks + (await digestOf(file));
    const answer = await fetch(address, { method: "HEAD" });
    if (input.files[0] !== file) return;
    if (answer.ok) { location.assign(address); return; }
    button.hidden = answer.status === 429;
    say(input, "warn", { 404: dataset.unknown, 429: dataset.slow }[answer.status] ?? dataset.failed);
  } catch {
    button.hidden = false;
    say(input, "warn", dataset.failed);
  }
}

function askAbout(input) {
  const button = document.getElementById(input.dataset.button);
  button.hidden = true;
  input.addEventListener("change", () => {
    if (input.files.length) ask(input, button, input.files[0]);
    else { button.hidden = true; say(input, "", ""); }
  });
  // A file that is dropped anywhere on the page is meant for the check; without this the browser would leave the page for it.
  addEventListener("dragover", (event) => {
    input.toggleAttribute("data-over", true);
    if (!event.target.closest?.("input[type=file]")) event.preventDefault();
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) input.removeAttribute("data-over"); });
  addEventListener("drop", (event) => {
    input.removeAttribute("data-over");
    if (event.target.closest?.("input[type=file]")) return;
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    input.files = one.files;
    input.dispatchEvent(new Event("change"));
    input.focus();
  });
  // Back from an answer the browser may have kept the file, and choosing it once more would then tell nobody anything.
  input.value = "";
}

// Browsers compute digests on secure pages only; elsewhere the form sends the file, as it does without scripts.
if (crypto.subtle) {
  document.querySelectorAll("input[type=file][data-digests]").forEach(compare);
  document.querySelectorAll("input[type=file][data-asks]").forEach(askAbout);
}
