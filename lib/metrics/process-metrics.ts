import { collectDefaultMetrics, Registry } from 'prom-client'

let registry: Registry | undefined

/**
 * What prom-client tells of a Node process under the names that dashboards know: CPU time, memory, event loop delay, garbage
 * collection, open files. There is one process, whatever the number of apps in it.
 */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry })
  }
  return registry
}
