// Enter goes on to the next field of a sheet and, after the last one, saves. Without this script Tab goes on.

(() => {
  const form = document.querySelector("[data-sheet]");
  if (!form) return;
  document.querySelectorAll(".keys").forEach((hint) => { hint.hidden = false; });

  const fields = [...form.querySelectorAll("input:not([type=hidden]), textarea")];

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
