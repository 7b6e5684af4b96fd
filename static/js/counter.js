// Says below a text how many characters are left. Without this script its hint names the limit, and the server keeps it.

(() => {
  const numbers = new Intl.NumberFormat("de-DE");

  function show(place, field, limit) {
    const left = limit - [...field.value].length; // as the server counts: an emoji is one, not two
    place.textContent = left >= 0
      ? `noch ${numbers.format(left)} Zeichen`
      : `${numbers.format(-left)} Zeichen zu viel: Bitte kürzen.`;
  }

  for (const field of document.querySelectorAll("[data-counter]")) {
    const place = document.createElement("p");
    place.className = "form-text";
    place.id = `${field.id}_counter`;
    field.after(place);
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${place.id}`.trim());
    const limit = Number(field.dataset.counter);
    field.addEventListener("input", () => show(place, field, limit));
    show(place, field, limit);
  }
})();
