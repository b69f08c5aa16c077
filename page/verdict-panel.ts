import type { Comparison } from '../schemas/compare.js'
import { adviceFor } from './advice.js'
import type { Outcome } from './comparison-request.js'
import { find, icon, make } from './dom.js'
import { rate } from './words.js'

/** The answer in large words: a live region, so that it is read out when it comes. */
export class VerdictPanel {
  readonly #panel = find(HTMLElement, '#verdict')

  showBusy(): void {
    this.#show('busy', 'Comparing …')
  }

  clear(): void {
    this.#panel.className = ''
    this.#panel.replaceChildren()
  }

  show(outcome: Outcome): void {
    if (outcome.kind === 'answer') {
      const { identical } = outcome.comparison
      this.#show(
        identical ? 'same' : 'different',
        identical ? 'The same person' : 'Not the same person',
        meaning(outcome.comparison),
      )
    } else if (outcome.kind === 'problem') {
      const { title, detail, code } = outcome.problem
      const wait = outcome.retryAfter ? `The service says when: in ${outcome.retryAfter} s.` : ''
      this.#show('problem', title, detail === title ? '' : detail, `${adviceFor(code)} ${wait}`.trim())
    } else {
      const advice = 'Is it still running, and is the network there? Try again; nothing was lost.'
      this.#show('problem', 'The service did not answer', `The browser says: ${outcome.reason}`, advice)
    }
    this.#panel.scrollIntoView({ block: 'nearest' })
  }

  #show(kind: 'same' | 'different' | 'problem' | 'busy', words: string, ...sentences: string[]): void {
    const texts = sentences.filter((text) => text !== '').map((text) => make('p', '', text))
    this.#panel.className = kind
    this.#panel.replaceChildren(icon(kind), make('div', '', make('h2', '', words), ...texts))
  }
}

function meaning({ identical, false_match_rate }: Comparison): string {
  const often = false_match_rate <= LEAST_RATE ? `at most ${rate(LEAST_RATE)} pairs` : `${rate(false_match_rate)} pairs`
  return identical
    ? `The faces are close: two different people come this close in ${often}.`
    : `The faces are too far apart: two different people come this close in ${often}.`
}

/** The smallest rate that was measured; below it none is claimed. */
const LEAST_RATE = 1e-5
