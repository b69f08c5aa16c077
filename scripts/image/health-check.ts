/** For the container's HEALTHCHECK: exit code 0 when the service beside it can compare photos now, else 1 and the reason. */
import { readConfig } from '../../lib/config.js'

/** Addresses that stand for all of the machine's own, and one that can be asked instead. */
const ANY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

try {
  const { host, port } = readConfig(process.env)
  const address = ANY_ADDRESS[host] ?? host
  const authority = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  const response = await fetch(`http://${authority}/health/ready`)
  console.log(await response.text())
  process.exitCode = response.ok ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? (error.cause ?? error.message) : error)
  process.exitCode = 1
}
