// Lists that can be sorted by dragging, with mouse, pen or finger. Without this script, and by keyboard, the buttons
// of components/sort_buttons.html do the same; see components/sort_form.html for the markup.

(() => {
  const EDGE = 60; // pixels from the edge of the window where it scrolls along
  let drag = null;

  const rowsOf = (list) => [...list.querySelectorAll("[data-sort-key]")].filter((row) => row.closest("[data-sort]") === list);
  const keysOf = (list) => rowsOf(list).map((row) => row.dataset.sortKey);
  const formOf = (list) => document.getElementById(`${list.dataset.sort}-sort`);
  const labelOf = (row) => row.querySelector("[data-sort-label]").dataset.sortLabel;

  function say(list, text) {
    document.getElementById(`${list.dataset.sort}-status`).textContent = text;
  }

  function addGrips(root) {
    for (const place of root.querySelectorAll("[data-sort-handle]")) {
      const grip = document.createElement("span");
      grip.className = "sort-grip";
      grip.setAttribute("aria-hidden", "true");
      grip.textContent = "⠿ ziehen";
      place.prepend(grip);
    }
  }

  function start(event) {
    const grip = event.target.closest?.(".sort-grip");
    if (!grip || drag || event.button !== 0) return;
    const row = grip.closest("[data-sort-key]");
    const list = grip.closest("[data-sort]");
    if (list.getAttribute("aria-busy")) return; // what is stored replaces the list, and would take the row along
    drag = { row, list, before: keysOf(list), pointer: event.pointerId };
    row.classList.add("sort-dragged");
    event.preventDefault();
  }

  // The others step around the dragged row: it stays in the document, or a finger would lose it.
  function follow(event) {
    if (!drag || event.pointerId !== drag.pointer) return;
    const rows = rowsOf(drag.list);
    const own = rows.indexOf(drag.row);
    const middle = (row) => { const box = row.getBoundingClientRect(); return box.top + box.height / 2; };
    for (let at = own - 1; at >= 0 && event.clientY < middle(rows[at]); at -= 1) drag.row.after(rows[at]);
    for (let at = own + 1; at < rows.length && event.clientY > middle(rows[at]); at += 1) drag.row.before(rows[at]);
    if (event.clientY < EDGE) window.scrollBy(0, -EDGE / 4);
    if (event.clientY > window.innerHeight - EDGE) window.scrollBy(0, EDGE / 4);
  }

  function putBack({ list, row, before }) {
    const byKey = new Map(rowsOf(list).map((each) => [each.dataset.sortKey, each]));
    const own = before.indexOf(row.dataset.sortKey);
    before.slice(0, own).forEach((key) => row.before(byKey.get(key)));
    before.slice(own + 1).reverse().forEach((key) => row.after(byKey.get(key)));
  }

  function end(event) {
    if (!drag || (event.pointerId !== undefined && event.pointerId !== drag.pointer)) return;
    const dropped = drag;
    drag = null;
    dropped.row.classList.remove("sort-dragged");
    if (event.type !== "pointerup") putBack(dropped);
    else if (keysOf(dropped.list).join() !== dropped.before.join()) store(dropped);
  }

  async function store(dropped) {
    const { list, row } = dropped;
    const keys = keysOf(list);
    const data = new FormData(formOf(list));
    keys.forEach((key) => data.append("order", key));
    say(list, "Die Reihenfolge wird gespeichert …");
    list.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(formOf(list).action, { method: "POST", body: data });
      if (response.status === 409) { window.location.reload(); return; } // the fresh page says why
      if (!response.ok) throw new Error(`status ${response.status}`);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector(`[data-sort="${list.dataset.sort}"]`);
      if (!fresh) { window.location.reload(); return; } // signed out meanwhile
      addGrips(fresh);
      list.replaceWith(fresh);
      say(fresh, `„${labelOf(row)}“ steht jetzt an Stelle ${keys.indexOf(row.dataset.sortKey) + 1} von ${keys.length}.`);
    } catch {
      putBack(dropped);
      list.removeAttribute("aria-busy");
      say(list, "Die neue Reihenfolge ließ sich nicht speichern, die alte gilt weiter. Bitte laden Sie die Seite neu und versuchen Sie es noch einmal.");
    }
  }

  document.addEventListener("pointerdown", start);
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") end(event); });
  addGrips(document);
})();
