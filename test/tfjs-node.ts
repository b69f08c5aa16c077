import { type LoadedTfjsNode, loadTfjsNode } from '../lib/runtime/tfjs-node.js'

/** tfjs-node, or why it does not load here: so tests of it are left out. */
export function loadOrSkip(): LoadedTfjsNode | string {
  try {
    return loadTfjsNode()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
