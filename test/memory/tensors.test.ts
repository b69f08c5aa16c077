import t from 'tap'
import { createFaceEngine } from '../../lib/create-face-engine.js'
import type { RuntimeName } from '../../lib/runtime/face-networks.js'
import { loadTfjsNode } from '../../lib/runtime/tfjs-node.js'
import { writePortraits } from '../portraits.js'

t.setTimeout(600_000)

/** How many comparisons each runtime that holds tensors makes; face-api's layers, the reference, are ten times slower. */
const COMPARISONS: Partial<Record<RuntimeName, number>> = { tensorflow: 1000, 'face-api': 100 }

function nativeTensors(): { count: () => number } | { missing: string } {
  try {
    const { tf } = loadTfjsNode()
    return { count: () => tf.memory().numTensors }
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) }
  }
}

const tensors = nativeTensors()
const skip = 'missing' in tensors && tensors.missing
const portraits = await writePortraits()
t.teardown(() => portraits.remove())

for (const [runtime, comparisons] of Object.entries(COMPARISONS) as [RuntimeName, number][]) {
  t.test(`no tensor outlives a request: ${comparisons} comparisons on ${runtime}`, { skip }, async (t) => {
    if ('missing' in tensors) return
    const before = tensors.count()
    const engine = await createFaceEngine({ runtime })
    const pair = (i: number) => engine.compare(portraits.path(i % 6), portraits.path((i + 1) % 6))
    // All there is to be kept, such as the anchors of each detector size, is there after everybody has been seen once.
    for (let i = 0; i < 6; i++) await pair(i)
    const kept = tensors.count()
    for (let i = 0; i < comparisons; i++) await pair(i)
    t.equal(tensors.count(), kept, 'as many tensors as before')
    await t.rejects(engine.compare(portraits.path(0), '/nowhere.jpg'))
    t.equal(tensors.count(), kept, 'also after a comparison that failed')
    await engine.close()
    t.equal(tensors.count(), before, 'none is left when the engine is closed')
  })
}
