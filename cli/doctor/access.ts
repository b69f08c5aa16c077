import { stat } from 'node:fs/promises'
import { type ApiKey, parseApiKeys } from '../../lib/api-keys.js'
import type { Config } from '../../lib/config.js'
import { readKeyFile } from '../../lib/key-file.js'
import { connectRedis } from '../../lib/redis.js'
import { type Finding, find, reasonOf } from './finding.js'

const part = 'access'
/** Mode bits by which others than the owner and the group may read a file. */
const OTHERS_READ = 0o004

/** Who may call: the API keys of the settings and of the file, and the Redis that counts requests. */
export async function examineAccess({ apiKeys, apiKeysFile, redisUrl }: Config): Promise<Finding[]> {
  const findings: Finding[] = []
  if (apiKeys !== undefined) {
    findings.push(await find(part, 'keys', () => inWords(parseApiKeys(apiKeys, 'FACEMETRIC_API_KEYS'))))
  }
  if (apiKeysFile !== undefined) findings.push(await examineKeyFile(apiKeysFile))
  if (findings.length === 0) {
    findings.push({
      part,
      name: 'keys',
      verdict: 'absent',
      detail: 'none set: whoever reaches the service may compare',
    })
  }
  if (redisUrl !== undefined) findings.push(await examineRedis(redisUrl))
  return findings
}

async function examineKeyFile(file: string): Promise<Finding> {
  const finding = await find(part, 'key file', async () => inWords(await readKeyFile(file)))
  if (finding.verdict !== 'ok' || process.platform === 'win32') return finding
  const { mode } = await stat(file)
  if ((mode & OTHERS_READ) === 0) return finding
  return { ...finding, verdict: 'warning', detail: `${finding.detail}; every user of this machine can read ${file}` }
}

function inWords(keys: readonly ApiKey[]): string {
  const names = [...new Set(keys.map(({ name }) => name))]
  return `${keys.length === 1 ? '1 key' : `${keys.length} keys`} for ${names.join(', ')}`
}

/** A Redis that is not there is no failure: the service then counts by itself. */
async function examineRedis(url: string): Promise<Finding> {
  const name = 'redis'
  try {
    const redis = await connectRedis(url)
    // Each failure to connect is told as an event as well.
    redis.on('error', () => {})
    try {
      await new Promise((resolve, reject) => redis.once('ready', resolve).once('error', reject))
      await redis.ping()
      return { part, name, verdict: 'ok', detail: 'answers' }
    } finally {
      redis.disconnect()
    }
  } catch (error) {
    const detail = `does not answer (${reasonOf(error)}): each replica would count requests for itself`
    return { part, name, verdict: 'warning', detail }
  }
}
