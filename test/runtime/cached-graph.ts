import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { cachedGraphFolder } from '../../lib/runtime/graph-cache.js'

/** Stands for a compiled graph, as large as a real one, so that processes that write it meet. */
export const GRAPH = Uint8Array.from({ length: 20_000_000 }, (_, i) => i % 251)
export const KEY = 'network-0123456789abcdef-1'

// Run as a program: asks for the graph in the folder named on the command line, and says whether it got it.
const [, script, cacheFolder] = process.argv
if (script === import.meta.filename && cacheFolder !== undefined) {
  const { folder } = await cachedGraphFolder(KEY, () => GRAPH, cacheFolder)
  const content = await readFile(path.join(folder, 'saved_model.pb'))
  console.log(content.equals(GRAPH) ? 'right' : 'wrong')
}
