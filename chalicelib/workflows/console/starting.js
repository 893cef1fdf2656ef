// Says so where the console's modules do not come or do not run: without it the page would stay empty.
addEventListener("error", () => {
  const main = document.getElementById("main");
  if (!main || main.childElementCount) return; // a page is there, and says itself what is wrong
  const made = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const again = made("button", "Load it again");
  again.type = "button";
  again.addEventListener("click", () => location.reload());
  main.append(made("h1", "The console did not load"), made("p", "A part of it did not arrive, or this browser is too old for it: it needs one of 2024 or later."), again);
}, true);
