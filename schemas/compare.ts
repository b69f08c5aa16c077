import { type Static, Type } from 'typebox'
import { LARGEST_DISTANCE } from '../lib/face/largest-distance.js'
import { CHOICES, MOST_OTHERS } from '../lib/face/main-face.js'
import { FLAWS } from '../lib/face/quality.js'
import { RUNTIME_NAMES } from '../lib/runtime/face-networks.js'
import { ProblemSchema } from './problem.js'

const Pixels = (description: string) => Type.Number({ description: `${description}, in pixels of the upright photo` })

export const PointSchema = Type.Object({ x: Pixels('Horizontal position'), y: Pixels('Vertical position') })

const Box = () =>
  Type.Object({ x: Pixels('Left edge'), y: Pixels('Top edge'), width: Pixels('Width'), height: Pixels('Height') })

const Score = () => Type.Number({ minimum: 0, maximum: 1, description: 'How sure the detector is that this is a face' })

const Share = (description: string) => Type.Number({ minimum: 0, maximum: 1, description: `Share ${description}` })

export const FaceSchema = Type.Object(
  {
    box: Box(),
    score: Score(),
    points: Type.Object({
      right_eye_outer: PointSchema,
      right_eye_inner: PointSchema,
      left_eye_inner: PointSchema,
      left_eye_outer: PointSchema,
      nose_base: PointSchema,
    }),
    quality: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'In what share of comparisons with a good photo of the same person such a face is recognised',
    }),
    flaws: Type.Array(Type.Enum([...FLAWS]), { description: 'What speaks against the face' }),
    measures: Type.Object({
      eye_distance: Type.Number({ minimum: 0, description: 'Between the centres of the eyes, in pixels' }),
      sharpness: Type.Number({ minimum: 0, description: 'Low: blurred; very high: noise' }),
      overexposed: Share('of the face that is white'),
      visible: Share('of the face that lies inside the photo'),
      yaw: Type.Number({ description: 'Degrees the head is turned, to the person’s own left' }),
      pitch: Type.Number({ description: 'Degrees the head is raised' }),
      shift: Type.Number({
        minimum: 0,
        description: 'Disagreement of the points with themselves, in eye distances; 0 where they fit the face at once',
      }),
      symmetry: Type.Optional(
        Type.Number({
          minimum: -1,
          maximum: 1,
          description:
            'Likeness of the face to its mirror image; absent with the preset fastest, which does not look at that',
        }),
      ),
    }),
  },
  { description: 'The face that was compared; right and left are the person’s own' },
)

export const PhotoSchema = Type.Object({
  width: Type.Integer({ minimum: 1 }),
  height: Type.Integer({ minimum: 1 }),
  faces: Type.Integer({ minimum: 1, description: 'How many faces the photo shows' }),
  chosen: Type.Enum([...CHOICES], { description: 'Why the face that was compared is the one that counts' }),
  face: FaceSchema,
  others: Type.Array(Type.Object({ box: Box(), score: Score() }), {
    maxItems: MOST_OTHERS,
    description: 'The other faces, from the largest near the middle on',
  }),
})

/** Most live images of one request: a short burst of frames. */
export const MOST_LIVE_IMAGES = 10

const Verdict = {
  identical: Type.Boolean({
    description: 'Whether both photos show the same person: distance <= threshold, and nothing speaks against it',
  }),
  reason: Type.Optional(
    Type.Literal('same_photo', { description: 'Why not, although the distance is at most the threshold' }),
  ),
  distance: Type.Number({
    minimum: 0,
    maximum: LARGEST_DISTANCE,
    description:
      'How far the two faces are apart: the distance of their descriptors, in units of how far strangers are from such faces',
  }),
  stretch: Type.Optional(
    Type.Number({
      minimum: 1,
      description:
        'Where both faces are noisy, blurred, too bright or unclear: how many times the distance was made longer, as strangers come that much nearer to each other in such photos',
    }),
  ),
}

const Similarity = Type.Number({
  minimum: 0,
  maximum: 1,
  description: '1 for the same photo, 0.5 at the threshold, 0 at the far end',
})

const FalseMatchRate = Type.Number({
  minimum: 0,
  maximum: 1,
  description:
    'How often two different people come this close or closer, from the calibration table; times the pairs of faces that were tried',
})

const SamePhoto = Type.Boolean({
  description: 'Whether one photo is a copy of the other: encoded anew, resized, cropped, turned or mirrored',
})

