// The wall on the projector is never older than a second or two. Without this script a reload shows what is new.

(() => {
  const EVERY = 1000;
  const screen = document.querySelector("[data-screen-url]");
  let shown = null;

  async function renew() {
    // The browser asks with the tag that it has; the server answers "not modified" and sends nothing.
    const response = await fetch(screen.dataset.screenUrl, { cache: "no-cache" });
    if (response.redirected) { location.reload(); return; } // signed out
    const tag = response.headers.get("ETag");
    if (!response.ok || tag === shown) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    screen.querySelector("[data-wall]").replaceChildren(...page.body.childNodes);
    shown = tag;
  }

  async function watch() {
    await renew().catch(() => {}); // no net: the next try comes soon
    setTimeout(watch, EVERY);
  }

  watch();
})();
