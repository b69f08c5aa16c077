export { createFaceEngine, type FaceEngineOptions } from './lib/create-face-engine.js'
export { FaceError, type FaceErrorCode, type PhotoField, type UnavailableCode, UnavailableError } from './lib/errors.js'
export type { CompareOptions, FaceEngine, LoadedFaceEngine, Readiness } from './lib/face-engine.js'
export type { PoolStats } from './lib/pool/describer-pool.js'
export type { EngineInfo } from './lib/pool/messages.js'
export {
  createPooledFaceEngine,
  type PooledFaceEngine,
  type PooledFaceEngineOptions,
} from './lib/pool/pooled-face-engine.js'
export type { ProcessEvent } from './lib/pool/process-keeper.js'
export type { Scheduling } from './lib/pool/scheduling.js'
export type { RuntimeName } from './lib/runtime/face-networks.js'
export type { FailedRuntime, RuntimeChoice } from './lib/runtime/load-networks.js'
export { type EngineSettings, type StartedFaceEngine, startFaceEngine } from './lib/start-face-engine.js'
export type { Phase, Timings } from './lib/timings.js'
export { type FacemetricOptions, facemetric, facemetric as default } from './plugins/facemetric.js'
export type { Comparison, FaceReport, Faces, LiveResult, PhotoReport, Point } from './schemas/compare.js'
export type { ProblemCode, ProblemDetails } from './schemas/problem.js'
