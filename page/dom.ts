type Content = Node | string

/** @throws Error when the page has no such element: the page and its scripts are not of the same version */
export function find<T extends Element>(kind: new () => T, selector: string, within: ParentNode = document): T {
  const found = within.querySelector(selector)
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`)
  return found
}

/** A new element with a class and contents. Texts stay texts, whatever they hold. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = '',
  ...contents: Content[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.append(...contents)
  return element
}

/** A new SVG element with attributes. */
export function makeSvg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>> = {},
  ...contents: Content[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...contents)
  return element
}

/** One of the pictures that stand at the top of the page. It says nothing that the words beside it do not. */
export function icon(name: 'same' | 'different' | 'problem' | 'busy'): SVGElement {
  return makeSvg('svg', { class: `icon ${name}`, 'aria-hidden': 'true' }, makeSvg('use', { href: `#icon-${name}` }))
}

/** Shows the text, or hides the element where there is none. */
export function showText(element: HTMLElement, text: string | undefined): void {
  element.textContent = text ?? ''
  element.hidden = text === undefined
}
