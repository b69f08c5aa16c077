import { comparingEngine, readStandard, type StandardOptions } from '../../lib/comparing-engine.js'
import { FaceError } from '../../lib/errors.js'
import type { Description, FaceDescriber } from '../../lib/face-describer.js'
import { type DescriberOptions, loadDescriber } from '../../lib/load-describer.js'
import { Problem } from '../../lib/problem.js'
import type { Wishes } from './compare-options.js'
import { type Comparer, Refusal } from './comparer.js'

export type LocalOptions = DescriberOptions & StandardOptions

/** Loads the networks, to compare in this process; the reference photo is described once. */
export async function compareHere(reference: string, wishes: Wishes, options: LocalOptions): Promise<Comparer> {
  const standard = await readStandard(options)
  const engine = comparingEngine(rememberFirst(await loadDescriber(options)), standard)
  return {
    async compare(live) {
      try {
        return await engine.compare(reference, live, wishes)
      } catch (error) {
        if (!(error instanceof FaceError)) throw error
        throw new Refusal(new Problem(error.code, error.message, error).toJSON())
      }
    },
    close: () => engine.close(),
  }
}

/** A describer that is asked about pairs whose first photo is always the same, and looks at that one once. */
function rememberFirst(describer: FaceDescriber): FaceDescriber {
  let known: Description['photos'][number] | undefined
  return {
    ...describer,
    async describe([first, second], options) {
      if (known === undefined) {
        const description = await describer.describe([first, second], options)
        known = description.photos[0]
        return description
      }
      const { photos, ...rest } = await describer.describe([second], options)
      return { ...rest, photos: [known, ...photos] }
    },
  }
}
