import type { Faces } from '../../schemas/compare.js'
import { aboutPhoto, FaceError, type PhotoField } from '../errors.js'
import type { Photo } from '../image/photo.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import { describeFaces } from './descriptors.js'
import { cutFacePatch } from './face-patch.js'
import { findFaces, mainFace } from './find-faces.js'
import type { Box, Point } from './geometry.js'
import { locateLandmarks } from './landmarks.js'

/**
 * Longer side, in pixels, that a photo is decoded to: enough for the detector's largest size and for the chip of any
 * face wider than an eighth of the photo; smaller faces are read again at full resolution.
 */
const PREVIEW_SIDE = 1024

/** A photo and the face in it that counts. All positions are in pixels of the upright photo. */
export interface PhotoAnalysis {
  readonly width: number
  readonly height: number
  /** How many faces the photo shows. */
  readonly faces: number
  readonly box: Box
  /** Of the detector, 0 to 1. */
  readonly score: number
  /** The 68 landmarks. */
  readonly points: readonly Point[]
  /** How far the landmarks disagree with themselves, in eye distances. */
  readonly shift: number
  /** 128 numbers, length 1. */
  readonly descriptor: Float32Array
}

export interface PhotoToAnalyse {
  readonly photo: Photo
  /** What an error about this photo names. */
  readonly field?: PhotoField
}

/**
 * Finds, aligns and describes the main face of each photo; every network runs once for all photos together.
 * @throws FaceError `no_face`, or `several_faces` where `faces` is `single`; `damaged_image` when a photo breaks off
 */
export async function analysePhotos(
  networks: FaceNetworks,
  photos: readonly PhotoToAnalyse[],
  faces: Faces,
): Promise<PhotoAnalysis[]> {
  const previews = await Promise.all(photos.map(({ photo, field }) => aboutPhoto(field, photo.preview(PREVIEW_SIDE))))
  const single = faces === 'single'
  const images = previews.map(({ image }) => image)
  const found = await findFaces(networks, images, single)
  const located = await Promise.all(
    photos.map(async ({ photo, field }, i) => {
      if (found[i].length === 0) {
        throw new FaceError(
          'no_face',
          'No face was found in this image: come closer, face the camera, use more light.',
          field,
        )
      }
      if (single && found[i].length > 1) {
        throw new FaceError(
          'several_faces',
          `${found[i].length} faces were found in this image; exactly one is accepted.`,
          field,
        )
      }
      const { image, scale } = previews[i]
      const { box: seen, score } = mainFace(found[i], image)
      const box = { x: seen.x / scale, y: seen.y / scale, width: seen.width / scale, height: seen.height / scale }
      return { box, score, patch: await aboutPhoto(field, cutFacePatch(photo, image, scale, box)) }
    }),
  )
  const landmarks = await locateLandmarks(networks, located)
  const descriptors = await describeFaces(
    networks,
    located.map(({ patch }, i) => ({ patch, points: landmarks[i].points })),
  )
  return located.map(({ box, score }, i) => ({
    width: photos[i].photo.width,
    height: photos[i].photo.height,
    faces: found[i].length,
    box,
    score,
    points: landmarks[i].points,
    shift: landmarks[i].shift,
    descriptor: descriptors[i],
  }))
}
