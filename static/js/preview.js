// The preview of a form follows what is typed, after a pause. A file is sent once, when it is chosen: the server keeps it for
// a while and says under which name. Without this script the button „Vorschau aktualisieren“ does the same.

(() => {
  const PAUSE_MS = 700;
  const form = document.querySelector("[data-preview]");
  const place = form?.querySelector("[data-preview-place]");
  if (!place) return;
  let timer;
  let running;
  const unsent = new Set(); // fields with a file that the server does not have yet

  function typed() {
    const data = new FormData(form);
    for (const field of form.querySelectorAll('input[type="file"]')) {
      if (!unsent.has(field)) data.delete(field.name);
    }
    return data;
  }

  // The last pages stay where there are no new ones.
  function fill(html) {
    const next = document.createElement("div");
    next.innerHTML = html;
    for (const kept of next.querySelectorAll("[data-kept]")) {
      form.elements[kept.dataset.kept].value = kept.value;
      const removed = form.elements[kept.dataset.kept.replace("_kept", "_removed")];
      if (removed) removed.checked = false;
      kept.remove();
    }
    if (!next.querySelector(".paper-preview")) next.append(...place.querySelectorAll(".paper-preview"));
    place.replaceChildren(...next.childNodes);
  }

  async function show() {
    running?.abort();
    running = new AbortController();
    const sent = [...unsent];
    place.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.dataset.preview, {
        method: "POST",
        body: typed(),
        headers: { "X-Requested-With": "fetch" },
        signal: running.signal,
      });
      if (response.ok && !response.redirected) {
        fill(await response.text());
        for (const field of sent) unsent.delete(field);
      }
      place.removeAttribute("aria-busy");
    } catch (error) {
      if (error.name !== "AbortError") place.removeAttribute("aria-busy"); // the last preview stays; the button tries again
    }
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE_MS);
  });

  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    clearTimeout(timer);
    if (event.target.files.length) unsent.add(event.target);
    else unsent.delete(event.target);
    show();
  });
})();
