import fp from 'fastify-plugin'
import { type Config, completeConfig } from '../lib/config.js'
import { PHOTO_FIELDS } from '../lib/errors.js'
import type { FaceEngine } from '../lib/face-engine.js'
import { maxPhotoBytes } from '../lib/form/form-options.js'
import type { StartedFaceEngine } from '../lib/start-face-engine.js'
import { compareRoute } from '../routes/compare.js'
import { CompareFormSchema, MOST_LIVE_IMAGES } from '../schemas/compare.js'
import faceEngine from './face-engine.js'
import forms from './forms.js'
import phaseTimings from './phase-timings.js'
import pipelinedReplies from './pipelined-replies.js'
import problems from './problems.js'
import refusalTurns from './refusal-turns.js'
import serialization from './serialization.js'
import tempFiles from './temp-files.js'
import unreadBody from './unread-body.js'
import validation from './validation.js'
import workSignal from './work-signal.js'

// Here, so that whoever imports the plugin has the type.
declare module 'fastify' {
  interface FastifyInstance {
    faceEngine: FaceEngine
  }
}

/** Settings that are left out have the service's own defaults; the environment is not read. */
export interface FacemetricOptions
  extends Partial<
    Pick<
      Config,
      | 'engine'
      | 'falseMatchRate'
      | 'maxFileBytes'
      | 'maxPixels'
      | 'minQuality'
      | 'preset'
      | 'precision'
      | 'queue'
      | 'samePhoto'
      | 'tempDir'
      | 'timeout'
      | 'workerMemory'
      | 'workers'
    >
  > {
  /** Path below which the route lies, such as `/faces`. */
  prefix?: string
  /** An engine that is there already; whoever made it closes it. */
  faceEngine?: FaceEngine
  /** An engine that was started earlier with the same settings; it is closed with the app. */
  startedEngine?: StartedFaceEngine
}

/**
 * Fastify plugin: adds `POST {prefix}/compare`, and decorates the app with `faceEngine`. Nothing else of the app changes:
 * error handler, body parser and hooks are the route's own. Errors are `application/problem+json`.
 */
export const facemetric = fp<FacemetricOptions>(
  async (app, { prefix, faceEngine: given, startedEngine, ...settings }) => {
    // Before anything can fail.
    if (startedEngine) app.addHook('onClose', () => startedEngine.close())
    const config = completeConfig(settings)
    const { maxFileBytes, tempDir, timeout, workers } = config

    const texts = Object.keys(CompareFormSchema.properties).filter(
      (name) => !PHOTO_FIELDS.some((photo) => photo === name),
    )
    await app.register(
      async (scope) => {
        await scope.register(problems)
        if (!scope.hasPlugin('facemetric-unread-body')) await scope.register(unreadBody)
        if (!scope.hasPlugin('facemetric-pipelined-replies')) await scope.register(pipelinedReplies)
        await scope.register(workSignal)
        await scope.register(phaseTimings)
        await scope.register(tempFiles, { tempDir, maxRequestBytes: maxPhotoBytes({ maxFileBytes }) })
        await scope.register(forms, {
          photos: { reference_image: 1, live_image: MOST_LIVE_IMAGES },
          texts,
          maxFileBytes,
        })
        await scope.register(validation)
        await scope.register(serialization)
        await scope.register(refusalTurns, { workers })
        await scope.register(compareRoute, { timeout })
      },
      { prefix },
    )
    // Last, as it takes longest: what is wrong with the rest shows at once.
    await app.register(faceEngine, { ...config, faceEngine: given, startedEngine })
  },
  { name: 'facemetric', fastify: '5.x' },
)
