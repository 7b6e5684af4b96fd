// Steps on the wall without loading the page anew, cards moved by dragging, menus of cards and columns on the wall, and
// the steps of a second moderator within a second. Without this script every button sends its form, a menu is a page of
// its own, and a reload shows what is new.

(() => {
  const form = document.querySelector("[data-board]");
  const wall = document.querySelector("[data-wall]");
  const status = document.querySelector("[data-status]");
  const said = document.querySelector("[data-said]");
  const menu = document.querySelector("[data-menu]");
  const NO_STEP = "Der Schritt ist nicht gespeichert. Laden Sie die Seite neu.";
  const NO_NET = "Kein Netz: Der Schritt ist nicht gespeichert. Versuchen Sie es gleich noch einmal.";
  const NO_MENU = "Diese Karte oder Spalte ist gerade nicht zu erreichen. Versuchen Sie es gleich noch einmal.";
  const RING = 8; // around what has the focus, in pixels
  const FOLDED = `folded ${location.pathname}`;
  const folded = new Set(JSON.parse(sessionStorage.getItem(FOLDED) ?? "[]"));
  let drag = null;

  // At the lower edge of the window, where a step is taken; nothing that has the focus lies behind it or the bar.
  function tell(words) {
    status.textContent = words;
    clearLowerEdge();
    const focused = document.activeElement;
    if (words && wall.contains(focused)) focused.scrollIntoView({ block: "nearest" });
  }

  function clearLowerEdge() {
    const bar = wall.querySelector("#bar");
    const root = document.documentElement;
    const isStuck = getComputedStyle(bar).position === "sticky";
    root.style.setProperty("--board-status", `${status.offsetHeight}px`);
    root.style.scrollPaddingBottom = `${status.offsetHeight + (isStuck ? bar.offsetHeight : 0) + RING}px`;
  }

  // Only what has changed is exchanged: a browser lays two columns out in no time, and thirty in a second.
  function exchange(container, fresh) {
    const parts = new Map([...fresh.children].map((part) => [part.id, part]));
    for (const old of [...container.children]) {
      const part = parts.get(old.id);
      if (part && old.hasAttribute("data-parts")) exchange(old, part);
      else if (!part?.isEqualNode(old)) { old.remove(); continue; }
      parts.set(old.id, old);
    }
    let next = container.firstElementChild;
    for (const part of parts.values()) {
      if (part === next) next = next.nextElementSibling;
      else container.insertBefore(part, next);
    }
  }

  // Columns stay folded for as long as this tab is open, whatever is exchanged.
  function fold(walls) {
    for (const details of walls.querySelectorAll(".board-fold")) details.open = !folded.has(details.id);
  }

  function keep(details) {
    if (details.open) folded.delete(details.id);
    else folded.add(details.id);
    sessionStorage.setItem(FOLDED, JSON.stringify([...folded]));
  }

  wall.addEventListener("toggle", (event) => keep(event.target), { capture: true }); // it does not bubble
  wall.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fold]");
    if (!button) return;
    for (const details of wall.querySelectorAll(".board-fold")) details.open = button.dataset.fold === "";
  });
  fold(wall);

  function show(body) {
    if (drag) return false;
    fold(body);
    const chosen = [...wall.querySelectorAll("input[type=checkbox]:checked")].map((box) => box.id);
    const focused = wall.contains(document.activeElement) ? document.activeElement.id : "";
    const target = wall.querySelector("#target")?.value;
    exchange(wall, body);
    for (const id of chosen) { const box = document.getElementById(id); if (box) box.checked = true; }
    if (target && wall.querySelector(`#target option[value="${target}"]`)) wall.querySelector("#target").value = target;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    clearLowerEdge();
    return true;
  }

  const renew = window.watchWall(form.dataset.stateUrl, form.dataset.tag, show);

  // Where the keyboard works, with the column, and what is next to its card there.
  function place() {
    const element = document.activeElement;
    if (!wall.contains(element) || !element.id) return null;
    const card = element.closest("[data-card]");
    const beside = card?.nextElementSibling ?? card?.previousElementSibling;
    const next = beside && `#${element.id.replace(/\d+$/, beside.dataset.card)}`;
    return { here: `#${element.id}`, next, column: columnOf(element) };
  }

  const columnOf = (element) => element?.closest("[data-column]")?.dataset.column;

  // It goes on in that column when its card has left it, with the next one there, or else with the card.
  function goOn({ here, next, column }) {
    const stays = (spot) => spot && columnOf(wall.querySelector(spot)) === column;
    const focused = document.activeElement;
    if (focused !== document.body && (stays(here) || !focused.matches(here))) return;
    const spots = [here, next].filter(stays);
    const inSight = [...spots, here, "#undo"].map((spot) => wall.querySelector(spot)).find((spot) => spot?.checkVisibility());
    inSight?.focus({ preventScroll: true });
  }

  async function send(data) {
    const here = place();
    form.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "text/plain" } });
      const words = await response.text();
      said.textContent = response.ok ? words : "";
      if (response.ok) clear();
      tell(response.ok ? "" : response.status === 409 ? words : NO_STEP);
    } catch {
      tell(NO_NET);
    }
    form.removeAttribute("aria-busy");
    await renew().catch(() => {});
    if (here) goOn(here);
  }

  function clear() {
    for (const box of wall.querySelectorAll("input[type=checkbox]:checked")) box.checked = false;
    wall.querySelector("#new-title").value = "";
  }

  wall.addEventListener("change", clearLowerEdge);
  window.addEventListener("resize", clearLowerEdge);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(new FormData(form, event.submitter));
  });

  // Enter in a heading means the button beside it, not the first one of the form.
  wall.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".board-target input")) return;
    event.preventDefault();
    event.target.parentElement.querySelector("button").click();
  });

  // One menu for all cards and columns, filled with the form of their page when it is opened.
  wall.addEventListener("click", (event) => {
    const link = event.target.closest("a[aria-haspopup]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });

  async function open(link) {
    let page;
    try {
      const response = await fetch(link.href);
      if (response.redirected) { location.reload(); return; } // signed out
      if (!response.ok) throw new Error(String(response.status));
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      tell(NO_MENU);
      return;
    }
    const heading = document.createElement("h2");
    heading.id = "menu-heading";
    heading.textContent = `${page.querySelector("h1").textContent.trim()}: ${page.querySelector("bdi").textContent}`;
    const away = document.createElement("button");
    away.type = "button";
    away.className = "button button-quiet";
    away.textContent = "Abbrechen";
    away.addEventListener("click", () => menu.close());
    menu.replaceChildren(heading, page.querySelector("[data-step]"), away);
    menu.showModal();
    menu.querySelector("li button, input:not([type=hidden])").focus();
  }

  menu.addEventListener("submit", (event) => {
    event.preventDefault();
    menu.close(); // and the keyboard is at the card again
    send(new FormData(event.target, event.submitter));
  });

  menu.addEventListener("click", (event) => { if (event.target === menu) menu.close(); }); // beside the menu

  // Thirty columns are a long way for the key Tab: arrows, and the first letter of a column, go faster.
  menu.addEventListener("keydown", (event) => {
    const buttons = [...menu.querySelectorAll("li button")];
    const at = buttons.indexOf(document.activeElement);
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const turned = [...buttons.slice(at + 1), ...buttons.slice(0, at)];
    const begins = (button) => button.textContent.toLowerCase().startsWith(event.key.toLowerCase());
    const to = { ArrowDown: turned.at(0), ArrowUp: turned.at(-1), Home: buttons.at(0), End: buttons.at(-1) }[event.key];
    const found = to ?? (event.key.length === 1 && event.key !== " " ? turned.find(begins) : null);
    if (!found) return;
    event.preventDefault();
    found.focus();
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
    if (before?.dataset.card === card) return;
    const data = new FormData(form);
    data.delete("card");
    data.set("do", `move:${card}:${column.dataset.column}:${before ? before.dataset.card : 0}`);
    send(data);
  });
})();
