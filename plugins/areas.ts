import type { RouteOptions } from 'fastify'

/** Parts of the service that may be open where the rest takes a key. Routes that belong to none compare photos. */
export const AREAS = ['page', 'docs', 'metrics', 'health'] as const
export type Area = (typeof AREAS)[number]

declare module 'fastify' {
  interface FastifyContextConfig {
    area?: Area
  }
}

/** An `onRoute` hook that puts every route of its scope into an area. */
export function inArea(area: Area) {
  return (route: RouteOptions): void => {
    route.config = { ...route.config, area }
  }
}
