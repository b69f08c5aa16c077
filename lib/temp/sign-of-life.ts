import { once } from 'node:events'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import path from 'node:path'

/**
 * A process shows that it is alive by listening on a Unix socket inside its folder. The kernel ends that with the process,
 * however it dies, so unlike a process id it cannot be mistaken for that of another: not after ids were used up, not
 * after a reboot, and not in a container, where the service always is process 1.
 */
const SOCKET_NAME = 'alive'

/** Shortest limit of the systems supported (macOS: 104 bytes with the closing zero). */
const MAX_SOCKET_PATH_BYTES = 103

export interface SignOfLife {
  end(): void
}

/**
 * Marks `folder` as in use by this process.
 * @throws Error when the file system has no sockets, or the path is too long for one
 */
export async function showLife(folder: string): Promise<SignOfLife> {
  const { socket, release } = await reachSocket(folder)
  const server = createServer((connection) => connection.destroy())
  // Exclusive: a cluster worker listens itself, so that the sign ends with the worker and not with its primary.
  server.listen({ path: socket, exclusive: true })
  await once(server, 'listening')
  server.unref()
  return { end: () => server.close(release) }
}

/** Whether the process that marked `folder` still runs. In doubt it does. */
export async function isAlive(folder: string): Promise<boolean> {
  try {
    const { socket, release } = await reachSocket(folder)
    const connection = connect(socket)
    await once(connection, 'connect').finally(release)
    connection.destroy()
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    return code !== 'ECONNREFUSED' && code !== 'ENOENT'
  }
}

/** The path of the folder's socket, to be used until `release` is called. */
async function reachSocket(folder: string): Promise<{ socket: string; release: () => void }> {
  const socket = path.join(folder, SOCKET_NAME)
  if (Buffer.byteLength(socket) <= MAX_SOCKET_PATH_BYTES) return { socket, release: () => {} }
  if (process.platform !== 'linux') {
    throw new Error(`its path is longer than the ${MAX_SOCKET_PATH_BYTES} bytes a socket may have: ${socket}`)
  }
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  return { socket: `/proc/self/fd/${handle.fd}/${SOCKET_NAME}`, release: () => void handle.close() }
}
