// The wall on the projector is never older than a second or two. Without this script a reload shows what is new.

(() => {
  const screen = document.querySelector("[data-screen-url]");
  const wall = screen.querySelector("[data-wall]");

  window.watchWall(screen.dataset.screenUrl, screen.dataset.tag, (body) => wall.replaceChildren(...body.childNodes));
})();
