import { createHash, randomUUID } from 'node:crypto'
import { lstat, mkdtemp, readdir, readFile, rename, rm, rmdir, utimes, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { makeFolder } from '../make-folder.js'

const GRAPH_FILE = 'saved_model.pb'
const DIGEST_FILE = 'saved_model.sha256'
/** A release that nothing has started for so long will hardly be started again; if it is, it writes its graphs once more. */
const UNUSED_MS = 30 * 24 * 3600 * 1000

/** The user's number; a container may run as one that has no name, which os.userInfo() refuses. */
const USER = process.getuid?.() ?? -1

/** Where compiled graphs are kept unless told otherwise: one folder a user, as nobody else's files may be trusted. */
export function defaultCacheFolder(): string {
  return path.join(os.tmpdir(), `facemetric-graphs-${USER}`)
}

/** A folder that holds a `saved_model.pb`. */
export interface GraphFolder {
  readonly folder: string
  /** Removes the folder where it was made for this use only. */
  release(): Promise<void>
}

/**
 * A graph: kept from an earlier start where it is there and undamaged; written otherwise, and kept for the next.
 * @param key changes whenever the graph does
 * @param cacheFolder used only when it is the user's own with mode 0700
 */
export async function cachedGraph(key: string, write: () => Uint8Array, cacheFolder: string): Promise<Uint8Array> {
  return (await keep(key, write, cacheFolder)).graph
}

/** The same as the folder of a SavedModel; made for this use only, where it cannot be kept. */
export async function cachedGraphFolder(
  key: string,
  write: () => Uint8Array,
  cacheFolder: string,
): Promise<GraphFolder> {
  const { graph, folder } = await keep(key, write, cacheFolder)
  if (folder !== undefined) return { folder, release: async () => {} }
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'facemetric-graph-'))
  await writeGraph(temporary, graph)
  return { folder: temporary, release: () => rm(temporary, { recursive: true, force: true }) }
}

/**
 * The graph and the folder it is kept in, if it can be kept. It is written beside and renamed, so that a process killed
 * meanwhile leaves nothing that looks finished.
 */
async function keep(
  key: string,
  write: () => Uint8Array,
  cacheFolder: string,
): Promise<{ graph: Uint8Array; folder?: string }> {
  if (!(await isOwnFolder(cacheFolder))) return { graph: write() }
  const folder = path.join(cacheFolder, key)
  // First, so that a process that removes old graphs leaves it alone. Only where that one has looked just before, the folder may
  // still go: then the graph is written again, or has been read already; TensorFlow, which reads it later, fails to load it once.
  await markUsed(folder)
  const kept = await readUndamaged(folder)
  if (kept !== undefined) return { graph: kept, folder }
  const graph = write()
  try {
    await writeInto(cacheFolder, folder, graph)
  } catch (error) {
    tellOnce(`a graph cannot be kept in ${cacheFolder}, so every start writes it again`, error)
    return { graph }
  }
  await removeUnused(cacheFolder).catch((error: unknown) => tellOnce(`cannot tidy up ${cacheFolder}`, error))
  return { graph, folder }
}

const told = new Set<string>()

/** What costs no more than time is told on standard error, once a process. */
function tellOnce(what: string, error: unknown): void {
  if (told.has(what)) return
  told.add(what)
  process.emitWarning(`${what}: ${error instanceof Error ? error.message : String(error)}`)
}

/** Makes the folder if it is absent; true when it is this user's alone. */
async function isOwnFolder(folder: string): Promise<boolean> {
  try {
    await makeFolder(folder, 0o700)
    const stats = await lstat(folder)
    return stats.isDirectory() && stats.uid === USER && (stats.mode & 0o077) === 0
  } catch {
    return false // a read-only file system, or something else of that name
  }
}

/** Nothing is left beside where that fails, as on a full disk. */
async function writeInto(cacheFolder: string, folder: string, graph: Uint8Array): Promise<void> {
  const fresh = await mkdtemp(path.join(cacheFolder, 'new-'))
  try {
    await writeGraph(fresh, graph)
    await putInPlace(fresh, folder)
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

async function writeGraph(folder: string, graph: Uint8Array): Promise<void> {
  await writeFile(path.join(folder, GRAPH_FILE), graph, { mode: 0o600 })
  await writeFile(path.join(folder, DIGEST_FILE), digest(graph), { mode: 0o600 })
}

async function readUndamaged(folder: string): Promise<Uint8Array | undefined> {
  try {
    const expected = await readFile(path.join(folder, DIGEST_FILE), 'utf8')
    const graph = await readFile(path.join(folder, GRAPH_FILE))
    return digest(graph) === expected ? graph : undefined
  } catch {
    return undefined
  }
}

/** Another process may have put the same graph there first: then that one stays. */
async function putInPlace(fresh: string, folder: string): Promise<void> {
  for (const retry of [true, false]) {
    try {
      await rename(fresh, folder)
      return
    } catch (error) {
      if ((await readUndamaged(folder)) !== undefined) return
      if (!retry) throw error
      await rm(folder, { recursive: true, force: true })
    }
  }
}

/** Notes by the time of its digest that a graph is in use, where it is there. */
async function markUsed(folder: string): Promise<void> {
  const now = new Date()
  await utimes(path.join(folder, DIGEST_FILE), now, now).catch(() => {})
}

/** Removes what other releases wrote, or began to, and nothing has used since; never a folder that holds anything else. */
async function removeUnused(cacheFolder: string): Promise<void> {
  const entries = await readdir(cacheFolder, { withFileTypes: true })
  for (const entry of entries.filter((entry) => entry.isDirectory())) {
    const folder = path.join(cacheFolder, entry.name)
    const files = await readdir(folder).catch(() => undefined)
    if (files === undefined || !files.every((file) => file === GRAPH_FILE || file === DIGEST_FILE)) continue
    const used = files.includes(DIGEST_FILE) ? path.join(folder, DIGEST_FILE) : folder
    try {
      if (Date.now() - (await lstat(used)).mtimeMs < UNUSED_MS) continue
      // Taken away in one step: what another process puts in its place meanwhile is not touched.
      const taken = path.join(cacheFolder, `new-${randomUUID()}`)
      await rename(folder, taken)
      for (const file of files) await rm(path.join(taken, file))
      await rmdir(taken)
    } catch {
      // Another process has just removed it.
    }
  }
}

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
