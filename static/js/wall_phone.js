// A card is kept on this phone until the server has it, also without a net, after a reload and in a closed tab; it
// carries its own key, so that it hangs once however often it is sent. Without this script, or without a storage, the
// form is sent as it is.

(() => {
  const EVERY = 2000;
  const PATIENCE = 10_000; // where the net swallows a request, it is sent again
  const SOON = 1000;
  const phone = document.querySelector("[data-phone]");
  const form = document.querySelector("[data-card]");
  const list = document.querySelector("[data-queue]");
  const waiting = `netzkoord.wall.${phone.dataset.code}.`;
  const refused = `netzkoord.refused.${phone.dataset.code}.`;
  const draft = `netzkoord.draft.${phone.dataset.code}`;
  let isSending = false;

  function newKey() { // crypto.randomUUID is missing where the page is not served by TLS
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  const kept = (prefix) => Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }))
    .sort((one, other) => one.at - other.at);
  const cards = () => kept(waiting);

  function ask(url, options) { // AbortSignal.timeout is missing on older phones
    const stop = new AbortController();
    setTimeout(() => stop.abort(), PATIENCE);
    return fetch(url, { ...options, signal: stop.signal });
  }

  function say(text, kind) {
    const item = document.createElement("li");
    item.className = `phone-card phone-card-${kind}`;
    item.textContent = text;
    return item;
  }

  function sayRefused(card) { // stays, also after a reload, until its author has read why and puts it away
    const item = say(`${card.error} – ${card.text} `, "refused");
    const away = document.createElement("button");
    away.type = "button";
    away.className = "button button-quiet";
    away.textContent = "Gelesen, weglegen";
    away.addEventListener("click", () => { localStorage.removeItem(card.key); item.remove(); });
    item.append(away);
    return item;
  }

  function show() { // what stands there already stays as it is: it is read aloud once and keeps the focus
    const now = new Map([...kept(refused), ...cards()].map((card) => [card.key, card]));
    for (const item of list.querySelectorAll("[data-key]")) if (!now.delete(item.dataset.key)) item.remove();
    for (const card of now.values()) {
      const item = card.error ? sayRefused(card) : say(`Wartet auf das Netz: ${card.text}`, "waiting");
      item.dataset.key = card.key;
      list.prepend(item);
    }
  }

  function sayLeft(number) {
    if (!form?.dataset.left) return;
    const left = Math.max(0, number);
    form.dataset.left = String(left);
    form.querySelector("[data-left-words]").textContent = left
      ? `Sie können noch ${left} ${left === 1 ? "Karte" : "Karten"} aufhängen.`
      : "Sie haben alle Karten aufgehängt. Danke!";
    for (const element of form.querySelectorAll("textarea, button")) element.disabled = !left;
  }

  function forgive() { // what the server said about a card before this one
    for (const refusal of phone.querySelectorAll(".error-summary, .invalid-feedback")) refusal.remove();
    form.querySelector(".field-invalid")?.classList.remove("field-invalid");
    form.elements.text.classList.remove("is-invalid");
    form.elements.text.removeAttribute("aria-invalid");
  }

  async function send(card) {
    const body = new URLSearchParams({ text: card.text, key: card.key.slice(waiting.length), question: card.question });
    const response = await ask(card.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (response.status === 201) {
      list.prepend(say(`Hängt: ${card.text}`, "hung"));
    } else if (response.status === 409) {
      const { error, left } = await response.json();
      const { text, at } = card;
      localStorage.setItem(refused + card.key.slice(waiting.length), JSON.stringify({ text, at, error }));
      if (left !== null) sayLeft(left - (cards().length - 1)); // it was counted down, and so were those that wait
    } else {
      throw new Error(String(response.status)); // busy, or too many at once: it stays and is tried again
    }
    localStorage.removeItem(card.key);
  }

  async function sendAll() {
    if (isSending) return;
    isSending = true;
    try {
      for (const card of cards()) await send(card);
    } catch { /* the next try comes soon */ }
    isSending = false;
    show();
  }

  async function look() {
    const response = await ask(phone.dataset.stateUrl);
    if (!response.ok || (await response.text()) === phone.dataset.state) return;
    const isBusy = cards().length > 0 || form?.elements.text.value.trim();
    if (isBusy) phone.querySelector("[data-changed]").hidden = false;
    else location.replace(phone.querySelector("[data-changed] a").href); // a reload would send a refused form again
  }

  if (form) {
    const field = form.elements.text;
    field.value ||= localStorage.getItem(draft) ?? "";
    field.addEventListener("input", () => localStorage.setItem(draft, field.value));
    form.addEventListener("submit", (event) => {
      const text = field.value.trim();
      if (!text || [...text].length > Number(field.dataset.counter)) return; // the server says what is wrong
      const card = { text, question: form.elements.question.value, action: form.action, at: Date.now() };
      try {
        localStorage.setItem(waiting + newKey(), JSON.stringify(card));
      } catch {
        return; // no storage: the form is sent as it is
      }
      event.preventDefault();
      forgive();
      localStorage.removeItem(draft);
      field.value = "";
      field.dispatchEvent(new Event("input"));
      localStorage.removeItem(draft);
      field.focus();
      sayLeft(Number(form.dataset.left) - 1);
      sendAll();
      setTimeout(show, SOON); // unless it hangs by then
    });
  }

  async function watch() {
    await sendAll();
    await look().catch(() => {}); // no net: the next try comes soon
    setTimeout(watch, EVERY);
  }

  show();
  for (const element of document.querySelectorAll("[data-without-script]")) element.remove();
  watch();
})();
