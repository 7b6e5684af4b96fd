// Says while points are set how many are left. Without this script the page names their number, and the server keeps it.

(() => {
  const form = document.querySelector("[data-points]");
  const place = document.querySelector("[data-points-left]");
  if (!form || !place) return;
  const allowed = Number(place.dataset.pointsLeft);

  const named = (number) => `${number} ${number === 1 ? "Punkt" : "Punkte"}`;

  function pointsOf(field) {
    if (field.type === "checkbox") return field.checked ? 1 : 0;
    return Math.max(0, Number(field.value) || 0);
  }

  function show() {
    const fields = form.querySelectorAll("input[type=checkbox], input[type=number]");
    const left = allowed - [...fields].reduce((sum, field) => sum + pointsOf(field), 0);
    place.textContent = left >= 0
      ? `noch ${left} von ${allowed} ${allowed === 1 ? "Punkt" : "Punkten"}`
      : `${named(-left)} zu viel: Bitte nehmen Sie ${-left === 1 ? "einen" : -left} weg.`;
  }

  form.addEventListener("input", show);
  window.addEventListener("pageshow", show); // back again, with what the browser kept in the fields
  place.hidden = false;
  show();
})();
