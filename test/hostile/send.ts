import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** The status of the answer, or `closed` when the connection was closed without one. */
export type Outcome = number | 'closed' | 'no answer'

export interface RawRequest {
  readonly host: string
  readonly port: number
  /** Sent one after another. */
  readonly pieces: Iterable<Buffer | string>
  /** Milliseconds between the pieces. */
  readonly pause?: number
  /** What happens when all is sent: wait for the answer, say that no more comes, or vanish. */
  readonly ending?: 'wait' | 'end' | 'destroy'
  /** Milliseconds after which there is no answer. */
  readonly patience?: number
}

/** Sends bytes as they are, right or wrong, and gives the status of the first answer. */
export function sendRaw(request: RawRequest): Promise<Outcome> {
  const { host, port, pieces, pause = 0, ending = 'wait', patience = 120_000 } = request
  return new Promise((resolve) => {
    const socket = connect(port, host)
    let answer = ''
    const finish = (outcome: Outcome) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(outcome)
    }
    const timer = setTimeout(() => finish('no answer'), patience)
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]
      if (status !== undefined && status !== '100') finish(Number(status))
    })
    socket.on('error', () => {}) // A reset is how a server closes a connection that is still being written to.
    socket.on('close', () => finish('closed'))
    const source = Readable.from(paced(pieces, pause))
    source.once('end', () => {
      if (ending === 'end') socket.end()
      if (ending === 'destroy') finish('closed')
    })
    socket.once('close', () => source.destroy())
    source.pipe(socket, { end: false })
  })
}

async function* paced(pieces: Iterable<Buffer | string>, pause: number): AsyncGenerator<Buffer | string> {
  for (const piece of pieces) {
    yield piece
    if (pause > 0) await sleep(pause)
  }
}
