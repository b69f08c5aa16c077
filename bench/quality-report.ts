import { layColumns } from '../cli/columns.js'
import type { Flaw } from '../lib/face/quality.js'
import { areaUnderCurve } from './error-rates.js'
import { fitLogistic, predict } from './logistic-regression.js'
import { lineChart } from './plot/line-chart.js'
import type { SuiteResult } from './suites/suite.js'

/** A face that was compared with a good photo of the same person. */
export interface JudgedFace {
  readonly kind: string
  readonly person: string
  readonly predictors: readonly number[]
  readonly quality: number
  readonly flaws: readonly Flaw[]
  /** Whether the person was not recognised. */
  readonly rejected: boolean
}

interface Kind {
  readonly kind: string
  readonly faces: readonly JudgedFace[]
  /** Photos in which no face was found. */
  readonly unseen: number
}

/** Parts of the people, each of which is predicted from the others. */
const PARTS = 5
const TENTHS = 10
/** Qualities asked for, of which the table tells what they would refuse. */
const LEAST_QUALITIES = [0.3, 0.5, 0.7, 0.8, 0.9]
/** Points of a curve. */
const CURVE_POINTS = 50

/** Tables and plots of how well quality predicts rejection, and what the weights would be if they were fitted now. */
export function reportQuality(
  faces: readonly JudgedFace[],
  kinds: readonly Kind[],
  flaws: readonly Flaw[],
): SuiteResult {
  const refitted = crossFitted(faces)
  const model = fitLogistic(
    faces.map((face) => face.predictors),
    faces.map(({ rejected }) => rejected),
  )
  const byKind = [{ kind: 'all', faces, unseen: 0 }, ...kinds].map(({ kind, faces: some, unseen }) => ({
    kind,
    faces: some.length,
    photos_without_face: unseen,
    rejected: shareRejected(some),
    area_under_curve: areaOf(some, ({ quality }) => quality),
    area_under_curve_refitted: areaOf(some, (face) => refitted.get(face)!),
  }))
  const sorted = faces.toSorted((p, q) => p.quality - q.quality)
  const tenths = Array.from({ length: TENTHS }, (_, i) => {
    const part = sorted.slice(Math.round((i * sorted.length) / TENTHS), Math.round(((i + 1) * sorted.length) / TENTHS))
    const estimated = 1 - part.reduce((sum, { quality }) => sum + quality, 0) / part.length
    return { from: part[0].quality, to: part[part.length - 1].quality, estimated, rejected: shareRejected(part) }
  })
  const asTheyAre = kinds[0].faces
  const least = LEAST_QUALITIES.map((quality) => {
    const refused = faces.filter((face) => face.quality < quality)
    return {
      quality,
      rejected_of_refused: shareRejected(refused),
      rejected_of_others: shareRejected(faces.filter((face) => face.quality >= quality)),
      refused_as_they_are: asTheyAre.filter((face) => face.quality < quality).length / asTheyAre.length,
    }
  })
  const byFlaw = flaws.map((flaw) => {
    const has = ({ flaws: found }: JudgedFace) => found.includes(flaw)
    const [all, undegraded] = [faces.filter(has), asTheyAre.filter(has)]
    return {
      flaw,
      faces: all.length,
      rejected: shareRejected(all),
      as_they_are: undegraded.length,
      rejected_as_they_are: shareRejected(undegraded),
    }
  })
  const text = [
    layColumns([
      ['photos', 'faces', 'no face', 'rejected', 'area under curve', 'fitted anew'],
      ...byKind.map((row) => [
        row.kind,
        String(row.faces),
        String(row.photos_without_face),
        percent(row.rejected),
        row.area_under_curve.toFixed(3),
        row.area_under_curve_refitted.toFixed(3),
      ]),
    ]),
    layColumns([
      ['quality', 'estimated rejected', 'rejected'],
      ...tenths.map(({ from, to, estimated, rejected }) => [
        `${from.toFixed(2)} - ${to.toFixed(2)}`,
        percent(estimated),
        percent(rejected),
      ]),
    ]),
    layColumns([
      ['least quality', 'rejected of those refused', 'of the others', 'refused of photos as they are'],
      ...least.map((row) => [
        String(row.quality),
        percent(row.rejected_of_refused),
        percent(row.rejected_of_others),
        percent(row.refused_as_they_are),
      ]),
    ]),
    layColumns([
      ['flaw', 'faces', 'rejected', 'as they are', 'rejected'],
      ...byFlaw.map((row) => [
        row.flaw,
        String(row.faces),
        percent(row.rejected),
        String(row.as_they_are),
        percent(row.rejected_as_they_are),
      ]),
    ]),
    `fitted anew: ${[model.intercept, ...model.weights].map((weight) => weight.toFixed(2)).join(', ')}`,
  ].join('\n\n')
  const data = { by_kind: byKind, tenths, least_quality: least, flaws: byFlaw, fitted_anew: model }
  return { text, data, plots: { estimate: estimatePlot(tenths), 'error-reject': rejectPlot(faces, asTheyAre) } }
}

