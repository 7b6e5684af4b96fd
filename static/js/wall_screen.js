// The wall on the projector, where nobody can scroll for the room: what does not fit in smaller letters turns through
// pages, and every column with its number stays in sight below. A page with something new is shown at once. Arrow
// keys, or the keys of a presenter, turn by hand; the space bar stops and goes on. Without this script a reload shows
// what is new.

(() => {
  const EVERY = 10_000;
  const SHORT = 4; // as many pages may have the larger letters
  const STRIPS = 4; // columns of a page, as in wall.css
  const screen = document.querySelector("[data-screen-url]");
  const wall = screen.querySelector("[data-wall]");
  const isWide = window.matchMedia("(min-width: 60rem)");
  const KEYS = { ArrowRight: 1, PageDown: 1, ArrowDown: 1, ArrowLeft: -1, PageUp: -1, ArrowUp: -1 };
  let latest = wall.innerHTML;
  let pages = [];
  let shown = 0;
  let isHeld = false;
  let timer = 0;
  let now = { places: new Map(), hasResults: false };

  const make = (tag, className, ...content) => {
    const element = document.createElement(tag);
    element.className = className;
    element.append(...content);
    return element;
  };
  const fits = () => wall.getBoundingClientRect().bottom + window.scrollY <= window.innerHeight;
  const height = (element) => element.getBoundingClientRect().height;
  const places = () => new Map([...wall.querySelectorAll("[data-card]")].map((card) => [card.dataset.card, card.dataset.in]));
  const hasResults = () => wall.querySelector(".wall-results") !== null;

  function lay() {
    const before = now;
    wall.innerHTML = latest;
    now = { places: places(), hasResults: hasResults() };
    pages = [];
    for (const size of ["big", "middle", "small"]) {
      screen.dataset.size = size;
      if (!isWide.matches || fits()) break;
      if (size !== "big" && turnInto(size)) break;
    }
    if (pages.length > 0) turnTo(news(before));
  }

  // Whether it did: many pages have the smaller letters.
  function turnInto(size) {
    screen.classList.add("screen-turning");
    const piles = [...wall.querySelectorAll("[data-column]")].map(read);
    const results = wall.querySelector(".wall-results");
    const note = make("p", "screen-page");
    const index = make("ol", "screen-index", ...piles.map((pile) => pile.entry));
    const probe = make("div", "screen-strip", ...piles.map((pile) => pile.section));
    const stage = make("div", "screen-stage", make("div", "screen-sheet", probe));
    wall.querySelector(".wall-big").replaceWith(stage, index, note);
    results?.remove();
    const strips = fill(piles, height(stage), parseFloat(getComputedStyle(probe).rowGap));
    const number = Math.ceil(strips.length / STRIPS) + (results ? 1 : 0);
    if (size === "middle" && number > SHORT) {
      screen.classList.remove("screen-turning");
      wall.innerHTML = latest;
      return false;
    }
    pages = results ? [{ sheet: make("div", "screen-sheet screen-sheet-results", results), piles: [] }] : [];
    for (let at = 0; at < strips.length; at += STRIPS) pages.push(page(strips.slice(at, at + STRIPS)));
    return true;
  }

  function read(section) {
    const heading = section.querySelector("h2");
    const number = heading.querySelector("span");
    const title = make("span", "screen-index-title", heading.textContent.replace(number.textContent, "").trim());
    const entry = make("li", "", title, number.cloneNode(true));
    return { section, heading, entry, cards: [...section.querySelectorAll("[data-card]")] };
  }

  // One column of cards after the other, from top to bottom; a pile that goes on has its heading again.
  function fill(piles, room, gap) {
    const strips = [];
    let left = 0;
    for (const { section, heading, entry, cards } of piles) {
      const frame = height(section) - cards.reduce((sum, card) => sum + height(card), 0);
      let part = null;
      for (const card of cards) {
        const needs = height(card);
        if (!part || needs > left) {
          if (strips.length === 0 || frame + needs > left) { strips.push([]); left = room; }
          part = { heading, entry, cards: [], goesOn: part !== null };
          strips.at(-1).push(part);
          left -= frame + gap;
        }
        part.cards.push(card);
        left -= needs;
      }
    }
    return strips;
  }

  function page(strips) {
    const sheet = make("div", "screen-sheet", ...strips.map((parts) => make("div", "screen-strip", ...parts.map(section))));
    return { sheet, piles: strips.flat().map((part) => part.entry) };
  }

  function section({ heading, cards, goesOn }) {
    const again = heading.cloneNode(true);
    if (goesOn) again.append(" – weiter");
    return make("section", "wall-column", again, make("ul", "", ...cards));
  }

  // The page with the last card that is new or hangs elsewhere than before; points that have just been counted.
  function news(before) {
    if (now.hasResults && !before.hasResults) return 0;
    const isNew = (card) => before.places.get(card.dataset.card) !== card.dataset.in;
    const changed = pages.map(({ sheet }) => [...sheet.querySelectorAll("[data-card]")].some(isNew));
    const at = changed.lastIndexOf(true);
    return before.places.size === 0 || at < 0 ? shown : at;
  }

  function turnTo(number) {
    shown = (number + pages.length) % pages.length;
    const { sheet, piles } = pages[shown];
    wall.querySelector(".screen-stage").replaceChildren(sheet);
    for (const entry of wall.querySelectorAll(".screen-index li")) entry.toggleAttribute("aria-current", piles.includes(entry));
    const how = isHeld ? "angehalten, Leertaste blättert weiter" : "Pfeiltasten blättern, Leertaste hält an";
    wall.querySelector(".screen-page").textContent = `Seite ${shown + 1} von ${pages.length} · ${how}`;
    clearTimeout(timer);
    if (!isHeld && pages.length > 1) timer = setTimeout(() => turnTo(shown + 1), EVERY);
  }

  document.addEventListener("keydown", (event) => {
    if (pages.length === 0 || event.ctrlKey || event.altKey || event.metaKey) return;
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
