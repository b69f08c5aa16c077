import { Type } from 'typebox'
import { RUNTIME_NAMES } from '../lib/runtime/face-networks.js'

export const LiveSchema = Type.Object({ status: Type.Literal('live') })

export const ReadySchema = Type.Object({
  status: Type.Literal('ready'),
  engine: Type.Enum([...RUNTIME_NAMES], { description: 'The runtime that runs the networks' }),
  description: Type.String({ description: 'Its library and version' }),
  failed: Type.Array(Type.Object({ runtime: Type.Enum([...RUNTIME_NAMES]), reason: Type.String() }), {
    description: 'Runtimes that would have come first, and why they do not load',
  }),
})
