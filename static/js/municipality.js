// Makes a combobox of the search for a municipality (participants/municipality_input.html), after the pattern of the
// ARIA Authoring Practices: the focus stays in the text, the arrows walk through the list, Enter takes, Escape closes.
// Without this script the button „Kommune suchen“ sends the form, and the municipalities come back as choices.

(() => {
  const LEAST_LETTERS = 2;
  const PAUSE = 150; // milliseconds without a letter, before the server is asked

  function enhance(root) {
    if (root.dataset.isCombobox) return;
    root.dataset.isCombobox = "true";
    const text = root.querySelector("input[type=text]");
    const name = text.name.replace(/_text$/, "");
    const missing = root.querySelector("details");
    const list = element("ul", { id: `${text.id}_list`, className: "municipality-list", hidden: true });
    const status = element("p", { id: `${text.id}_status`, className: "municipality-status" });
    const choice = element("input", { type: "hidden", name, disabled: true });
    const searched = element("input", { type: "hidden", name: `${name}_searched`, disabled: true });
    let matches = [];
    let at = -1;
    let waiting = 0;
    let request = null;

    function attach() {
      root.querySelector("button[type=submit]").remove();
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", "Kommunen");
      status.setAttribute("role", "status");
      for (const [key, value] of Object.entries({
        role: "combobox",
        "aria-autocomplete": "list",
        "aria-controls": list.id,
        "aria-expanded": "false",
        "aria-describedby": `${text.getAttribute("aria-describedby") ?? ""} ${status.id}`.trim(),
      })) text.setAttribute(key, value);
      text.after(list);
      text.parentElement.after(status);
      root.append(choice, searched);
      takeOver();
      text.addEventListener("input", typed);
      text.addEventListener("keydown", pressed);
      text.addEventListener("blur", left);
      list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the text
      list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) take(Number(option.dataset.place));
      });
    }

    // What the server has shown as chosen becomes the value of the combobox; choices that are still open stay.
    function takeOver() {
      const radio = root.querySelector("input[type=radio]:checked");
      if (!radio) return;
      if (radio.value === "fehlt") return dropChoices();
      const label = radio.labels[0];
      const place = label.querySelector(".municipality-place")?.textContent ?? "";
      choose({ key: radio.value, name: label.firstChild.textContent.trim(), place });
    }

    function choose(match) {
      dropChoices();
      text.value = match.place ? `${match.name}, ${match.place}` : match.name;
      choice.value = match.key;
      searched.value = text.value;
      choice.disabled = searched.disabled = false;
    }

    function dropChoices() {
      root.querySelector(".municipality-matches")?.remove();
      root.querySelector("input[type=hidden][name$=_searched]:not(:disabled)")?.remove();
      root.querySelector(".municipality-nothing")?.remove();
      root.append(searched);
      choice.disabled = searched.disabled = true;
    }

    function typed() {
      dropChoices();
      window.clearTimeout(waiting);
      waiting = window.setTimeout(search, PAUSE);
    }

    async function search() {
      request?.abort();
      const wanted = text.value.trim();
      if (wanted.length < LEAST_LETTERS) return show([], false, "");
      request = new AbortController();
      try {
        const answer = await fetch(`${root.dataset.municipality}?${new URLSearchParams({ text: wanted })}`, {
          signal: request.signal,
          headers: { Accept: "application/json" },
        });
        if (!answer.ok) throw new Error(String(answer.status));
        const found = await answer.json();
        show(found.matches, found.has_more, counted(found));
      } catch (error) {
        if (error.name === "AbortError") return;
        show([], false, "Die Suche antwortet gerade nicht. Schreiben Sie den Namen aus, und fahren Sie fort.");
      }
    }

    function counted({ matches: found, has_more: hasMore }) {
      if (!found.length) return "Kein Treffer. Bitte prüfen Sie die Schreibweise.";
      if (hasMore) return `Die ersten ${found.length} Treffer. Tippen Sie mehr vom Namen, oder dazu den Kreis.`;
      return found.length === 1 ? "1 Treffer" : `${found.length} Treffer`;
    }

    function show(found, hasMore, sentence) {
      matches = found;
      at = -1;
      status.textContent = sentence;
      const options = found.map((match, place) => option(place, match.name, match.place));
      if (sentence) options.push(option(found.length, "Meine Kommune fehlt", "selbst eintragen"));
      list.replaceChildren(...options);
      if (options.length && document.activeElement === text) open();
      else close();
    }

    function option(place, label, detail) {
      const item = element("li", { id: `${list.id}_${place}`, className: "municipality-option" });
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.place = place;
      item.append(label);
      if (detail) item.append(" ", element("span", { className: "municipality-place", textContent: detail }));
      return item;
    }

    function open() {
      list.hidden = false;
      text.setAttribute("aria-expanded", "true");
    }

    function close() {
      list.hidden = true;
      text.setAttribute("aria-expanded", "false");
      mark(-1);
    }

    // Whoever has written the whole name and goes on has chosen; what is typed after the last answer counts on the server.
    function left() {
      const same = matches.filter((match) => match.name.toLowerCase() === text.value.trim().toLowerCase());
      close();
      if (choice.disabled && same.length === 1) choose(same[0]);
    }

    function mark(place) {
      list.children[at]?.setAttribute("aria-selected", "false");
      at = place;
      const option = list.children[at];
      if (!option) return text.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      text.setAttribute("aria-activedescendant", option.id);
    }

    function take(place) {
      close();
      status.textContent = "";
      if (place === matches.length) return writeIn();
      choose(matches[place]);
      status.textContent = `Gewählt: ${text.value}`;
    }

    function writeIn() {
      const field = missing.querySelector("input[type=text]");
      missing.open = true;
      if (!field.value) field.value = text.value.trim();
      text.value = "";
      field.focus();
    }

    function pressed(event) {
      const count = list.children.length;
      const isOpen = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!count) return;
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (!isOpen) open();
        mark(at === -1 && step === -1 ? count - 1 : (at + step + count) % count);
      } else if (event.key === "Enter" && isOpen) {
        event.preventDefault(); // the form is sent by the next Enter
        if (at !== -1) take(at);
        else if (matches.length === 1) take(0);
        else mark(0);
      } else if (event.key === "Escape" && isOpen) {
        event.preventDefault();
        close();
      }
    }

    attach();
  }

  function element(tag, properties) {
    return Object.assign(document.createElement(tag), properties);
  }

  document.querySelectorAll("[data-municipality]").forEach(enhance);
})();
