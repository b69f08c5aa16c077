import type { Calibration } from '../lib/verdict.js'
import type { Comparison, PhotoReport } from '../schemas/compare.js'
import { make } from './dom.js'
import { scaleOf, thresholdInWords } from './scale.js'
import type { Timing } from './timings.js'
import { milliseconds, percent } from './words.js'

/** Why a face counts, in words that follow “is”. */
const CHOSEN: Readonly<Record<PhotoReport['chosen'], string>> = {
  only: 'the only one',
  largest: 'the largest',
  central: 'nearer to the middle',
  sharpest: 'much sharper',
  best_pair: 'most like the other photo’s',
}

/** What stands behind a verdict: the scale, what was found in each photo, and how long it took. */
export function evidenceOf(
  comparison: Comparison,
  timings: readonly Timing[],
  calibration?: Calibration,
): HTMLElement[] {
  const scale = make('section', 'panel', make('h3', '', 'How close'), scaleOf(comparison, calibration))
  if (calibration) scale.append(make('p', 'small', thresholdInWords(comparison, calibration)))
  const found = make('section', 'panel', make('h3', '', 'What was found'), factsTable(comparison))
  const took = make('section', 'panel', make('h3', '', 'How long it took'), timingList(timings))
  return [scale, make('div', 'side-by-side', found, took)]
}

function factsTable({ reference_image, live_image, similarity, engine }: Comparison): HTMLElement {
  const row = (name: string, fact: (photo: PhotoReport) => string) => {
    const head = make('th', '', name)
    head.scope = 'row'
    return make('tr', '', head, make('td', '', fact(reference_image)), make('td', '', fact(live_image)))
  }
  const heads = ['Photo', 'Reference', 'Live'].map((name) => {
    const head = make('th', '', name)
    head.scope = 'col'
    return head
  })
  const table = make(
    'table',
    '',
    make('thead', '', make('tr', '', ...heads)),
    make(
      'tbody',
      '',
      row('Size', ({ width, height }) => `${width} × ${height}`),
      row('Faces', ({ faces }) => String(faces)),
      row('The one that counts is', ({ chosen }) => CHOSEN[chosen]),
      row('Surely a face', ({ face }) => percent(face.score)),
      row('Quality of the face', ({ face }) => percent(face.quality)),
    ),
  )
  return make('div', '', table, make('p', 'small', `Similarity ${similarity}, runtime ${engine}`))
}

function timingList(timings: readonly Timing[]): HTMLElement {
  const longest = Math.max(...timings.map((timing) => timing.milliseconds))
  const rows = timings.map((timing) => {
    const bar = make('span', 'bar')
    bar.style.setProperty('--share', `${(100 * timing.milliseconds) / longest}%`)
    return make('li', '', make('span', '', timing.name), make('b', '', milliseconds(timing.milliseconds)), bar)
  })
  return make('ul', 'timings', ...rows)
}
