import { Counter, Gauge, type Registry } from 'prom-client'

/** How many connections there are, and were too many. */
export function registerConnectionMetrics(
  registry: Registry,
  counts: Readonly<{ open: number; dropped: number }>,
): void {
  const registers = [registry]
  new Gauge({
    name: 'facemetric_connections',
    help: 'Connections that are open',
    registers,
    collect() {
      this.set(counts.open)
    },
  })
  new Counter({
    name: 'facemetric_connections_dropped_total',
    help: 'Connections that were closed at once, as there were too many',
    registers,
    collect() {
      this.reset()
      this.inc(counts.dropped)
    },
  })
}
