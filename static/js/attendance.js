// Attendance: every choice is saved at once; without a network it waits (attendance_queue.js) and is sent later. Without
// this script the page is a form with a button.

(() => {
  const form = document.querySelector("[data-attendance]");
  if (!form || !storageWorks()) return;
  const snapshot = `<!doctype html>${document.documentElement.outerHTML}`;
  const PAGES = "netzkoord-attendance-pages"; // both names also in attendance_worker.js
  const FILES = "netzkoord-attendance-files";
  const RETRY = 5_000;
  const LOOK = 20_000;
  const PATIENCE = 15_000;
  const queue = window.attendanceQueue;
  const { user, queue: own, scope } = form.dataset;
  const state = form.querySelector("[data-state]");
  const groups = new Map([...form.querySelectorAll("[data-half]")].map((group) => [group.dataset.half, group]));
  const field = (prefix, name) => form.elements.namedItem(`${prefix}${name}`);
  let token = form.elements.csrfmiddlewaretoken.value;
  let isSending = false;
  let retry = null;
  let worker = false;

  function storageWorks() {
    try {
      localStorage.setItem("netzkoord.probe", "1");
      localStorage.removeItem("netzkoord.probe");
      return true;
    } catch { return false; }
  }

  // What the page shows

  const shown = (name) => [field("p", name).value, field("n", name).value.trim()];

  function show(name, presence, note) {
    field("p", name).value = presence;
    if (document.activeElement !== field("n", name)) field("n", name).value = note;
  }

  function say(text, { kind = "done", link = null } = {}) {
    state.className = `presence-state presence-state-${kind}`;
    state.textContent = text;
    if (link) state.append(" ", link);
  }

  function waiting(count) {
    return count === 1 ? "Ein Eintrag ist noch nicht gesendet." : `${count} Einträge sind noch nicht gesendet.`;
  }

  function report(why = "") {
    const count = queue.all(`${user}.`).length;
    const foreign = queue.others(user);
    if (count && why === "session") return say(`${waiting(count)} Ihre Sitzung ist abgelaufen. Die Einträge bleiben auf diesem Gerät, bis Sie wieder angemeldet sind.`, { kind: "due", link: signInLink() });
    if (count && why === "network") return say(`${waiting(count)} Gerade fehlt die Verbindung. Die Einträge bleiben auf diesem Gerät und werden von selbst gesendet.${worker ? "" : " Bitte laden Sie die Seite so lange nicht neu."}`, { kind: "due" });
    if (count && why) return say(`${waiting(count)} ${why}`, { kind: "error" });
    if (count) return say(count === 1 ? "Ein Eintrag wird gesendet …" : `${count} Einträge werden gesendet …`, { kind: "busy" });
    if (foreign) return say(`Alles gespeichert. Auf diesem Gerät warten noch Einträge einer anderen Person (${foreign}); sie werden gesendet, sobald diese Person sich hier anmeldet.`, { kind: "due" });
    return say("Alles gespeichert. Jede Wahl wird sofort gespeichert.");
  }

  function signInLink() {
    const link = document.createElement("a");
    link.href = `${form.dataset.signIn}?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Neu anmelden";
    return link;
  }

  // What the server knows, for every half in which nothing of ours waits
  function apply(answer) {
    for (const [name, group] of groups) {
      const stored = answer.entries[name] ?? { presence: "", note: "", last: "" };
      const conflict = answer.conflicts?.[name];
      if (conflict) group.dataset.conflict = "";
      field("initial-p", name).value = stored.presence;
      field("initial-n", name).value = stored.note;
      if (queue.find(own, name)) continue;
      show(name, stored.presence, stored.note);
      const last = group.querySelector("[data-last]");
      if (conflict) last.textContent = conflict;
      else if (!("conflict" in group.dataset)) last.textContent = stored.last;
    }
    for (const place of form.querySelectorAll("[data-open]")) {
      const count = answer.open[place.dataset.open];
      place.textContent = count ? `noch ${count} offen` : "für alle eingetragen";
      const button = place.closest("p").querySelector("button");
      if (button) button.hidden = !count;
    }
    for (const place of form.querySelectorAll("[data-units]")) place.textContent = answer.units[place.dataset.units];
  }

  function overlay() {
    for (const name of groups.keys()) {
      const entry = queue.find(own, name);
      if (entry) show(name, entry.presence, entry.note);
    }
  }

  // Sending

  function choose(name) {
    const [presence, note] = shown(name);
    delete groups.get(name).dataset.conflict;
    const seen = [field("initial-p", name).value, field("initial-n", name).value];
    queue.put(own, name, { presence, note, seen, url: form.dataset.attendance });
  }

  async function flush() {
    if (isSending) return;
    isSending = true;
    clearTimeout(retry);
    let why = "";
    try {
      let entries;
      while (!why && (entries = queue.all(`${user}.`)).length) {
        report();
        why = await send(entries.filter((entry) => entry.url === entries[0].url));
      }
    } finally { isSending = false; }
    if (why) { await remember(); retry = setTimeout(flush, RETRY); } else await forget();
    report(why);
  }

  // Empty when it is done; else why not: "network", "session" or a sentence.
  async function send(entries, isSecondTry = false) {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token });
    for (const { name, presence, note, seen, sent } of entries) {
      body.set(`p${name}`, presence);
      body.set(`n${name}`, note);
      body.set(`initial-p${name}`, seen[0]);
      body.set(`initial-n${name}`, seen[1]);
      for (const [sentPresence, sentNote] of sent) {
        body.append(`sent-p${name}`, sentPresence);
        body.append(`sent-n${name}`, sentNote);
      }
    }
    const response = await ask(entries[0].url, { method: "POST", body });
    if (!response || response.status >= 500) return "network";
    if (response.status === 403) return isSecondTry ? "session" : (await renew()) || send(entries, true);
    const answer = await response.json().catch(() => null);
    if (!answer) return "session";
    if (answer.error) return answer.error;
    for (const entry of entries) {
      const stored = answer.entries[entry.name] ?? { presence: "", note: "" };
      queue.settle(entry, [stored.presence, stored.note]);
    }
    if (entries[0].url === form.dataset.attendance) apply(answer);
    return "";
  }

  async function ask(url, options = {}) {
    try {
      return await fetch(url, { ...options, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE) });
    } catch { return null; }
  }

  // After a new sign-in the page's token is an old one; the page itself has the new.
  async function renew() {
    const response = await ask(scope);
    if (!response) return "network";
    const page = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-attendance]");
    if (response.redirected || !page) return "session";
    if (page.dataset.user !== user) return "Auf diesem Gerät ist jetzt eine andere Person angemeldet.";
    token = page.elements.csrfmiddlewaretoken.value;
    return "";
  }

  async function look() {
    if (document.hidden || isSending || queue.all(`${user}.`).length) return;
    const response = await ask(form.dataset.attendance);
    const answer = response?.ok ? await response.json().catch(() => null) : null;
    if (answer && !isSending) apply(answer);
  }

  // While something waits, the page itself stays in this browser, so that it can be loaded again without a network.

  async function remember() {
    if (!worker) return;
    const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "default-src 'self'; img-src 'self' data:" };
    const pages = await caches.open(PAGES);
    await pages.put(location.pathname + location.search, new Response(snapshot, { headers }));
  }

  async function forget() {
    if ("caches" in window) await caches.delete(PAGES);
  }

  async function engage() {
    if (!("serviceWorker" in navigator) || !("caches" in window)) return;
    try {
      await navigator.serviceWorker.register(form.dataset.worker, { scope });
      await navigator.serviceWorker.ready;
      const files = [...document.querySelectorAll("link[rel=stylesheet], script[src]")].map((each) => each.href || each.src);
      await (await caches.open(FILES)).addAll(files);
      worker = true;
    } catch { worker = Boolean(navigator.serviceWorker.controller); }
  }

  // Acts of the person

  form.addEventListener("change", (event) => {
    const group = event.target.closest("[data-half]");
    if (!group) return;
    try {
      choose(group.dataset.half);
    } catch { // this browser has no room left
      form.submit();
      return;
    }
    flush();
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const half = event.submitter?.name === "fill" ? event.submitter.value : null;
    for (const [name, group] of half ? groups : []) {
      if (!name.endsWith(`-${half}`) || shown(name)[0] || group.closest("fieldset").hidden) continue;
      show(name, "PRESENT", "");
      choose(name);
    }
    flush();
  });

  const search = document.getElementById("suche");
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss").replaceAll("ł", "l").replaceAll("ø", "o");
  search.addEventListener("input", () => {
    const words = fold(search.value).split(/\s+/);
    for (const row of form.querySelectorAll("[data-person]")) row.hidden = !words.every((word) => fold(row.dataset.person).includes(word));
  });

  for (const element of document.querySelectorAll("[data-without-script]")) element.remove();
  window.addEventListener("online", flush);
  setInterval(look, LOOK);
  overlay();
  engage().then(flush);
  form.dataset.ready = "";
})();
