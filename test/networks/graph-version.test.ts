import { createHash } from 'node:crypto'
import t from 'tap'
import type { ActivationRange } from '../../lib/networks/activation-ranges.js'
import { writeDescriptor } from '../../lib/networks/descriptor.js'
import { writeDetector } from '../../lib/networks/detector.js'
import type { GraphWriter } from '../../lib/networks/graph-writer.js'
import { writeLandmarks } from '../../lib/networks/landmarks.js'
import { toQuantisedSavedModel } from '../../lib/networks/quantised-tensorflow-writer.js'
import { toSavedModel } from '../../lib/networks/tensorflow-writer.js'
import { GRAPH_VERSION } from '../../lib/runtime/tensorflow.js'
import { loadNetworkWeights, type NetworkName, type NetworkWeights } from '../../lib/weights.js'

/** The graphs of the version below, by SHA-256. Kept graphs of an older version must not be used for a newer one. */
const VERSION = 3
const GRAPHS: Record<NetworkName, string> = {
  detector: 'ad866863544a51771eae7b32b9ad3cab088bbbd35329828baaa7a61cb0eadc54',
  landmarks: '724c4856bd038b588a76265f592d6a2f6ad5f44969a90f763a1b084350f6d8f8',
  descriptor: '840c65ec4fb9e73571a8844659c7418407e46c56091a155f5dfc9d859bf315d7',
}

const WRITERS: Record<NetworkName, <Node>(writer: GraphWriter<Node>, weights: NetworkWeights) => void> = {
  detector: writeDetector,
  landmarks: writeLandmarks,
  descriptor: writeDescriptor,
}
/** With the same range everywhere: the ranges are part of a kept graph's name. */
const DESCRIPTOR_IN_8_BITS = 'e501fdd534c93209217444d208e4e9725dd9ad4310fff162d549c5487e264ae0'
const DESCRIPTOR_ACTIVATIONS = 43

t.test('graphs kept by an earlier release are not used once a network or its writer has changed', async (t) => {
  t.equal(GRAPH_VERSION, VERSION)
  const isPinned = (graph: Uint8Array, digest: string, name: string) =>
    t.equal(
      createHash('sha256').update(graph).digest('hex'),
      digest,
      `the ${name} graph is that of GRAPH_VERSION ${VERSION}; if it was meant to change, raise GRAPH_VERSION in ` +
        'lib/runtime/tensorflow.ts and pin the new digest and version here',
    )
  for (const name of ['detector', 'landmarks', 'descriptor'] as const) {
    const weights = await loadNetworkWeights(name)
    isPinned(
      toSavedModel((writer) => WRITERS[name](writer, weights)),
      GRAPHS[name],
      name,
    )
  }
  const weights = await loadNetworkWeights('descriptor')
  const ranges = Array.from({ length: DESCRIPTOR_ACTIVATIONS }, (): ActivationRange => [-1, 1])
  isPinned(
    toQuantisedSavedModel(ranges, (writer) => writeDescriptor(writer, weights)),
    DESCRIPTOR_IN_8_BITS,
    '8-bit descriptor',
  )
})
