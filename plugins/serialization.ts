import fastJsonStringify, { type Schema } from 'fast-json-stringify'
import fp from 'fastify-plugin'
import { oncePerObject } from '../lib/once-per-object.js'

/** One for all apps of this process: what another has answered with before need not be compiled again. */
const serializerOf = oncePerObject((schema: Schema) => fastJsonStringify(schema))

/** Writes replies as Fastify does, whatever a surrounding app writes its own with. */
export default fp(
  async (app) => {
    app.setSerializerCompiler<Schema>(({ schema }) => serializerOf(schema))
  },
  { name: 'facemetric-serialization', fastify: '5.x' },
)
