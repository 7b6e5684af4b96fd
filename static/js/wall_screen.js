// The wall on the projector is never older than a second or two. Without this script a reload shows what is new.

(() => {
  const EVERY = 1000;
  const PATIENCE = 10_000; // where the net swallows a request, it is asked again
  const screen = document.querySelector("[data-screen-url]");
  let shown = null;

  async function renew() {
    // No cache keeps pages of who is signed in, so the script says what it has; "not modified" brings nothing.
    const headers = shown ? { "If-None-Match": shown } : {};
    const response = await fetch(screen.dataset.screenUrl, { headers, signal: AbortSignal.timeout(PATIENCE) });
    if (response.redirected) { location.reload(); return; } // signed out
    if (!response.ok) return;
    const tag = response.headers.get("ETag");
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
