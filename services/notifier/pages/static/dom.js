// Elements without markup in strings: what users wrote can only become text.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function facts(pairs) {
  const told = pairs.filter(([, value]) => value);
  return told.length ? h("dl", {}, told.flatMap(([label, value]) => [h("dt", {}, label), h("dd", {}, value)])) : null;
}

export function card(...children) {
  return h("section", { class: "card" }, ...children);
}
