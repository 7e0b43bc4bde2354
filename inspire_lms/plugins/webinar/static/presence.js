// While somebody is connected, this page says so once a minute. Without it everything works; the rule then counts to the end.

const EVERY = 60_000;
const connected = document.querySelector("[data-here]");
const token = document.querySelector("input[name=_token]")?.value;

if (connected) {
  const sayHere = async () => {
    const answer = await fetch(connected.dataset.here, {
      method: "POST", body: new URLSearchParams({ _token: token }), headers: { Accept: "application/json" }, keepalive: true,
    }).catch(() => null);
    if (answer?.ok && !(await answer.json()).here) location.reload();
  };
  setInterval(sayHere, EVERY);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sayHere(); });
  sayHere();
}

// The meeting opens in a window of its own; this page then shows that one is connected.
document.querySelector("form[data-join]")?.addEventListener("submit", () => setTimeout(() => location.reload(), 1500));

// The trainer's list of who is there renews itself.
for (const list of document.querySelectorAll("[data-refresh]")) {
  setInterval(async () => {
    const answer = await fetch(list.dataset.refresh).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    list.replaceChildren(...fresh.body.childNodes);
  }, 30_000);
}
