import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { freePort } from './free-port.js'
import { until } from './until.js'

/** Why Redis cannot be tried here; undefined where it can. */
export function redisProblem(): string | undefined {
  return spawnSync('redis-server', ['--version']).error === undefined ? undefined : 'redis-server not installed'
}

/** A real Redis on a free port of this machine, which can be stopped and started again. */
export class RedisServer {
  readonly url: string
  #process: ChildProcess | undefined

  private constructor(
    readonly port: number,
    readonly password: string,
  ) {
    this.url = `redis://:${password}@127.0.0.1:${port}/0`
  }

  static async start(): Promise<RedisServer> {
    const redis = new RedisServer(await freePort(), 'password-of-redis')
    await redis.start()
    return redis
  }

  async start(): Promise<void> {
    const settings = { port: this.port, bind: '127.0.0.1', requirepass: this.password, save: '', appendonly: 'no' }
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
    this.#process = spawn('redis-server', args, { stdio: 'ignore' })
    await until('Redis listens', () => this.#listens())
  }

  kill(signal: NodeJS.Signals): void {
    this.#process?.kill(signal)
  }

  async stop(): Promise<void> {
    if (this.#process === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null) return
    this.#process.kill('SIGKILL')
    await once(this.#process, 'exit')
  }

  async #listens(): Promise<boolean> {
    const socket = connect(this.port, '127.0.0.1')
    const listens = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    return listens
  }
}
