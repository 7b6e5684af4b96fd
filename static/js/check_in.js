// The code on the screen is always a fresh one. Without this script a link loads the page anew.

(() => {
  const EVERY = 20_000;

  async function renew() {
    try {
      const response = await fetch(location.href);
      if (response.redirected) { location.reload(); return; } // ended, or signed out
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("[data-screen]");
      if (fresh) document.querySelector("[data-screen]").replaceWith(fresh);
    } catch { /* the next try comes soon */ }
  }

  for (const element of document.querySelectorAll("[data-without-script]")) element.remove();
  setInterval(renew, EVERY);
})();
