// Makes elements: h("a", { class: "brand", href: "#/" }, "Signalbox").

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element. Properties that begin with "on" listen; false, null and undefined are left out. */
export function h(tag, properties = {}, ...children) {
  return filled(document.createElement(tag), properties, children);
}

/** An SVG element. */
export function s(tag, properties = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), properties, children);
}

/** Exchange what is in an element. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
  return element;
}

/**
 * Exchange it, and leave people where they are: the keyboard's focus goes back to the element with the same `data-key` or
 * address, or to the page's heading where that one is gone; what was unfolded stays so by its `data-key`.
 */
export function refill(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  const keyed = focused && same(focused);
  const unfolded = [...element.querySelectorAll("details[data-key][open]")].map(same);
  fill(element, ...children);
  for (const one of unfolded) element.querySelector(one)?.setAttribute("open", "");
  if (focused && !focused.isConnected) ((keyed && element.querySelector(keyed)) ?? document.querySelector("main h1"))?.focus({ preventScroll: true });
}

function same(element) {
  if (element.dataset.key) return `[data-key="${CSS.escape(element.dataset.key)}"]`;
  const address = element.getAttribute("href");
  return address ? `[href="${CSS.escape(address)}"]` : null;
}

/**
 * A listener, also of a form's submit, that does nothing while it is still at work. `button`, else what was pressed, is
 * shown as busy and not disabled: a disabled one would lose the keyboard's focus.
 */
export function onceAtATime(act, button = null) {
  return async (event) => {
    event?.preventDefault();
    const pressed = button ?? event.currentTarget;
    if (pressed.hasAttribute("aria-disabled")) return;
    pressed.setAttribute("aria-disabled", "true");
    try {
      await act(event);
    } finally {
      pressed.removeAttribute("aria-disabled");
    }
  };
}

function filled(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else if (name === "style") element.style.cssText = value; // the page's policy refuses style attributes
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...present(children));
  return element;
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}
