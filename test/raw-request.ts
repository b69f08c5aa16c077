import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection that is written to by hand, for requests that no HTTP client would send. */
export class RawConnection {
  received = ''
  readonly closed: Promise<void>

  private constructor(readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => {
      this.received += text
    })
    // A connection that is reset is closed as well; what was received before counts.
    socket.on('error', () => {})
    this.closed = this.#next('close')
  }

  /** Unlike `once` of node:events, an error meanwhile is no failure. */
  #next(event: 'close' | 'data' | 'drain'): Promise<void> {
    return new Promise((resolve) => this.socket.once(event, () => resolve()))
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    return new RawConnection(socket)
  }

  /** Sends it all before it reads, as many clients do. */
  async send(data: string | Uint8Array): Promise<void> {
    if (this.socket.destroyed) throw new Error('the connection was closed')
    if (!this.socket.write(data)) await Promise.race([this.#next('drain'), this.closed])
  }

  /** Waits until what was received holds `text`. */
  async until(text: string): Promise<void> {
    while (!this.received.includes(text)) {
      if (this.socket.destroyed) throw new Error(`closed before "${text}" came: ${this.received}`)
      await Promise.race([this.#next('data'), this.closed])
    }
  }
}

export const BOUNDARY = 'boundary-of-the-test'

/** The head of a request with a form of `length` bytes. */
export function formHead(length: number | 'chunked', url = '/compare', ...headers: string[]): string {
  const size = length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${length}`
  const type = `content-type: multipart/form-data; boundary=${BOUNDARY}`
  return `${[`POST ${url} HTTP/1.1`, 'host: test', type, size, ...headers].join('\r\n')}\r\n\r\n`
}

/** The beginning of a form part that is a file. */
export function filePart(name: string): string {
  return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"; filename="a.jpg"\r\n\r\n`
}
