import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import fp from 'fastify-plugin'

/**
 * Sees to it that every reply has its `close` event, which is when all that is kept for a request is given back. A client may
 * send several requests on one connection without waiting; when it leaves, Node closes the one reply whose turn it is, and
 * of the others nobody hears again.
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
    })
  },
  { name: 'facemetric-pipelined-replies', fastify: '5.x' },
)
