// Enter goes on to the next field of a sheet and, after the last one, saves; a number that cannot be is refused before the
// rest is typed. Without this script Tab goes on, and the number is checked with the rest.

(() => {
  const form = document.querySelector("[data-sheet]");
  if (!form) return;
  document.querySelectorAll(".keys").forEach((hint) => { hint.hidden = false; });

  const fields = [...form.querySelectorAll("input:not([type=hidden]), textarea")];

  const number = form.elements.number;
  const listed = form.dataset.numbers.split(" ");
  const warning = document.createElement("div");
  warning.className = "invalid-feedback";
  warning.setAttribute("role", "alert");
  number.after(warning);

  function check() {
    const typed = number.value.trim().replace(/^0+/, "");
    const isRefused = typed && listed.includes(typed) === (form.dataset.refuses === "these");
    number.setCustomValidity(isRefused ? form.dataset.refusal.replace("#", typed) : "");
    warning.textContent = "";
  }

  number.addEventListener("input", check);
  number.addEventListener("change", () => { warning.textContent = number.validationMessage; });
  check();

  form.addEventListener("keydown", (event) => {
    const place = fields.indexOf(event.target);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || place < 0) return;
    event.preventDefault();
    if (event.repeat || !event.target.reportValidity()) return;
    const next = fields[place + 1];
    if (next) {
      next.focus();
      next.select();
    } else {
      form.requestSubmit();
    }
  });
})();
