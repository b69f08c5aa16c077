/** For the Dockerfile: removes from ./node_modules what a service on this platform never opens, and says how much. */
import path from 'node:path'
import { pruneModules } from './prune.js'

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`
const { removed, kept } = await pruneModules(path.resolve('node_modules'), process.platform, process.arch)
console.log(`removed ${megabytes(removed)}, kept ${megabytes(kept)}`)
