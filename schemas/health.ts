import { type Static, Type } from 'typebox'
import { RUNTIME_NAMES } from '../lib/runtime/face-networks.js'
import { PROBLEM_MEDIA_TYPE, problemDocument, problemResponse } from './problem.js'

export const LiveSchema = Type.Object({ status: Type.Literal('live') })

const PartStateSchema = Type.Object({
  status: Type.Enum(['ok', 'degraded', 'failed'], {
    description: 'degraded: photos are compared nevertheless; failed: they cannot be',
  }),
  detail: Type.Optional(Type.String({ description: 'For people; names nothing of the machine' })),
})
export type PartState = Static<typeof PartStateSchema>

const PartsSchema = Type.Object(
  {
    engine: PartStateSchema,
    queue: PartStateSchema,
    storage: Type.Optional(PartStateSchema),
    redis: Type.Optional(PartStateSchema),
  },
  { description: 'How each part is; redis only where there is one' },
)
export type Parts = Static<typeof PartsSchema>
/** Parts that plugins look after. */
export type PluginPart = Exclude<keyof Parts, 'engine' | 'queue'>

export const ReadySchema = Type.Object({
  status: Type.Literal('ready'),
  engine: Type.Enum([...RUNTIME_NAMES], { description: 'The runtime that runs the networks' }),
  description: Type.String({ description: 'Its library and version' }),
  failed: Type.Array(Type.Object({ runtime: Type.Enum([...RUNTIME_NAMES]), reason: Type.String() }), {
    description: 'Runtimes that would have come first, and why they do not load',
  }),
  parts: PartsSchema,
})

const PARTS_EXAMPLE: Parts = {
  engine: { status: 'ok', detail: '2 of 2 inference processes ready' },
  queue: { status: 'ok', detail: '0 comparisons wait, 8 may' },
  storage: { status: 'ok' },
}

export const READY_EXAMPLE: Static<typeof ReadySchema> = {
  status: 'ready',
  engine: 'onnx',
  description: 'onnxruntime-node 1.30.0',
  failed: [{ runtime: 'tensorflow', reason: 'not installed' }],
  parts: PARTS_EXAMPLE,
}

const { description, schema, examples } = problemResponse(['not_ready', 'shutting_down'])
/** The reply of a service that is not ready: a problem that tells of the parts as well. */
export const NOT_READY = {
  description,
  content: {
    [PROBLEM_MEDIA_TYPE]: {
      schema: Type.Object({ ...schema.properties, parts: Type.Optional(PartsSchema) }),
      examples: {
        ...examples,
        not_ready: {
          value: {
            ...problemDocument('not_ready', 'Not ready: storage: the temporary folder cannot be written to.'),
            parts: {
              ...PARTS_EXAMPLE,
              storage: { status: 'failed', detail: 'the temporary folder cannot be written to' },
            } satisfies Parts,
          },
        },
      },
    },
  },
}
