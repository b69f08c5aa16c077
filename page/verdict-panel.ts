import type { Calibration } from '../lib/verdict.js'
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

  /** @param calibration of the service; it may not have arrived */
  show(outcome: Outcome, calibration?: Calibration): void {
    if (outcome.kind === 'answer') {
      const { identical } = outcome.comparison
      this.#show(
        identical ? 'same' : 'different',
        identical ? 'The same person' : 'Not the same person',
        meaning(outcome.comparison, calibration),
        outcome.comparison.same_photo ? SAME_PHOTO : '',
      )
    } else if (outcome.kind === 'problem') {
      const { title, detail, code, field } = outcome.problem
      // What is about one of the photos stands beside that photo.
      const more = detail === title || field !== undefined ? '' : detail
      const wait = outcome.retryAfter ? `The service says when: in ${outcome.retryAfter} s.` : ''
      this.#show('problem', title, more, `${adviceFor(code)} ${wait}`.trim())
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

function meaning({ identical, reason, false_match_rate }: Comparison, calibration?: Calibration): string {
  // Below the smallest rate that was measured none is claimed.
  const measured = calibration?.points.at(-1)?.false_match_rate ?? 0
  const most = false_match_rate <= measured ? 'at most ' : ''
  const pairs = `${most}${rate(false_match_rate)} pairs`
  const often = `two different people come this close in ${pairs}.`
  if (identical) return `The faces are close: ${often}`
  return reason === 'same_photo'
    ? `The faces are close, but one photo is a copy of the other.`
    : `The faces are too far apart: ${often}`
}

/** What a copy means for whoever decides by the answer. */
const SAME_PHOTO = 'One photo is a copy of the other: that shows who is on it, not that somebody took a new one.'
