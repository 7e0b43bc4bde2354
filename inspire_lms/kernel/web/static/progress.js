// Long work: ask how far it is and put the answer in place, until there is nothing to wait for.

const every = 2000;

async function ask(box) {
  let wait = every;
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "text/html", "X-Fragment": "progress" } });
    if (answer.ok) {
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(box.id);
      if (!found) return;
      box.replaceWith(found);
      box = found;
      // The work is done: the whole page has more to say than its bar.
      if (!box.dataset.progress) { setTimeout(() => location.reload(), 600); return; }
    }
  } catch { wait = every * 3; }
  setTimeout(ask, wait, box);
}

for (const box of document.querySelectorAll("[data-progress]")) setTimeout(ask, every, box);
