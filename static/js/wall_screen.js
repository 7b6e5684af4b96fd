// The wall on the projector, where nobody can scroll for the room: what does not fit is put closer together, then into
// smaller letters, then on pages that turn, and every column with its number stays in sight below. A page with something
// new is shown at once, or named where a page is held. Arrow keys, or the keys of a presenter, turn by hand and hold; the
// space bar holds and goes on. Without this script a reload shows what is new.

(() => {
  const EVERY = 10_000;
  const MOST = { big: 1, middle: 4, small: Infinity }; // as many pages may have these letters
  const STRIPS = 4; // columns of a page, as in wall_screen.css
  const screen = document.querySelector("[data-screen-url]");
  const wall = screen.querySelector("[data-wall]");
  const isWide = window.matchMedia("(min-width: 60rem)");
  const KEYS = { ArrowRight: 1, PageDown: 1, ArrowDown: 1, ArrowLeft: -1, PageUp: -1, ArrowUp: -1 };
  let latest = wall.innerHTML;
  let pages = [];
  let shown = 0;
  let isHeld = false;
  let unseen = ""; // the newest card, while another page is held
  let timer = 0;
  let now = { places: new Map(), hasResults: false };

  const make = (tag, className, ...content) => {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...content);
    return element;
  };
  const which = make("strong", "");
  const hint = make("span", "");
  const foot = make("p", "screen-page", which, " ", hint);
  const fits = () => wall.getBoundingClientRect().bottom + window.scrollY <= window.innerHeight;
  const height = (element) => element.getBoundingClientRect().height;
  const places = () => new Map([...wall.querySelectorAll("[data-card]")].map((card) => [card.dataset.card, card.dataset.in]));
  const hasResults = () => wall.querySelector(".wall-results") !== null;

  function lay() {
    const before = now;
    wall.innerHTML = latest;
    foot.remove();
    now = { places: places(), hasResults: hasResults() };
    pages = [];
    for (const size of Object.keys(MOST)) {
      screen.dataset.size = size;
      if (!isWide.matches || fits() || turnInto(MOST[size])) break;
    }
    if (pages.length > 0) showNews(before);
    if (pages.length > 1) screen.append(foot);
  }

  // Whether so many pages are enough. One page needs no number and no strip of columns, and has their room.
  function turnInto(most) {
    screen.classList.add("screen-turning");
    const piles = [...wall.querySelectorAll("[data-column]")].map(read);
    const results = wall.querySelector(".wall-results");
    const probe = make("div", "screen-strip", ...piles.map((pile) => pile.section));
    const stage = make("div", "screen-stage", make("div", "screen-sheet", probe));
    wall.querySelector(".wall-big").replaceWith(stage);
    results?.remove();
    const gap = parseFloat(getComputedStyle(probe).rowGap);
    let strips = fill(piles, height(stage), gap);
    const resultPages = results ? divide(results, stage) : [];
    const isOne = !results && strips.length <= STRIPS;
    if (!isOne) {
      stage.after(make("ol", "screen-index", ...piles.map((pile) => pile.entry)));
      strips = fill(piles, height(stage), gap);
    }
    if (Math.ceil(strips.length / STRIPS) + resultPages.length > most) {
      screen.classList.remove("screen-turning");
      wall.innerHTML = latest;
      return false;
    }
    pages = resultPages;
    for (let at = 0; at < strips.length; at += STRIPS) pages.push(page(strips.slice(at, at + STRIPS)));
    pages[0].sheet.classList.toggle("screen-sheet-only", isOne);
    return true;
  }

  // The pile is measured with the longer of its two headings.
  function read(section) {
    const longer = section.querySelector("h2");
    const heading = longer.cloneNode(true);
    const number = longer.querySelector("span");
    const title = make("span", "screen-index-title", longer.textContent.replace(number.textContent, "").trim());
    const entry = make("li", "", title, number.cloneNode(true));
    longer.append(" – weiter");
    return { section, heading, longer, entry, cards: [...section.querySelectorAll("[data-card]")] };
  }

  // One column of cards after the other, from top to bottom; a pile that goes on has its heading again.
  function fill(piles, room, gap) {
    const strips = [];
    let left = 0;
    for (const { section, heading, longer, entry, cards } of piles) {
      const frame = height(section) - cards.reduce((sum, card) => sum + height(card), 0);
      let part = null;
      for (const card of cards) {
        const needs = height(card);
        if (!part || needs > left) {
          if (strips.length === 0 || frame + needs > left) { strips.push([]); left = room; }
          part = { heading: part ? longer : heading, entry, cards: [] };
          strips.at(-1).push(part);
          left -= frame + gap;
        }
        part.cards.push(card);
        left -= needs;
      }
    }
    return strips;
  }

  // The list as wide as the room, or else in halves beside each other, on as many pages as it takes.
  function divide(results, stage) {
    const sheet = make("div", "screen-sheet screen-sheet-results", results);
    stage.prepend(sheet);
    const room = height(stage);
    const rows = [...results.children];
    let lists = [results];
    if (height(results) > room) {
      sheet.classList.add("screen-sheet-halves");
      const gap = parseFloat(getComputedStyle(results).rowGap);
      const heights = rows.map(height);
      let left = -1;
      lists = [];
      rows.forEach((row, at) => {
        if (heights[at] > left) { lists.push(results.cloneNode(false)); left = room; }
        lists.at(-1).append(row);
        left -= heights[at] + gap;
      });
    }
    sheet.remove();
    const found = [];
    for (let at = 0; at < lists.length; at += 2) {
      const part = sheet.cloneNode(false);
      part.append(...lists.slice(at, at + 2));
      found.push({ sheet: part, piles: [] });
    }
    return found;
  }

  function page(strips) {
    const sheet = make("div", "screen-sheet", ...strips.map((parts) => make("div", "screen-strip", ...parts.map(section))));
    return { sheet, piles: strips.flat().map((part) => part.entry) };
  }

  function section({ heading, cards }) {
    return make("section", "wall-column", heading.cloneNode(true), make("ul", "", ...cards));
  }

  // Points that have just been counted, or the page with the last card that is new or hangs elsewhere than before.
  function showNews(before) {
    const isNew = (card) => before.places.size > 0 && before.places.get(card.dataset.card) !== card.dataset.in;
    const newest = pages.flatMap(({ sheet }) => [...sheet.querySelectorAll("[data-card]")]).findLast(isNew);
    unseen = newest?.dataset.card ?? unseen;
    if (now.hasResults && !before.hasResults) turnTo(0);
    else turnTo(newest && !isHeld ? pageOf(unseen) : shown);
  }

  const pageOf = (card) => pages.findIndex(({ sheet }) => sheet.querySelector(`[data-card="${card}"]`));

  function turnTo(number) {
    shown = (number + pages.length) % pages.length;
    const { sheet, piles } = pages[shown];
    wall.querySelector(".screen-stage").replaceChildren(sheet);
    if (pages.length === 1) return;
    for (const entry of wall.querySelectorAll(".screen-index li")) entry.toggleAttribute("aria-current", piles.includes(entry));
    if (!isHeld || pageOf(unseen) === shown) unseen = "";
    const news = pageOf(unseen) < 0 ? "" : `Neues auf Seite ${pageOf(unseen) + 1}. `;
    which.textContent = `Seite ${shown + 1} von ${pages.length}`;
    hint.textContent = isHeld ? `${news}Angehalten, Leertaste blättert weiter` : "Pfeiltasten blättern, Leertaste hält an";
    clearTimeout(timer);
    if (!isHeld) timer = setTimeout(() => turnTo(shown + 1), EVERY);
  }

  document.addEventListener("keydown", (event) => {
    if (pages.length < 2 || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key !== " " && !KEYS[event.key]) return;
    event.preventDefault();
    isHeld = event.key === " " ? !isHeld : true;
    turnTo(shown + (KEYS[event.key] ?? 0));
  });

  function layAnew() {
    clearTimeout(timer);
    screen.classList.remove("screen-turning");
    lay();
  }

  window.addEventListener("resize", layAnew);
  document.fonts.ready.then(() => { // letters are measured
    layAnew();
    window.watchWall(screen.dataset.screenUrl, screen.dataset.tag, (body) => {
      latest = body.innerHTML;
      layAnew();
    });
  });
})();
