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

/** Exchange it, and give the keyboard's focus back to the element with the same `data-key`. */
export function refill(element, ...children) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  fill(element, ...children);
  if (key) element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
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