/** The quality of each face by a model that was fitted without its person. */
function crossFitted(faces: readonly JudgedFace[]): Map<JudgedFace, number> {
  const people = [...new Set(faces.map(({ person }) => person))]
  const partOf = new Map(people.map((person, i) => [person, i % PARTS]))
  const fitted = new Map<JudgedFace, number>()
  for (let part = 0; part < PARTS; part++) {
    const others = faces.filter(({ person }) => partOf.get(person) !== part)
    const model = fitLogistic(
      others.map((face) => face.predictors),
      others.map(({ rejected }) => rejected),
    )
    for (const face of faces) {
      if (partOf.get(face.person) === part) fitted.set(face, 1 - predict(model, face.predictors))
    }
  }
  return fitted
}

function areaOf(faces: readonly JudgedFace[], qualityOf: (face: JudgedFace) => number): number {
  const of = (rejected: boolean) => faces.filter((face) => face.rejected === rejected).map(qualityOf)
  return areaUnderCurve(of(true), of(false))
}

function shareRejected(faces: readonly JudgedFace[]): number {
  return faces.filter(({ rejected }) => rejected).length / faces.length
}

function estimatePlot(tenths: readonly { readonly estimated: number; readonly rejected: number }[]): string {
  return lineChart({
    title: 'Rejections that quality estimates, and rejections there are',
    description: 'Tenths of the faces by their quality: the share rejected is close to the one estimated.',
    x: { label: '1 - quality, mean of a tenth of the faces', from: 0, to: 1 },
    y: { label: 'share rejected', from: 0, to: 1 },
    series: [
      { name: 'measured', points: tenths.map(({ estimated, rejected }) => [estimated, rejected] as const) },
      {
        name: 'as estimated',
        points: [
          [0, 0],
          [1, 1],
        ],
      },
    ],
  })
}

function rejectPlot(all: readonly JudgedFace[], asTheyAre: readonly JudgedFace[]): string {
  const curve = (faces: readonly JudgedFace[]) => {
    const sorted = faces.toSorted((p, q) => p.quality - q.quality)
    return Array.from({ length: CURVE_POINTS }, (_, i) => {
      const share = (0.95 * i) / (CURVE_POINTS - 1)
      return [share, shareRejected(sorted.slice(Math.floor(share * sorted.length)))] as const
    })
  }
  return lineChart({
    title: 'Wrong rejections among the faces that are left',
    description:
      'The more of the faces of lowest quality are turned away, the fewer of the others are wrongly rejected.',
    x: { label: 'share of faces turned away, lowest quality first', from: 0, to: 1 },
    y: { label: 'share rejected of the others', from: 0 },
    series: [
      { name: 'with degraded copies', points: curve(all) },
      { name: 'photos as they are', points: curve(asTheyAre) },
    ],
  })
}

function percent(share: number): string {
  return Number.isNaN(share) ? '-' : `${(100 * share).toFixed(1)} %`
}
