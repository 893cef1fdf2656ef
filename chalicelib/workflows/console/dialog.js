// Dialogs, and what is said to who cannot see the page change.

import { h } from "./elements.js";

/** Open a dialog; when it closes it is gone, and the keyboard is back where it was. */
export function openDialog(title, ...content) {
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, h("h2", { id: "dialog-title" }, title), content);
  const before = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (document.querySelector("dialog[open]")) return; // it has the keyboard
    // A button that was drawn anew meanwhile is known by its key.
    const again = before?.isConnected ? before : document.querySelector(`[data-key="${CSS.escape(before?.dataset?.key ?? "")}"]`);
    if (again) again.focus();
    else if (document.activeElement === document.body) document.getElementById("main").focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Close what is open: the page it belongs to is left. */
export function closeDialogs() {
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
}

/** Say it to who cannot see the page change. */
export function announce(words) {
  document.getElementById("announcements").textContent = words;
}

/** What a server says, as a sentence: "no such run" -> "No such run." */
export function sentence(text) {
  return text ? `${text[0].toUpperCase()}${text.slice(1).replace(/\.$/, "")}.` : "";
}
