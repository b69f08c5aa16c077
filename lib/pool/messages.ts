import { type Static, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Faces } from '../../schemas/compare.js'
import { FACE_ERROR_CODES, PHOTO_FIELDS } from '../errors.js'
import { DescriptionSchema, type PhotoFile } from '../face-describer.js'
import type { DescriberOptions } from '../load-describer.js'
import { RUNTIME_NAMES } from '../runtime/face-networks.js'

/**
 * What an inference process is told: first what to load, then photos to describe, by path; the next when these are done, or
 * nearly.
 */
export type ParentMessage = StartMessage | DescribeMessage

export interface StartMessage {
  readonly type: 'start'
  readonly describer: DescriberOptions
  /** Most resident memory the process may take, in bytes. */
  readonly memoryLimit: number
}

export interface DescribeMessage {
  readonly type: 'describe'
  readonly photos: readonly PhotoFile[]
  readonly faces: Faces
  /** Whether each photo is described by itself. */
  readonly apart: boolean
  /** Milliseconds after which faces that do not show at once are not looked for any longer. */
  readonly searchFor: number
  /** Whether it is to say when only the last step is left. */
  readonly tellLastStep: boolean
}

export const EngineInfoSchema = Type.Object({
  runtime: Type.Enum([...RUNTIME_NAMES]),
  description: Type.String(),
  failed: Type.Array(Type.Object({ runtime: Type.Enum([...RUNTIME_NAMES]), reason: Type.String() })),
})

/**
 * Which runtime a process holds.
 * @useDeclaredType
 */
export type EngineInfo = Static<typeof EngineInfoSchema>

const ChildMessageSchema = Type.Union([
  Type.Object({ type: Type.Literal('ready'), engine: EngineInfoSchema }),
  Type.Object({ type: Type.Literal('not_started'), reason: Type.String() }),
  Type.Object({ type: Type.Literal('ending'), reason: Type.String() }),
  Type.Object({ type: Type.Literal('nearly_done') }),
  Type.Object({ type: Type.Literal('described'), description: DescriptionSchema }),
  Type.Object({
    type: Type.Literal('refused'),
    code: Type.Enum([...FACE_ERROR_CODES]),
    message: Type.String(),
    field: Type.Optional(Type.Enum([...PHOTO_FIELDS])),
  }),
  Type.Object({
    type: Type.Literal('failed'),
    message: Type.String(),
    code: Type.Optional(Type.String({ description: 'Of an error of the system, such as ENOENT' })),
    stack: Type.Optional(Type.String({ description: 'For the log' })),
  }),
])

/**
 * What an inference process says: how its start went, why it ends itself, that the last step of a description has begun, or
 * the answer to what it was given.
 */
export type ChildMessage = Static<typeof ChildMessageSchema>

const childMessage = Compile(ChildMessageSchema)

/**
 * A message of an inference process, checked: it has decoded what strangers sent.
 * @throws TypeError when it is none of those above
 */
export function parseChildMessage(message: unknown): ChildMessage {
  if (childMessage.Check(message)) return message
  throw new TypeError('an inference process sent a message of an unknown form')
}
