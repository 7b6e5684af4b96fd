// The selection desk: moving the line shows at once what it changes. Without this script the same form does it with a
// page of its own; this one takes the parts marked data-live out of that page.

(() => {
  const form = document.querySelector("[data-desk]");
  // Where something is wrong the next page is a new one, without what was said of it.
  if (!form || form.querySelector("[aria-invalid]")) return;
  const status = document.querySelector("[data-desk-status]");
  let queue = Promise.resolve();
  let isLeaving = false;

  function take(fresh) {
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (other) part.replaceChildren(...other.childNodes);
    }
  }

  function showMessages(fresh) {
    document.querySelector(".messages")?.remove();
    const messages = fresh.querySelector(".messages");
    // In the bar that stays in sight: whoever moves the line is far from the head of the page.
    if (messages) document.querySelector(".desk-bar").prepend(messages);
  }

  // As if this script were not there.
  function send(button) {
    isLeaving = true;
    form.removeEventListener("submit", onSubmit);
    form.requestSubmit(button?.name ? button : undefined);
  }

  // One after the other: Enter in a field is a change and a submission, and the second must see what the first did.
  function move(button) {
    queue = queue.then(() => (isLeaving ? undefined : moveNow(button)));
  }

  async function moveNow(button) {
    const data = new FormData(form);
    if (button?.name) data.set(button.name, button.value);
    let fresh;
    try {
      const answer = await fetch(form.action, { method: "POST", body: data });
      if (!answer.ok || !answer.redirected) return send(button); // something is wrong: its page says what
      fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      return send(button);
    }
    if (!fresh.querySelector("[data-desk]")) return send(button);
    take(fresh);
    showMessages(fresh);
    for (const name of ["line", "waiting_count", "rest"]) form.elements[name].value = fresh.getElementById(`id_${name}`).value;
    status.textContent = document.querySelector(".desk-table caption").textContent;
    if (button?.id) document.getElementById(button.id)?.focus();
  }

  function onSubmit(event) {
    event.preventDefault();
    move(event.submitter);
  }

  form.addEventListener("submit", onSubmit);
  form.addEventListener("change", () => move());
})();
