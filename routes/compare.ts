import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  type CompareForm,
  CompareFormSchema,
  CompareJsonSchema,
  type Comparison,
  ComparisonSchema,
  FORM_TYPE,
  JSON_TYPE,
} from '../schemas/compare.js'
import { COMPARISON_EXAMPLE } from '../schemas/comparison-example.js'
import { jsonResponse } from '../schemas/json-response.js'
import { problemResponses } from '../schemas/problem.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** Gives back the place in the queue that is kept while the photos arrive. */
    releasePlace(): void
  }
  interface FastifyReply {
    /** What the photos came to, once they were compared. */
    comparison?: Comparison
  }
}

export interface CompareRouteOptions {
  /** Seconds a comparison may take. */
  timeout: number
}

/** `POST /compare`: whether two photos show the same person. */
export const compareRoute: FastifyPluginAsyncTypebox<CompareRouteOptions> = async (app, { timeout }) => {
  app.decorateRequest('releasePlace', () => {})
  app.decorateReply('comparison', undefined)
  app.post<{ Body: CompareForm }>(
    '/compare',
    {
      schema: {
        operationId: 'compare',
        tags: ['faces'],
        summary: 'Whether two photos show the same person',
        description: 'Fields may come in any order; fields of other names are read past. The service keeps nothing.',
        body: { content: { [FORM_TYPE]: { schema: CompareFormSchema }, [JSON_TYPE]: { schema: CompareJsonSchema } } },
        response: {
          200: jsonResponse(ComparisonSchema, {
            description: 'Both photos were compared',
            example: COMPARISON_EXAMPLE,
          }),
          ...problemResponses(
            'malformed_form',
            'malformed_json',
            'missing_field',
            'duplicate_field',
            'too_many_live_images',
            'file_expected',
            'invalid_threshold',
            'invalid_faces',
            'invalid_base64',
            'empty_file',
            'unauthorized',
            'form_too_large',
            'file_too_large',
            'too_many_parts',
            'too_many_pixels',
            'unsupported_media_type',
            'unsupported_image_format',
            'damaged_image',
            'no_face',
            'several_faces',
            'low_quality',
            'rate_limited',
            'busy',
            'not_ready',
            'timeout',
            'process_died',
            'storage_full',
          ),
        },
      },
      // Before anything is read. However the request ends, its place is given back.
      onRequest: async (request, reply) => {
        try {
          request.releasePlace = app.faceEngine.reserve()
        } catch (refusal) {
          await reply.refusalTurn()
          throw refusal
        }
        reply.raw.once('close', request.releasePlace)
      },
    },
    async ({ body, releasePlace }, reply) => {
      const upload = reply.elapsedTime
      const { reference_image, live_image, threshold, faces } = body
      releasePlace()
      reply.comparison = await app.faceEngine.compare(reference_image, live_image, {
        threshold,
        faces,
        signal: reply.workSignal(timeout),
        onTimings: (timings) => reply.setPhaseTimings({ upload, ...timings }),
      })
      return reply.comparison
    },
  )
}
