// What a screen shows of a wall is never older than a second or two: it asks again and again what is new.

(() => {
  const EVERY = 1000;
  const PATIENCE = 10_000; // where the net swallows a request, it is asked again

  // `tag` names what the page shows already; `show` gets the body of what is newer and says false where it cannot be
  // shown now. Returns what asks at once.
  window.watchWall = (url, tag, show) => {
    let shown = tag;
    let asked = 0;
    let answered = 0;

    async function renew() {
      asked += 1;
      const turn = asked;
      // No cache keeps pages of who is signed in, so the script says what it has; "not modified" brings nothing.
      const response = await fetch(url, { headers: { "If-None-Match": shown }, signal: AbortSignal.timeout(PATIENCE) });
      if (response.redirected) { location.reload(); return; } // signed out
      if (!response.ok) return;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (turn < answered) return; // a later question was answered first
      answered = turn;
      if (show(page.body) !== false) shown = response.headers.get("ETag");
    }

    async function watch() {
      await renew().catch(() => {}); // no net: the next try comes soon
      setTimeout(watch, EVERY);
    }

    watch();
    return renew;
  };
})();
