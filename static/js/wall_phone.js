// A card is kept on this phone until the server has it, also without a net, after a reload and in a closed tab; it
// carries its own key, so that it hangs once however often it is sent. What is no card is said at its field. Without this
// script, or without a storage, the form is sent as it is.

(() => {
  const EVERY = 2000;
  const PATIENCE = 10_000; // where the net swallows a request, it is sent again
  const SOON = 1000;
  const phone = document.querySelector("[data-phone]");
  const form = document.querySelector("[data-card]");
  const field = form?.elements.text;
  const descriptions = field?.getAttribute("aria-describedby");
  const points = document.querySelector("[data-points]");
  const list = document.querySelector("[data-queue]");
  const waiting = `netzkoord.wall.${phone.dataset.code}.`;
  const refused = `netzkoord.refused.${phone.dataset.code}.`;
  const draft = `netzkoord.draft.${phone.dataset.code}.${form?.elements.question.value}`;
  let isSending = false;
  let isLeaving = false; // points are on their way
  let hungAt = 0;

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

  function make(tag, className, ...content) {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...content);
    return element;
  }

  const say = (text, kind) => make("li", `phone-card phone-card-${kind}`, text);

  function sayRefused(card) { // stays, also after a reload, until its author has read why and puts it away
    const text = make("textarea", "form-control", card.text);
    text.readOnly = true;
    text.rows = 3;
    const away = make("button", "button button-quiet", "Gelesen, weglegen");
    away.type = "button";
    away.addEventListener("click", () => { localStorage.removeItem(card.key); item.remove(); });
    const item = say("", "refused");
    item.append(make("h2", "", "Nicht aufgehängt"), make("p", "", card.error));
    if (card.asked) item.append(make("p", "muted", `Zur Frage: ${card.asked}`));
    item.append(make("label", "form-label", "Ihr Text, zum Kopieren", text), away);
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

  const waitingHere = () => cards().filter((card) => card.question === form.elements.question.value).length;

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
    field.classList.remove("is-invalid");
    field.removeAttribute("aria-invalid");
    field.setAttribute("aria-describedby", descriptions);
  }

  function problemOf(text) {
    const { length } = [...text];
    if (!length) return field.dataset.empty;
    return length > Number(field.dataset.counter) ? field.dataset.tooLong.replace("%(show_value)d", length) : "";
  }

  function sayProblem(sentence) {
    forgive();
    const problem = phone.querySelector("[data-problem]").content.firstElementChild.cloneNode(true);
    problem.querySelector("[data-sentence]").textContent = sentence;
    field.before(problem);
    field.closest(".field").classList.add("field-invalid");
    field.classList.add("is-invalid");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${descriptions} ${problem.id}`);
    field.focus();
  }

  function keepRefused(card, error) { // the same card refused again needs no second note
    const { text, at, asked } = card;
    for (const other of kept(refused)) if (other.text === text && other.error === error) localStorage.removeItem(other.key);
    localStorage.setItem(refused + card.key.slice(waiting.length), JSON.stringify({ text, at, asked, error }));
  }

  async function send(card) {
    const body = new URLSearchParams({ text: card.text, key: card.key.slice(waiting.length), question: card.question });
    const response = await ask(card.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (![201, 409].includes(response.status)) throw new Error(String(response.status)); // busy: it is tried again
    const { error, left } = await response.json();
    if (error) keepRefused(card, error);
    else list.prepend(say(`Hängt: ${card.text}`, "hung"));
    localStorage.removeItem(card.key);
    if (form && left !== null) sayLeft(left - waitingHere());
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
    if (isLeaving) return;
    const isBusy = cards().length > 0 || field?.value.trim();
    const fields = points?.querySelectorAll("input[type=number], input[type=checkbox]") ?? [];
    const hasPoints = [...fields].some((input) => (input.type === "checkbox" ? input.checked : input.value));
    phone.querySelector("[data-kept]").hidden = !field?.value.trim();
    if (isBusy) phone.querySelector("[data-changed]").hidden = false;
    else if (hasPoints) location.replace(points.dataset.overUrl);
    else location.replace(phone.querySelector("[data-changed] a").href); // a reload would send a refused form again
  }

  // Without a net the browser would leave the page for its own, and the points with it.
  async function sendPoints() {
    try {
      await ask(phone.dataset.stateUrl);
    } catch {
      points.querySelector("[data-no-net]").hidden = false;
      setTimeout(sendPoints, EVERY);
      return;
    }
    points.submit();
  }

  points?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isLeaving) sendPoints();
    isLeaving = true;
  });
  window.addEventListener("pageshow", () => { isLeaving = false; });

  if (form) {
    field.value ||= localStorage.getItem(draft) ?? "";
    field.dispatchEvent(new Event("input")); // for the counter
    field.addEventListener("input", () => localStorage.setItem(draft, field.value));
    sayLeft(Number(form.dataset.left) - waitingHere());
    form.addEventListener("submit", (event) => {
      const text = field.value.trim();
      if (problemOf(text)) {
        event.preventDefault();
        if (text || Date.now() - hungAt > SOON) sayProblem(problemOf(text)); // not for a double click
        return;
      }
      const asked = document.querySelector("h1").textContent.trim();
      const card = { text, asked, question: form.elements.question.value, action: form.action, at: Date.now() };
      try {
        localStorage.setItem(waiting + newKey(), JSON.stringify(card));
      } catch {
        return; // no storage: the form is sent as it is
      }
      event.preventDefault();
      hungAt = Date.now();
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
