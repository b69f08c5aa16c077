import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type TrustPeer, trustsPeerOf } from '../lib/trusted-proxies.js'

const HEADER = 'x-request-id'
/** As ids are made by proxies and tracers; whatever else is sent does not get into the log. */
const ID = /^[\w.:+/=-]{1,128}$/

/** What gives each request its id: the one that a trusted proxy sent, otherwise a new one. */
export function requestIds(trustPeer: TrustPeer | undefined) {
  return ({ headers, socket }: IncomingMessage): string => {
    const given = headers[HEADER]
    const trusted = trustsPeerOf(socket, trustPeer)
    return trusted && typeof given === 'string' && ID.test(given) ? given : randomUUID()
  }
}

/** The id goes back with the reply, so that who asks about a request can name it. */
export function returnRequestId({ id }: FastifyRequest, reply: FastifyReply): void {
  reply.header(HEADER, id)
}

/** Every reply says its request's id, which every line of the log holds as `reqId`. */
export default fp(
  async (app) => {
    app.addHook('onRequest', async (request, reply) => returnRequestId(request, reply))
  },
  { name: 'facemetric-request-id', fastify: '5.x' },
)
