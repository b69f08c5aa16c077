import type { Comparison, LiveResult, SamePhotoPolicy } from '../schemas/compare.js'
import { FaceError, type PhotoField } from './errors.js'
import { bestPair, type ComparableFace } from './face/best-pair.js'
import { adviceFor } from './face/quality.js'
import { isSamePhoto, type PrintedPhoto } from './face/same-photo.js'
import { type Candidate, candidatesOf, type Description, type PhotoDescription } from './face-describer.js'
import { unpackDescriptor } from './packed-descriptor.js'
import { round } from './photo-report.js'
import { Problem } from './problem.js'
import { type Calibration, falseMatchRateAt, similarityAt } from './verdict.js'

/** What descriptions are judged by. */
export interface Standard {
  readonly calibration: Calibration
  /** The descriptor network. */
  readonly model: string
  /** Largest distance that counts as the same person, unless a comparison has its own. */
  readonly threshold: number
  readonly samePhoto: SamePhotoPolicy
  /** Least quality a face must have to be compared. */
  readonly minQuality: number
}

interface ComparableCandidate extends ComparableFace {
  readonly candidate: Candidate
}

/** A live photo beside the reference photo. */
interface Match {
  readonly reference: Candidate
  readonly live: Candidate
  readonly distance: number
  /** How many times it was made longer, for flaws that both faces have. */
  readonly stretch: number
  readonly samePhoto: boolean
  /** Pairs of faces of which this is the best. */
  readonly pairs: number
}

/**
 * What the descriptions of a reference photo and one or more live ones come to. One live photo that cannot be used is an
 * error; of several it is one of the results.
 * @param standard its threshold is the one that each live photo is held to
 * @throws FaceError when the reference photo, or every live one, cannot be used
 */
export function judge({ engine, photos: [reference, ...lives] }: Description, standard: Standard): Comparison {
  const references = facesOf(reference, standard.minQuality, 'reference_image')
  const tries = lives.map((live) => attempt(() => match(references, facesOf(live, standard.minQuality, 'live_image'))))
  const matches = tries.flatMap((result) => (result instanceof FaceError ? [] : [result]))
  if (matches.length === 0) throw noneUsable(tries.flatMap((result) => (result instanceof FaceError ? [result] : [])))

  const best = matches.reduce((nearest, next) => (next.distance < nearest.distance ? next : nearest))
  const pairs = matches.reduce((sum, next) => sum + next.pairs, 0)
  const { live_image, similarity, false_match_rate, same_photo, ...verdict } = judgeMatch(best, pairs, standard)
  return {
    ...verdict,
    threshold: standard.threshold,
    similarity,
    false_match_rate,
    same_photo,
    engine,
    model: standard.model,
    reference_image: best.reference.report,
    live_image,
    ...(lives.length === 1
      ? {}
      : {
          best: tries.indexOf(best),
          results: tries.map((result): LiveResult => {
            if (!(result instanceof FaceError)) return judgeMatch(result, result.pairs, standard)
            return { problem: new Problem(result.code, result.message, result).toJSON() }
          }),
        }),
  }
}

function match(references: readonly Candidate[], lives: readonly Candidate[]): Match {
  const { pair, distance, stretch } = bestPair(references.map(comparable), lives.map(comparable))
  const [reference, live] = pair
  return {
    reference: reference.candidate,
    live: live.candidate,
    distance: round(distance, 6),
    stretch: round(stretch, 3),
    samePhoto: isSamePhoto(printed(reference), printed(live)),
    pairs: references.length * lives.length,
  }
}

/** What the face of a report is compared by. */
export function comparable(candidate: Candidate): ComparableCandidate {
  return { candidate, descriptor: unpackDescriptor(candidate.descriptor), measures: candidate.report.face.measures }
}

/** @param pairs how many pairs of faces were tried: each is a chance to be like each other (union bound) */
function judgeMatch({ live, distance, stretch, samePhoto }: Match, pairs: number, standard: Standard) {
  const { calibration, threshold } = standard
  const refused = samePhoto && standard.samePhoto === 'refuse' && distance <= threshold
  return {
    identical: distance <= threshold && !refused,
    ...(refused ? { reason: 'same_photo' as const } : {}),
    distance,
    ...(stretch > 1 ? { stretch } : {}),
    similarity: round(similarityAt(distance, threshold), 4),
    false_match_rate: Math.min(1, Number((pairs * falseMatchRateAt(calibration, distance)).toPrecision(2))),
    same_photo: samePhoto,
    live_image: live.report,
  }
}

/** The faces that may be compared. @throws FaceError where none may: what was said of the photo, or `low_quality` */
function facesOf(photo: PhotoDescription, least: number, field: PhotoField): readonly Candidate[] {
  const faces = candidatesOf(photo, field)
  const good = faces.filter(({ report }) => report.face.quality >= least)
  if (good.length > 0) return good
  const { quality, flaws } = faces[0].report.face
  const message = `The quality of the face is ${quality}; at least ${least} is needed. ${adviceFor(flaws)}`
  throw new FaceError('low_quality', message, field)
}

function attempt<T>(act: () => T): T | FaceError {
  try {
    return act()
  } catch (error) {
    if (error instanceof FaceError) return error
    throw error
  }
}

function noneUsable([first, ...others]: readonly FaceError[]): FaceError {
  if (others.length === 0) return first
  const message = `None of the ${others.length + 1} live images can be used. The first: ${first.message}`
  return new FaceError(first.code, message, first.field)
}

function printed({ candidate, descriptor }: ComparableCandidate): PrintedPhoto {
  return { print: Buffer.from(candidate.print, 'base64'), descriptor }
}
