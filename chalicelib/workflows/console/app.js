// The console's frame: pages by the address's hash, the menu, light and dark, who is signed in.

import { forgetLocalDoors, forgetToken, keepToken, localDoors, token } from "./api.js";
import { closeDialogs } from "./dialog.js";
import { fill, h } from "./elements.js";
import { pages } from "./pages/index.js";
import { renderSignIn } from "./pages/signin.js";
import { decoded, whereTo } from "./router.js";

const main = document.getElementById("main");
let leave = () => {};
let shown = null;

function show() {
  takeTokenFromAddress();
  leave();
  leave = () => {};
  closeDialogs();
  document.getElementById("connection").hidden = true;
  closeMenu();
  if (!token()) return showSignIn("");
  document.body.classList.remove("signed-out");
  const { page, params, query } = whereTo(location.hash, pages);
  const title = page?.title ?? "No such page";
  document.title = `${title} · Signalbox`;
  markCurrent(page);
  main.replaceChildren();
  const first = shown === null;
  shown = page;
  if (page) leave = page.render(main, params, query) ?? (() => {});
  else fill(main, h("h1", { tabindex: "-1" }, "No such page"), h("p", {}, "The address may be mistyped. ", h("a", { href: "#/" }, "Go to the workflows")));
  if (!first) (main.querySelector("h1") ?? main).focus();
  drawMenu();
  return undefined;
}

function showSignIn(reason) {
  leave();
  closeDialogs();
  document.title = "Sign in · Signalbox";
  document.body.classList.add("signed-out");
  leave = renderSignIn(main, reason, (given) => {
    keepToken(given);
    forgetLocalDoors();
    shown = null;
    show();
  });
}

/** A link that `make run` prints carries the token behind the #, where no server sees it. */
function takeTokenFromAddress() {
  const given = location.hash.match(/^#token=([^&]+)/);
  if (!given) return;
  keepToken(decoded(given[1]));
  forgetLocalDoors();
  history.replaceState(null, "", "#/");
}

function markCurrent(page) {
  for (const entry of document.querySelectorAll("#pages a")) {
    const current = page && (entry.dataset.path === page.path || entry.dataset.path === page.under);
    if (current) entry.setAttribute("aria-current", "page");
    else entry.removeAttribute("aria-current");
  }
}

async function drawMenu() {
  const doors = await localDoors();
  const listed = pages.filter((page) => page.nav && (!page.nav.needs || doors.includes(page.nav.needs)));
  listed.sort((one, other) => one.nav.order - other.nav.order);
  const menu = document.getElementById("pages");
  if (menu.children.length !== listed.length) {
    fill(menu, listed.map((page) => h("li", {}, h("a", { href: `#${page.path}`, "data-path": page.path }, page.nav.label))));
  }
  markCurrent(shown);
}

function drawTools() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
  const label = () => (isDark() ? "Light colours" : "Dark colours");
  const theme = h("button", { type: "button", class: "quiet" }, label());
  theme.addEventListener("click", () => {
    const chosen = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = chosen;
    localStorage.setItem("signalbox.theme", chosen);
    theme.textContent = label();
  });
  dark.addEventListener("change", () => { theme.textContent = label(); });
  const out = h("button", { type: "button", class: "quiet sign-out", onclick: () => { forgetToken(); showSignIn(""); } }, "Sign out");
  fill(document.getElementById("tools"), theme, out);
}

const menuSwitch = document.querySelector(".menu-switch");
menuSwitch.addEventListener("click", () => {
  const open = menuSwitch.getAttribute("aria-expanded") === "true";
  menuSwitch.setAttribute("aria-expanded", String(!open));
});

document.getElementById("menu").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || menuSwitch.getAttribute("aria-expanded") !== "true") return;
  closeMenu();
  menuSwitch.focus();
});

function closeMenu() {
  menuSwitch.setAttribute("aria-expanded", "false");
}

window.addEventListener("hashchange", () => {
  if (location.hash !== "#main") show();
});
window.addEventListener("signalbox:refused", (event) => {
  forgetToken();
  showSignIn(event.detail);
});
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
takeTokenFromAddress();
drawTools();
show();