/** What one of several live images came to. */
export const ResultSchema = Type.Union([
  Type.Object({
    ...Verdict,
    similarity: Similarity,
    false_match_rate: FalseMatchRate,
    same_photo: SamePhoto,
    live_image: PhotoSchema,
  }),
  Type.Object({ problem: ProblemSchema }, { description: 'Why this live image cannot be used' }),
])

export const ComparisonSchema = Type.Object({
  ...Verdict,
  threshold: Type.Number({ minimum: 0, maximum: LARGEST_DISTANCE }),
  similarity: Similarity,
  false_match_rate: FalseMatchRate,
  same_photo: SamePhoto,
  engine: Type.Enum([...RUNTIME_NAMES], { description: 'The runtime that ran the networks' }),
  model: Type.String(),
  reference_image: PhotoSchema,
  live_image: PhotoSchema,
  best: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MOST_LIVE_IMAGES - 1,
      description: 'With several live images: which one all of the above is about, by its place in results',
    }),
  ),
  results: Type.Optional(
    Type.Array(ResultSchema, {
      minItems: 2,
      maxItems: MOST_LIVE_IMAGES,
      description: 'With several live images: what each came to, in their order',
    }),
  ),
})

/**
 * A position in a photo.
 * @useDeclaredType
 */
export type Point = Static<typeof PointSchema>
/**
 * The face that was compared.
 * @useDeclaredType
 */
export type FaceReport = Static<typeof FaceSchema>
/**
 * What was seen in a photo.
 * @useDeclaredType
 */
export type PhotoReport = Static<typeof PhotoSchema>
/**
 * What one of several live photos came to.
 * @useDeclaredType
 */
export type LiveResult = Static<typeof ResultSchema>
/**
 * Whether two photos show the same person: what `POST /compare` replies with.
 * @useDeclaredType
 */
export type Comparison = Static<typeof ComparisonSchema>

/** What becomes of a live photo that is a copy of the reference photo: it is only reported, or they are not identical. */
export const SAME_PHOTO_POLICIES = ['report', 'refuse'] as const
export type SamePhotoPolicy = (typeof SAME_PHOTO_POLICIES)[number]

/** What to do with more than one face in a photo. */
export const FACES = ['largest', 'single', 'any'] as const

export const FacesSchema = Type.Enum([...FACES], { default: 'largest' })

/**
 * What to do with more than one face in a photo. `largest`: the largest face near the middle counts. `single`: a photo with
 * more than one face is refused. `any`: the two faces that are most alike count.
 * @useDeclaredType
 */
export type Faces = Static<typeof FacesSchema>

/** The two ways to write the form that `POST /compare` takes. */
export const FORM_TYPE = 'multipart/form-data'
export const JSON_TYPE = 'application/json'

const REFERENCE = 'The photo that is known to show the person: JPEG, PNG, BMP, GIF, WebP, AVIF or TIFF'
const LIVE = 'The photo that is to be checked, or a few of them'
const UP_TO_MOST = { minItems: 1, maxItems: MOST_LIVE_IMAGES }

const OPTIONS = {
  threshold: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: LARGEST_DISTANCE,
      examples: [0.3473],
      description: 'Largest distance that counts as the same person; without it the one the service was calibrated for',
    }),
  ),
  faces: Type.Optional(FacesSchema),
}

/** The form, where a field may come several times; once it has been received, a photo is the path of its file. */
export const CompareFormSchema = Type.Object({
  reference_image: Type.String({ format: 'binary', description: REFERENCE }),
  live_image: Type.Array(Type.String({ format: 'binary' }), { ...UP_TO_MOST, description: LIVE }),
  ...OPTIONS,
})
export type CompareForm = Static<typeof CompareFormSchema>

const Base64 = (description: string) =>
  Type.String({ contentEncoding: 'base64', description: `${description}; in base64, or as a data URL` })
const AnyNumber = (description: string) => {
  const photo = Base64(description)
  return Type.Union([photo, Type.Array(photo, UP_TO_MOST)])
}

/** The same form in JSON. */
export const CompareJsonSchema = Type.Object(
  {
    reference_image: Base64(REFERENCE),
    live_image: AnyNumber(LIVE),
    ...OPTIONS,
  },
  {
    examples: [
      { reference_image: '/9j/4AAQSkZJRg==', live_image: 'data:image/png;base64,iVBORw0KGgo=', faces: 'single' },
    ],
  },
)
