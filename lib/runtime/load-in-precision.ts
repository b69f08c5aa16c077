import { readActivationRanges } from '../networks/activation-ranges.js'
import type { FaceNetworks, RuntimeName } from './face-networks.js'
import { loadGraphNetworks } from './graph-networks.js'
import { type Compile, choosePrecision, type PrecisionChoice } from './precision.js'

/**
 * The networks as compiled graphs of a backend, in 8 bits where that is chosen and there are ranges for the network.
 * @param backend which one, and its library and version in words
 * @throws Error when int8 is asked for where it gives wrong sums, or a weight file or the ranges are not right
 */
export async function loadInPrecision(
  { runtime, library }: { readonly runtime: RuntimeName; readonly library: string },
  wanted: PrecisionChoice,
  compile: Compile,
): Promise<FaceNetworks> {
  const { precision, description } = await choosePrecision(wanted, compile)
  const known = precision === 'int8' ? (await readActivationRanges()).networks : undefined
  return loadGraphNetworks({ runtime, precision, description: `${library}, ${description}` }, (source) =>
    compile(source, known?.[source.name]?.ranges),
  )
}
