// Rows of a list that are chosen for an action: the actions appear with the first of them and say how many there are.
// Without this script they are always there, and a link above the list chooses all rows.

(() => {
  const form = document.querySelector("[data-choose]");
  const actions = form?.querySelector("[data-chosen]");
  if (!actions) return;
  const boxes = [...form.querySelectorAll('input[type="checkbox"][name]')];
  if (!boxes.length) return;

  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", "Alle auf dieser Seite auswählen");
  form.querySelector("[data-choose-all]").replaceChildren(all);

  function show() {
    const count = boxes.filter((box) => box.checked).length;
    const noun = count === 1 ? form.dataset.choose : form.dataset.chooseMany;
    actions.hidden = count === 0;
    actions.querySelector("[data-chosen-count]").textContent = count ? `${count} ${noun} ausgewählt` : "";
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  }

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  addEventListener("pageshow", show); // the browser has filled in what was chosen before
  show();
})();
