// What is being made shows by itself how far it is. Without this script a link loads the page anew.

(() => {
  const EVERY = 2_000;
  let part = document.querySelector("[data-looks-again]");

  async function look() {
    try {
      const response = await fetch(location.href);
      if (response.redirected) { location.reload(); return; } // signed out
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.getElementById(part.id);
      if (!fresh) return;
      for (const element of fresh.querySelectorAll("[data-without-script]")) element.remove();
      const isReading = part.contains(document.activeElement) && document.activeElement !== document.body;
      if (isReading && fresh.hasAttribute("data-looks-again")) {
        part.querySelector(".progress").replaceWith(fresh.querySelector(".progress"));
      } else {
        part.replaceWith(fresh);
        part = fresh;
      }
      if (!fresh.hasAttribute("data-looks-again")) clearInterval(timer);
    } catch { /* the next try comes soon */ }
  }

  for (const element of document.querySelectorAll("[data-without-script]")) element.remove();
  const timer = setInterval(look, EVERY);
})();
