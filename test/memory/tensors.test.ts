import t from 'tap'
import { createFaceEngine } from '../../lib/create-face-engine.js'
import type { RuntimeName } from '../../lib/runtime/face-networks.js'
import { writePortraits } from '../portraits.js'
import { loadOrSkip } from '../tfjs-node.js'

t.setTimeout(600_000)

/** How many comparisons each runtime that holds tensors makes; face-api's layers, the reference, are ten times slower. */
const COMPARISONS: Partial<Record<RuntimeName, number>> = { tensorflow: 1000, 'face-api': 100 }

const tfjsNode = loadOrSkip()
const skip = typeof tfjsNode === 'string' && tfjsNode
const portraits = await writePortraits()
t.teardown(() => portraits.remove())

for (const [runtime, comparisons] of Object.entries(COMPARISONS) as [RuntimeName, number][]) {
  t.test(`no tensor outlives a request: ${comparisons} comparisons on ${runtime}`, { skip }, async (t) => {
    if (typeof tfjsNode === 'string') return
    const count = () => tfjsNode.tf.memory().numTensors
    const before = count()
    const engine = await createFaceEngine({ runtime })
    const pair = (i: number) => engine.compare(portraits.path(i % 6), portraits.path((i + 1) % 6))
    // All there is to be kept, such as the anchors of each detector size, is there after everybody has been seen once.
    for (let i = 0; i < 6; i++) await pair(i)
    const kept = count()
    for (let i = 0; i < comparisons; i++) await pair(i)
    t.equal(count(), kept, 'as many tensors as before')
    await t.rejects(engine.compare(portraits.path(0), '/nowhere.jpg'))
    t.equal(count(), kept, 'also after a comparison that failed')
    await engine.close()
    t.equal(count(), before, 'none is left when the engine is closed')
  })
}
