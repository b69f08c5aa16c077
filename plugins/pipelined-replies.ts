import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import fp from 'fastify-plugin'
import { Problem } from '../lib/problem.js'

/** Most requests of one connection that wait for their replies: hardly any client sends even two. */
export const MOST_WAITING = 20

/**
 * Sees to it that every reply has its `close` event, which is when all that is kept for a request is given back. A client may
 * send several requests on one connection without waiting; when it leaves, Node closes the one reply whose turn it is, and
 * of the others nobody hears again. More than a few at a time are refused: all of their replies would lie in memory.
 */
export default fp(
  async (app) => {
    const open = new WeakMap<Socket, Set<ServerResponse>>()

    function repliesOn(socket: Socket): Set<ServerResponse> {
      const known = open.get(socket)
      if (known) return known
      const replies = new Set<ServerResponse>()
      open.set(socket, replies)
      socket.once('close', () => {
        // The one whose turn it is has the socket, and is closed by Node.
        for (const reply of replies) if (reply.socket === null) reply.emit('close')
      })
      return replies
    }

    app.addHook('onRequest', async ({ raw }, reply) => {
      const replies = repliesOn(raw.socket)
      replies.add(reply.raw)
      reply.raw.once('close', () => replies.delete(reply.raw))
      if (replies.size > MOST_WAITING) throw tooMany()
    })
  },
  { name: 'facemetric-pipelined-replies', fastify: '5.x' },
)

function tooMany(): Problem {
  const detail = `${MOST_WAITING} requests of this connection wait for their replies: send the next ones afterwards.`
  return new Problem('busy', detail, { headers: { connection: 'close', 'retry-after': '1' } })
}
