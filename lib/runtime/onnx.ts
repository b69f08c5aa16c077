import { installedVersion } from '../installed-version.js'
import type { FaceNetworks } from './face-networks.js'
import { loadOnnxGraphs } from './onnx-networks.js'
import type { PrecisionChoice } from './precision.js'

/**
 * From release 1.29 on ONNX Runtime reports to its maker over the network which models it runs and for how long, and keeps
 * a number for this machine in the user's cache folder, unless this is set before its library is loaded. Who sends faces
 * to a service of their own wants neither.
 */
const NO_TELEMETRY = { ORT_DISABLE_TELEMETRY: '1' }

/**
 * The networks on onnxruntime-node (native CPU code).
 * @throws Error when onnxruntime-node is not installed, its native library does not load, or a weight file is not right;
 *   when int8 is asked for on a machine where it gives wrong sums
 */
export async function loadOnnxNetworks(threads = 1, precision: PrecisionChoice = 'auto'): Promise<FaceNetworks> {
  Object.assign(process.env, NO_TELEMETRY)
  const ort = await import('onnxruntime-node')
  const library = `onnxruntime-node ${installedVersion('onnxruntime-node')}`
  return loadOnnxGraphs({ runtime: 'onnx', library, ort, executionProviders: ['cpu'], threads }, precision)
}
