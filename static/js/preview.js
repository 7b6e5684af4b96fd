// The preview of a form follows what is typed, after a pause. Files are left to the button: they would be sent each time.
// Without this script the button „Vorschau aktualisieren“ does the same.

(() => {
  const PAUSE_MS = 700;
  const form = document.querySelector("[data-preview]");
  const place = form?.querySelector("[data-preview-place]");
  if (!place) return;
  let timer;
  let running;

  async function show() {
    running?.abort();
    running = new AbortController();
    const data = new FormData(form);
    for (const field of form.querySelectorAll('input[type="file"]')) data.delete(field.name);
    place.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.dataset.preview, {
        method: "POST",
        body: data,
        headers: { "X-Requested-With": "fetch" },
        signal: running.signal,
      });
      if (response.ok && !response.redirected) place.innerHTML = await response.text();
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
})();
