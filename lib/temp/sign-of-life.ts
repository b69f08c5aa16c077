import { once } from 'node:events'
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
 * @throws Error when the path is too long for a socket or the file system has none
 */
export async function showLife(folder: string): Promise<SignOfLife> {
  const socket = path.join(folder, SOCKET_NAME)
  if (Buffer.byteLength(socket) > MAX_SOCKET_PATH_BYTES) {
    throw new Error(`its path is longer than the ${MAX_SOCKET_PATH_BYTES} bytes a socket may have: ${socket}`)
  }
  const server = createServer((connection) => connection.destroy())
  // Exclusive: a cluster worker listens itself, so that the sign ends with the worker and not with its primary.
  server.listen({ path: socket, exclusive: true })
  await once(server, 'listening')
  server.unref()
  return { end: () => server.close() }
}

/** Whether the process that marked `folder` still runs. In doubt it does. */
export function isAlive(folder: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(path.join(folder, SOCKET_NAME))
    connection.once('connect', () => {
      connection.destroy()
      resolve(true)
    })
    connection.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT')
    })
  })
}
