// Saving as one types. A form says where: <form data-autosave="address" data-version="…">, with its sentences in data-saving,
// data-saved-at ({time}), data-kept and data-elsewhere; they are written into [data-saved] or a line made above the form.
//
// What is sent: the token, the changed fields under their names (a group of boxes whole), _version and _changed (the names).
// What comes back, as JSON: 200 {"version": "…", "at": "14:02:37"}; 409 {"elsewhere": true, "version": "…"} when another device has
// changed the same field: then nothing more is saved by itself, and the form, sent by its button with the field _version, shows both.
// A "progress" in it is written into [data-answered], which says how far one is.
// Any other answer with {"message": "…"} is said as it is. Without a connection the changes are kept on this device and sent later.

const pause = 700;
const retry = 5000;
const patience = 3000;

class Saver {
  constructor(form) {
    this.form = form;
    this.key = `draft ${form.dataset.autosave}`;
    this.changed = new Set();
    this.version = form.dataset.version ?? "";
    this.line = document.querySelector("[data-saved] .status") ?? this.#ownLine();
    form.addEventListener("input", (event) => this.#touch(event.target));
    form.addEventListener("change", (event) => this.#touch(event.target));
    form.addEventListener("submit", (event) => this.#leave(event));
    addEventListener("online", () => this.#send());
    addEventListener("pagehide", () => this.stopped || this.#keep());
    document.addEventListener("visibilitychange", () => document.hidden && this.changed.size && this.#send());
    addEventListener("beforeunload", (event) => {
      if (this.changed.size && !this.stopped) { this.#send(); event.preventDefault(); }
    });
    this.#takeBack();
  }

  #ownLine() {
    const line = document.createElement("p");
    line.className = "status half";
    line.setAttribute("role", "status");
    line.hidden = true;
    this.form.before(line);
    return line;
  }

  #say(kind, text) {
    if (!text) return;
    this.line.hidden = false;
    this.line.className = `status ${kind}`;
    this.line.textContent = text;
  }

  // The button sends everything itself, and says what this page has seen. Only what could not be sent before stays on this device.
  // A save that is on its way is waited for: otherwise the page would not know its own last answer, and take it for another device's.
  #leave(event) {
    clearTimeout(this.timer);
    if (this.busy) {
      event.preventDefault();
      const enough = new Promise((done) => setTimeout(done, patience));
      Promise.race([this.busy, enough]).then(() => { this.busy = null; this.form.requestSubmit(event.submitter); });
      return;
    }
    this.stopped = true;
    if (!this.waiting) localStorage.removeItem(this.key);
  }

  #seen(version) {
    this.version = version ?? this.version;
    if (this.form.elements._version) this.form.elements._version.value = this.version;
  }

  #touch(field) {
    if (!field.name || field.type === "file" || field.name.startsWith("_") || this.elsewhere) return;
    // A day is saved when it is whole.
    const parts = [...(field.closest(".dates")?.querySelectorAll("input") ?? [field])];
    if (new Set(parts.map((part) => !part.value)).size > 1) return;
    parts.forEach((part) => this.changed.add(part.name));
    this.#say("half", this.form.dataset.saving);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#send(), pause);
  }

  #values(names) {
    const all = new FormData(this.form);
    return [...names].flatMap((name) => all.getAll(name).map((value) => [name, value]));
  }

  async #send() {
    clearTimeout(this.timer);
    if (!this.changed.size || this.busy || this.elsewhere) return;
    const names = [...this.changed];
    const body = new URLSearchParams(this.#values(names));
    body.set("_token", this.form.elements._token.value);
    body.set("_version", this.version);
    names.forEach((name) => body.append("_changed", name));
    this.changed.clear();
    this.busy = this.#post(body, names);
    await this.busy;
    this.busy = null;
    if (this.changed.size && !this.waiting && !this.stopped) this.timer = setTimeout(() => this.#send(), pause);
  }

  async #post(body, names) {
    try {
      const answer = await fetch(this.form.dataset.autosave, { method: "POST", body, keepalive: true, headers: { Accept: "application/json" } });
      await this.#heard(answer, names);
    } catch {
      this.#again(names);
    }
  }

  async #heard(answer, names) {
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 409 && told.elsewhere) {
      this.#seen(told.version);
      this.elsewhere = true;
      names.forEach((name) => this.changed.add(name));
      this.#keep();
      this.#say("bad", told.message ?? this.form.dataset.elsewhere);
    } else if (answer.ok && !answer.redirected) {
      this.#seen(told.version);
      this.waiting = false;
      if (!this.changed.size) {
        localStorage.removeItem(this.key);
        const at = told.at ?? new Date().toLocaleTimeString(document.documentElement.lang, { hour12: false });
        this.#say("ok", this.form.dataset.savedAt.replace("{time}", at));
      }
      const answered = document.querySelector("[data-answered]");
      if (answered && told.progress) answered.textContent = told.progress;
      this.form.dispatchEvent(new CustomEvent("saved", { detail: told }));
    } else if (answer.redirected || answer.status === 400 || answer.status >= 500) {
      // Signed out in the meantime, the page has become too old, or the server is in trouble: kept here until it can be sent.
      this.#again(names);
    } else {
      this.#say("warn", told.message ?? this.form.dataset.kept);
    }
  }

  #again(names) {
    names.forEach((name) => this.changed.add(name));
    this.waiting = true;
    this.#keep();
    this.#say("warn", this.form.dataset.kept);
    this.timer = setTimeout(() => this.#send(), retry);
  }

  // Kept on this device until it has been sent; never a password.
  #keep() {
    if (!this.changed.size) return;
    localStorage.setItem(this.key, JSON.stringify({ version: this.version, values: this.#values(this.changed), names: [...this.changed] }));
  }

  // Back after a lost connection: what was kept is put into the form and sent, as seen then; what another device has changed since is
  // not written over: the server says so, and both are shown.
  #takeBack() {
    const kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
    if (!kept) return;
    this.#seen(kept.version);
    for (const name of kept.names) {
      const values = kept.values.filter(([own]) => own === name).map(([, value]) => value);
      for (const field of this.form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "radio" || field.type === "checkbox") field.checked = values.includes(field.value);
        else if (field.type !== "file") field.value = values[0] ?? "";
      }
      this.changed.add(name);
    }
    this.#send();
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Saver(form);
