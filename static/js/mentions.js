// Warns below a text of an anonymous survey when a name or a town of the cohort stands in it. The server looks, and keeps
// nothing; the names themselves are not sent to the browser. Without this script „Angaben prüfen“ says the same.

(() => {
  const PAUSE = 800; // milliseconds without a letter, before the server is asked

  function watch(field, address) {
    const place = document.createElement("p");
    place.className = "form-text mention";
    place.id = `${field.id}_mention`;
    place.setAttribute("role", "status");
    field.after(place);
    let waiting = 0;

    async function look() {
      const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ text: field.value }) });
      if (!answer.ok) return;
      const { found } = await answer.json();
      place.textContent = found.length
        ? `Hier steht: ${found.join(", ")}. Daran könnte man jemanden erkennen. Ist es nötig?`
        : "";
    }

    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => look().catch(() => {}), PAUSE); // offline: the check page says it
    });
  }

  const form = document.querySelector("[data-mentions]");
  for (const field of form?.querySelectorAll("textarea") ?? []) watch(field, form.dataset.mentions);
})();
