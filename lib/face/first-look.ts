import type { Faces } from '../../schemas/compare.js'
import type { FaceNetworks } from '../runtime/face-networks.js'
import type { Stopwatch } from '../stopwatch.js'
import { findFaces } from './find-faces.js'
import { locateAll, type PhotoLook, type PreviewedPhoto, withFaces } from './photo-look.js'
import { confirmPortrait, findPortraits } from './portrait.js'
import { plainView } from './view.js'

/** What is seen in photos as they are: of portraits the one face, of all others what the detector finds. */
export async function lookAtPhotos(
  networks: FaceNetworks,
  photos: readonly PreviewedPhoto[],
  faces: Faces,
  watch: Stopwatch,
): Promise<PhotoLook[]> {
  const portraits = faces === 'largest' ? await lookAtPortraits(networks, photos, watch) : []
  const others = photos.filter((_, i) => portraits[i] === undefined)
  const found = await findFaces(
    networks,
    others.map(({ preview }) => plainView(preview)),
    faces !== 'largest',
  )
  watch.lap('detect')
  const seen = others.map((photo, i) => withFaces(photo, found[i]))
  const looks = await locateAll(networks, seen, faces, watch)
  return photos.map((photo, i) => portraits[i] ?? looks[others.indexOf(photo)])
}

/** Portraits, where the landmarks say that they are; undefined where they do not. */
async function lookAtPortraits(
  networks: FaceNetworks,
  photos: readonly PreviewedPhoto[],
  watch: Stopwatch,
): Promise<(PhotoLook | undefined)[]> {
  const found = await findPortraits(
    networks,
    photos.map(({ preview }) => preview),
  )
  watch.lap('detect')
  const likely = photos.flatMap((photo, i) => {
    const face = found[i]
    return face ? [{ photo, seen: withFaces(photo, [face]) }] : []
  })
  const looks = await locateAll(
    networks,
    likely.map(({ seen }) => seen),
    'largest',
    watch,
  )
  return photos.map((photo) => {
    const look = looks[likely.findIndex((one) => one.photo === photo)]
    if (look === undefined) return undefined
    const [located] = look.located
    const confirmed = confirmPortrait(located, photo.photo)
    if (confirmed === undefined) return undefined
    const face = { ...located, ...confirmed }
    return { seen: { ...look.seen, faces: [face] }, located: [face] }
  })
}
