// Steps on the wall without loading the page anew, cards moved by dragging, and the steps of a second moderator within a
// second. Without this script every button sends its form, and a reload shows what is new.

(() => {
  const EVERY = 1000;
  const PATIENCE = 10_000; // where the net swallows a request, it is asked again
  const form = document.querySelector("[data-board]");
  const wall = document.querySelector("[data-wall]");
  const status = document.querySelector("[data-status]");
  let shown = null;
  let drag = null;

  const isTyping = () => wall.contains(document.activeElement) && document.activeElement.matches("input:not([type=checkbox])");

  function replace(nodes) {
    const chosen = [...wall.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.id);
    const open = [...wall.querySelectorAll("details[open]")].map((details) => details.id);
    const focused = wall.contains(document.activeElement) ? document.activeElement.id : "";
    const target = wall.querySelector("#target")?.value;
    const title = wall.querySelector("#new-title")?.value;
    wall.replaceChildren(...nodes);
    for (const id of chosen) { const box = document.getElementById(id); if (box) box.checked = true; }
    for (const id of open) { const menu = document.getElementById(id); if (menu) { fill(menu); menu.setAttribute("open", ""); } }
    if (target && wall.querySelector(`#target option[value="${target}"]`)) wall.querySelector("#target").value = target;
    if (title) wall.querySelector("#new-title").value = title;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    for (const card of wall.querySelectorAll("[data-card]")) card.draggable = true;
  }

  // The columns stand in the menu of a card only once it is opened: 30 of them on each of 400 cards stop a browser.
  function fill(menu) {
    const card = menu.closest("[data-card]");
    if (!card || menu.querySelector("[value^=move]")) return;
    const [none, ...columns] = wall.querySelector("#target").options;
    const own = menu.closest("[data-column]").dataset.column;
    const others = [...columns, none].filter((column) => column.value !== own);
    menu.querySelector("[data-without-script]").remove();
    menu.querySelector("ul").prepend(...others.map((column) => moveButton(card.dataset.card, column)));
  }

  function moveButton(card, column) {
    const button = document.createElement("button");
    button.setAttribute("form", form.id);
    button.name = "do";
    button.value = `move:${card}:${column.value}`;
    button.textContent = column.textContent;
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  async function renew() {
    // No cache keeps pages of who is signed in, so the script says what it has; "not modified" brings nothing.
    const headers = shown ? { "If-None-Match": shown } : {};
    const response = await fetch(form.dataset.stateUrl, { headers, signal: AbortSignal.timeout(PATIENCE) });
    if (response.redirected) { location.reload(); return; } // signed out
    const tag = response.headers.get("ETag");
    if (!response.ok || drag || isTyping()) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    replace(page.body.childNodes);
    shown = tag;
  }

  // Where the keyboard is: what has a name, or else the menu around it.
  function place() {
    const here = document.activeElement;
    if (!wall.contains(here)) return null;
    const menu = here.closest("details[id]");
    return here.id ? `#${here.id}` : menu && `#${menu.id} > summary`;
  }

  async function send(data) {
    const here = place();
    form.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/plain" } });
      status.textContent = response.status === 409 ? await response.text() : "";
      if (response.ok) clear();
      if (!response.ok && response.status !== 409) status.textContent = "Der Schritt ist nicht gespeichert. Laden Sie die Seite neu.";
    } catch {
      status.textContent = "Kein Netz: Der Schritt ist nicht gespeichert. Versuchen Sie es gleich noch einmal.";
    }
    form.removeAttribute("aria-busy");
    await renew().catch(() => {});
    if (here && document.activeElement === document.body) (wall.querySelector(here) ?? wall.querySelector("#undo"))?.focus({ preventScroll: true });
  }

  function clear() {
    for (const box of wall.querySelectorAll("input[type=checkbox]:checked")) box.checked = false;
    for (const details of wall.querySelectorAll("details[open]")) details.removeAttribute("open");
    const title = wall.querySelector("#new-title");
    if (title) title.value = "";
    if (isTyping()) document.activeElement.blur();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(new FormData(form, event.submitter));
  });

  // Before it opens, so that the key Tab finds the first column.
  wall.addEventListener("click", (event) => {
    const summary = event.target.closest("summary");
    if (summary) fill(summary.parentElement);
  });

  // Enter in a heading means the button beside it, not the first one of the form.
  wall.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".board-target input")) return;
    event.preventDefault();
    event.target.parentElement.querySelector("button").click();
  });

  wall.addEventListener("dragstart", (event) => {
    drag = event.target.closest?.("[data-card]");
    if (!drag) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", drag.dataset.card);
    drag.classList.add("board-dragged");
  });
  wall.addEventListener("dragover", (event) => { if (drag && event.target.closest("[data-column]")) event.preventDefault(); });
  wall.addEventListener("dragend", () => { drag?.classList.remove("board-dragged"); drag = null; });
  wall.addEventListener("drop", (event) => {
    const column = event.target.closest("[data-column]");
    if (!drag || !column) return;
    event.preventDefault();
    const before = event.target.closest("[data-card]");
    const card = drag.dataset.card;
    drag = null;
    if (before?.dataset.card === card) return;
    const data = new FormData(form);
    data.delete("card");
    data.set("do", `move:${card}:${column.dataset.column}:${before ? before.dataset.card : 0}`);
    send(data);
  });

  async function watch() {
    await renew().catch(() => {}); // no net: the next try comes soon
    setTimeout(watch, EVERY);
  }

  for (const card of wall.querySelectorAll("[data-card]")) card.draggable = true;
  watch();
})();
