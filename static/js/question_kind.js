// The form of a question shows what belongs to the chosen kind of answer. What would be refused stays in sight until it
// is emptied, and so does what is wrong. Without this script all fields are there, under headings.

(() => {
  const kind = document.getElementById("id_kind");
  const groups = [...document.querySelectorAll("[data-kinds]")];
  if (!kind || !groups.length) return;

  function wouldBeRefused(field) {
    if (field.type === "checkbox") return field.checked;
    const isDropped = field.type !== "textarea" && field.value === field.defaultValue;
    return field.value !== "" && !isDropped;
  }

  function needsEyes(group) {
    const fields = [...group.querySelectorAll("input, textarea")];
    return Boolean(group.querySelector('[aria-invalid="true"]')) || fields.some(wouldBeRefused);
  }

  function show() {
    for (const group of groups) {
      const belongs = group.dataset.kinds.split(" ").includes(kind.value);
      group.hidden = !belongs && !needsEyes(group);
    }
  }

  kind.addEventListener("change", show);
  addEventListener("pageshow", show); // the browser has filled in what was chosen before
  show();
})();
