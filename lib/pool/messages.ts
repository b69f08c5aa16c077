import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { ComparisonSchema, FacesSchema } from '../../schemas/compare.js'
import type { FaceEngineOptions } from '../create-face-engine.js'
import { FACE_ERROR_CODES, PHOTO_FIELDS } from '../errors.js'
import { RUNTIME_NAMES } from '../runtime/face-networks.js'

const ParentMessageSchema = Type.Union([
  Type.Object({
    type: Type.Literal('start'),
    engine: Type.Unsafe<FaceEngineOptions>(Type.Object({})), // The engine checks its options itself.
    memoryLimit: Type.Integer({ description: 'Most resident memory the process may take, in bytes' }),
  }),
  Type.Object({
    type: Type.Literal('compare'),
    reference: Type.String({ description: 'Path of the reference photo' }),
    live: Type.String({ description: 'Path of the live photo' }),
    threshold: Type.Optional(Type.Number()),
    faces: Type.Optional(FacesSchema),
  }),
])

/** What an inference process is told: first which engine to hold, then one comparison at a time. Photos cross as paths. */
export type ParentMessage = Static<typeof ParentMessageSchema>
export type CompareMessage = Extract<ParentMessage, { type: 'compare' }>

export const EngineInfoSchema = Type.Object({
  runtime: Type.Enum([...RUNTIME_NAMES]),
  description: Type.String(),
  failed: Type.Array(Type.Object({ runtime: Type.Enum([...RUNTIME_NAMES]), reason: Type.String() })),
})

/** Which engine a process holds. */
export type EngineInfo = Static<typeof EngineInfoSchema>

const ChildMessageSchema = Type.Union([
  Type.Object({ type: Type.Literal('ready'), engine: EngineInfoSchema }),
  Type.Object({ type: Type.Literal('not_started'), reason: Type.String() }),
  Type.Object({ type: Type.Literal('ending'), reason: Type.String() }),
  Type.Object({ type: Type.Literal('compared'), comparison: ComparisonSchema }),
  Type.Object({
    type: Type.Literal('refused'),
    code: Type.Enum([...FACE_ERROR_CODES]),
    message: Type.String(),
    field: Type.Optional(Type.Enum([...PHOTO_FIELDS])),
  }),
  Type.Object({ type: Type.Literal('failed'), message: Type.String(), outOfRange: Type.Boolean() }),
])

/** What an inference process says: how its start went, why it ends itself, or the answer to the one open comparison. */
export type ChildMessage = Static<typeof ChildMessageSchema>

const parentMessage = Compile(ParentMessageSchema)
const childMessage = Compile(ChildMessageSchema)

/** @throws TypeError when it is no message of the pool */
export function parseParentMessage(message: unknown): ParentMessage {
  if (parentMessage.Check(message)) return message
  throw new TypeError('an inference process was sent a message of an unknown form')
}

/**
 * A message of an inference process, checked: it has decoded what strangers sent.
 * @throws TypeError when it is none of those above
 */
export function parseChildMessage(message: unknown): ChildMessage {
  if (childMessage.Check(message)) return message
  throw new TypeError('an inference process sent a message of an unknown form')
}
