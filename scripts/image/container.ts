import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { MountedImage } from './buildah.js'

/**
 * What `docker run --read-only --tmpfs /tmp --cap-drop all --security-opt no-new-privileges` sets up, but for the network,
 * which is the machine's own: mount and process namespaces, a read-only root, /proc, four devices and a tmpfs.
 */
const SET_UP = `
set -e
root=$1; shift
mount --bind "$root" "$root"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
for device in null zero random urandom; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
mount -t tmpfs -o size=128m,mode=1777,nosuid,nodev,noexec tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"
exec chroot "$root" "$@"`

const START_TIMEOUT_MS = 120_000

export interface ContainerOptions {
  /** User and group id, as `docker run --user` takes them; default: what the image says. */
  user?: string
  env?: Readonly<Record<string, string>>
}

/** The image's command, started as process 1 of a container. */
export class Container {
  readonly #launcher: ChildProcess
  readonly #enter: readonly string[]
  readonly #output: string[] = []
  readonly exited: Promise<number | null>

  constructor(
    { root, config }: MountedImage,
    readonly url: string,
    { user = config.User, env = {} }: ContainerOptions = {},
  ) {
    const [uid, gid] = user.split(':')
    const variables = [...config.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)]
    const unprivileged = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs', '--inh-caps=-all']
    this.#enter = [
      ...['/usr/bin/env', '-i', `--chdir=${config.WorkingDir}`, ...variables],
      ...['/usr/bin/setpriv', ...unprivileged, '--bounding-set=-all'],
    ]
    const args = ['--mount', '--pid', '--fork', 'sh', '-c', SET_UP, 'sh', root]
    this.#launcher = spawn('unshare', [...args, ...this.#enter, ...config.Cmd], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#launcher.stdout, this.#launcher.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#output.push(text))
    }
    this.exited = once(this.#launcher, 'exit').then(([code]) => code)
  }

  /** All it wrote to its output so far. */
  get log(): string {
    return this.#output.join('')
  }

  /** The process that is number 1 inside, by its number outside. */
  get pid(): number {
    const { pid } = this.#launcher
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8'))
  }

  /**
   * Waits until it can compare photos.
   * @returns milliseconds
   * @throws Error with its output when it ends or takes too long
   */
  async ready(): Promise<number> {
    const started = performance.now()
    while (performance.now() - started < START_TIMEOUT_MS) {
      if (this.#launcher.exitCode !== null) throw new Error(`the container ended: ${this.log}`)
      const response = await fetch(`${this.url}/health/ready`).catch(() => undefined)
      if (response?.ok) return performance.now() - started
      await sleep(20)
    }
    throw new Error(`not ready after ${START_TIMEOUT_MS / 1000} s: ${this.log}`)
  }

  /**
   * Runs a command beside the service, as `docker exec` does.
   * @returns what it prints
   * @throws Error when it does not end with exit code 0
   */
  run(...command: string[]): string {
    const args = ['--target', `${this.pid}`, '--mount', '--pid', `--root=/proc/${this.pid}/root`]
    return execFileSync('nsenter', [...args, ...this.#enter, ...command], { encoding: 'utf8' })
  }

  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal)
  }

  /** Ends it at once, whatever state it is in: with process 1 the kernel ends all others. */
  async kill(): Promise<void> {
    if (this.#launcher.exitCode === null) {
      this.signal('SIGKILL')
      await this.exited
    }
  }
}
