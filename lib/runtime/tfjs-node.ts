import { createRequire } from 'node:module'
import path from 'node:path'
import util from 'node:util'
import type * as TfjsNode from '@tensorflow/tfjs-node'
import type { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js'
import { PACKAGE_ROOT } from '../package-root.js'

/** The npm package, an optional dependency. */
export const TFJS_NODE = '@tensorflow/tfjs-node'

export interface LoadedTfjsNode {
  readonly tf: typeof TfjsNode
  /** What runs below it. */
  readonly backend: NodeJSKernelBackend
  /** Version of the TensorFlow library underneath. */
  readonly tensorflow: string
}

/** Whether a backend is tfjs-node's own: only that has a binding to the library. */
function isNative(backend: object): backend is NodeJSKernelBackend {
  return 'binding' in backend
}

const require = createRequire(import.meta.url)

/**
 * tfjs-node 4.22 calls two functions of `util` that Node 23 and 24 dropped and Node 22 warns about
 * (DEP0051 isNullOrUndefined, DEP0044 isArray).
 */
function defineDroppedUtilFunctions(): void {
  Object.assign(util, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  })
}

/** What sets TensorFlow up: in a clone, and in a project that has installed this package. */
const SETUP = PACKAGE_ROOT.split(path.sep).includes('node_modules')
  ? 'node node_modules/facemetric/dist/scripts/setup-tensorflow.js'
  : 'npm run setup:tensorflow'

/** Why tfjs-node did not load, in the words of someone who can mend it. */
function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const [firstLine] = message.split('\n')
  if (message.includes(`Cannot find module '${TFJS_NODE}'`)) return `is not installed (${SETUP})`
  if (message.includes('native addon module')) return `has no native binding yet (${SETUP})`
  return `does not load: ${firstLine}`
}

/** What TensorFlow and oneDNN read when their library is loaded; where the environment already says, it is left alone. */
const defaultEnvironment = (threads: number) => ({
  TF_CPP_MIN_LOG_LEVEL: '3', // no start-up lines
  TF_NUM_INTRAOP_THREADS: String(threads),
  TF_NUM_INTEROP_THREADS: '-1', // none: a run stays in the thread that asks, not handed to another and back
  OMP_NUM_THREADS: String(threads),
})

/**
 * Loads tfjs-node, quiet and on one thread unless told otherwise or the environment says otherwise.
 * It keeps one native backend a process: a second call gives the same module.
 * @throws Error saying why: not installed, installed without its native binding, or what the loader said
 */
export function loadTfjsNode(threads = 1): LoadedTfjsNode {
  Object.assign(process.env, { ...defaultEnvironment(threads), ...process.env })
  defineDroppedUtilFunctions()
  try {
    const tf: typeof TfjsNode = require(TFJS_NODE)
    const backend: object = tf.findBackend('tensorflow')
    if (!isNative(backend)) throw new Error('it has no native backend')
    return { tf, backend, tensorflow: backend.binding.TF_Version }
  } catch (error) {
    throw new Error(`${TFJS_NODE} ${explain(error)}`, { cause: error })
  }
}
