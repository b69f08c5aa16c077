import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ActivationRange } from '../lib/networks/activation-ranges.js'
import { toObservedOnnx } from '../lib/networks/observed-onnx-writer.js'
import type { NetworkSource } from '../lib/runtime/graph-networks.js'

/** Fine enough that the rarest values that are cut off are told from the others. */
const BINS = 8192

/** What a network was shown: square RGB images of one batch, a byte a channel. */
export interface SeenBatch {
  readonly pixels: Uint8Array
  readonly side: number
}

/** How often each value of an activation occurs, between its least and its largest. */
class Histogram {
  private readonly bins = new Float64Array(BINS)

  constructor(
    private readonly least: number,
    private readonly most: number,
  ) {}

  add(values: Float32Array): void {
    const binsPerUnit = (BINS - 1) / (this.most - this.least || 1)
    for (const value of values) this.bins[Math.round((value - this.least) * binsPerUnit)]++
  }

  /** The range that leaves at most `100 - percentile` percent of the values out on either side. */
  range(percentile: number): ActivationRange {
    const total = this.bins.reduce((sum, bin) => sum + bin, 0)
    const mayBeCut = total * (1 - percentile / 100)
    let first = 0
    for (let cut = this.bins[0]; cut <= mayBeCut && first < BINS - 1; cut += this.bins[first]) first++
    let last = BINS - 1
    for (let cut = this.bins[last]; cut <= mayBeCut && last > first; cut += this.bins[last]) last--
    const unit = (this.most - this.least) / (BINS - 1)
    return [this.least + first * unit, this.least + last * unit]
  }
}

/**
 * The ranges of a network's activations over what it was shown, in the order of its description.
 * @param percentile share of the values that is inside on either side, in percent
 */
export async function measureRanges(
  source: NetworkSource,
  seen: readonly SeenBatch[],
  percentile: number,
): Promise<ActivationRange[]> {
  const { model, activations } = toObservedOnnx(source.name, (writer) => source.describe(writer))
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const observe = async ({ pixels, side }: SeenBatch, see: (values: Float32Array, activation: number) => void) => {
    const input = new Tensor('float32', Float32Array.from(pixels), [pixels.length / (side * side * 3), side, side, 3])
    const outputs = await session.run({ [session.inputNames[0]]: input }, [...activations])
    activations.forEach((name, i) => {
      const { data } = outputs[name]
      if (data instanceof Float32Array) see(data, i)
    })
  }
  const least = activations.map(() => Number.POSITIVE_INFINITY)
  const most = activations.map(() => Number.NEGATIVE_INFINITY)
  for (const batch of seen) {
    await observe(batch, (values, i) => {
      for (const value of values) {
        if (value < least[i]) least[i] = value
        if (value > most[i]) most[i] = value
      }
    })
  }
  const histograms = activations.map((_, i) => new Histogram(least[i], most[i]))
  for (const batch of seen) await observe(batch, (values, i) => histograms[i].add(values))
  await session.release()
  return histograms.map((histogram) => histogram.range(percentile))
}
