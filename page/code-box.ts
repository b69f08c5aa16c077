import { make } from './dom.js'

/** How long the button says that it has copied. */
const SAID_MS = 2000

/** A text in a programming language that can be copied, folded away under its title. */
export function codeBox(title: string, code: string): HTMLElement {
  const pre = make('pre', '', make('code', '', code))
  // So that it can be scrolled without a mouse.
  pre.tabIndex = 0
  pre.setAttribute('role', 'region')
  pre.setAttribute('aria-label', title)
  const details = make('details', 'panel', make('summary', '', title), make('div', 'code', pre))
  // Without HTTPS there is no clipboard; the text can be selected as any other.
  if (window.isSecureContext) details.lastElementChild?.append(copyButton(code))
  return details
}

function copyButton(code: string): HTMLElement {
  const button = make('button', 'copy', 'Copy')
  button.type = 'button'
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code)
      button.textContent = 'Copied'
    } catch {
      button.textContent = 'Not allowed'
    }
    setTimeout(() => {
      button.textContent = 'Copy'
    }, SAID_MS)
  })
  return button
}
