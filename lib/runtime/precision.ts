import type { ActivationRange } from '../networks/activation-ranges.js'
import type { Kernel } from '../networks/graph-writer.js'
import { PRECISIONS, type Precision } from './face-networks.js'
import type { CompiledGraph, GraphSource } from './graph-networks.js'

/** Which precision to use: one of them, or int8 where it is right and faster. */
export const PRECISION_CHOICES = ['auto', ...PRECISIONS] as const
export type PrecisionChoice = (typeof PRECISION_CHOICES)[number]

export interface ChosenPrecision {
  readonly precision: Precision
  /** In words, for descriptions, and without what was measured: all processes of a service say the same. */
  readonly description: string
}

/** Compiles a graph; with ranges in 8 bits. */
export type Compile = (source: GraphSource, ranges?: readonly ActivationRange[]) => Promise<CompiledGraph>

/** Below this it is not worth it: int8 rounds, if only a little. */
const LEAST_GAIN = 1.2
/** Side and channels of the probe's convolutions: as in the middle of the descriptor network. */
const SIDE = 24
const CHANNELS = 64
/** Runs of each kind; the fastest counts, as whatever else the machine does only ever slows one down. */
const RUNS = 8
/** The sums of the probe are so large that 16 bits do not hold them, and so simple that int8 gives them almost exactly. */
const TOLERANCE = 0.02

/**
 * Chooses between int8 and fp32 by running two convolutions both ways, which takes some hundredths of a second. It shows
 * what the names of CPUs and their flags would only hint at: whether integers are faster here, and whether their sums are
 * right. On x86-64 CPUs without VNNI they are not: there the sum of two products is cut to 16 bits (vpmaddubsw).
 * @throws Error when int8 is asked for on a machine where it gives wrong sums, or of a backend that has none here
 */
export async function choosePrecision(wanted: PrecisionChoice, compile: Compile): Promise<ChosenPrecision> {
  if (wanted === 'fp32') return { precision: 'fp32', description: 'fp32, as set' }
  const { gain, exact, failure } = await probe(compile)
  if (failure !== undefined) {
    if (wanted === 'int8') throw new Error(`int8 is set, but there is none here: ${failure}`)
    return { precision: 'fp32', description: 'fp32 (there is no int8 here)' }
  }
  if (wanted === 'int8') {
    if (!exact) throw new Error('int8 is set, but gives wrong sums on this CPU, which has no VNNI: set auto or fp32')
    return { precision: 'int8', description: 'int8, as set' }
  }
  if (!exact) return { precision: 'fp32', description: 'fp32 (int8 gives wrong sums on this CPU)' }
  if (gain < LEAST_GAIN) return { precision: 'fp32', description: 'fp32 (int8 is not faster here)' }
  return { precision: 'int8', description: 'int8 (faster here than fp32)' }
}

interface Probed {
  /** How many times as fast as fp32 int8 is. */
  readonly gain: number
  /** Whether its sums are right. */
  readonly exact: boolean
  /** Why it does not run at all. */
  readonly failure?: string
}

async function probe(compile: Compile): Promise<Probed> {
  const graphs = [await compile(PROBE)]
  try {
    graphs.push(await compile(PROBE, PROBE_RANGES))
    return await race(graphs)
  } catch (error) {
    const failure = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return { gain: 0, exact: false, failure }
  } finally {
    await Promise.all(graphs.map((graph) => graph.close()))
  }
}

async function race(graphs: readonly CompiledGraph[]): Promise<Probed> {
  const input = new Float32Array(SIDE * SIDE * 3).fill(255)
  const fastest = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const outputs: Float32Array[] = []
  for (let run = 0; run < RUNS; run++) {
    for (const [i, graph] of graphs.entries()) {
      const begun = performance.now()
      outputs[i] = await graph.run(input, SIDE, 1)
      fastest[i] = Math.min(fastest[i], performance.now() - begun)
    }
  }
  const [floats, integers] = outputs
  const exact = floats.every((value, i) => Math.abs(integers[i] - value) <= TOLERANCE * Math.abs(value))
  return { gain: fastest[0] / fastest[1], exact }
}

/** White pixels and equal weights: every product is as large as it can be. */
const PROBE: GraphSource = {
  name: 'probe',
  describe(writer) {
    let x = writer.scaleAndShift(writer.input('input', SIDE, 3), 1 / 255, [0, 0, 0])
    for (const inputs of [3, CHANNELS, CHANNELS]) {
      x = writer.convolution(x, { kernel: meanKernel(inputs), stride: 1, padding: 'same', activation: 'relu' })
    }
    writer.output('output', writer.globalAverage(x))
  },
}
const PROBE_RANGES: ActivationRange[] = [0, 1, 2].map(() => [0, 1])

/** Each output is the mean over the window and the inputs. */
function meanKernel(inputs: number): Kernel {
  const shape = [3, 3, inputs, CHANNELS]
  return { shape, data: new Float32Array(9 * inputs * CHANNELS).fill(1 / (9 * inputs)) }
}
