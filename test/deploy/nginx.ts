import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { PACKAGE_ROOT } from '../../lib/package-root.js'
import { freePort } from '../free-port.js'

const SITE = path.join(PACKAGE_ROOT, 'deploy', 'nginx', 'facemetric.conf')

/** Why nginx cannot be tried here; undefined where it can. */
export function nginxProblem(): string | undefined {
  const missing = ['nginx', 'openssl', 'curl'].filter((tool) => spawnSync(tool, ['version']).error !== undefined)
  return missing.length === 0 ? undefined : `${missing.join(', ')} not installed`
}

/** The site of deploy/nginx on free ports of this machine, run by a real nginx. */
export class Nginx {
  readonly #process: ChildProcess

  private constructor(
    readonly folder: string,
    readonly httpsPort: number,
    readonly httpPort: number,
  ) {
    this.#process = spawn('nginx', ['-p', folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'inherit' })
  }

  /** @param replicas the addresses of the two replicas, as host:port */
  static async start(replicas: readonly [string, string]): Promise<Nginx> {
    const folder = mkdtempSync(path.join(tmpdir(), 'facemetric-nginx-'))
    const [httpsPort, httpPort] = [await freePort(), await freePort()]
    makeCertificate(folder)
    const replacements: [string, string][] = [
      ['server facemetric-1:5000', `server ${replicas[0]}`],
      ['server facemetric-2:5000', `server ${replicas[1]}`],
      ['listen 80;', `listen 127.0.0.1:${httpPort};`],
      ['listen 443 ', `listen 127.0.0.1:${httpsPort} `],
      ['/etc/nginx/tls/tls.crt', `${folder}/tls.crt`],
      ['/etc/nginx/tls/tls.key', `${folder}/tls.key`],
    ]
    writeFileSync(path.join(folder, 'site.conf'), replaceOnce(readFileSync(SITE, 'utf8'), replacements))
    writeFileSync(path.join(folder, 'nginx.conf'), mainConfiguration())
    const nginx = new Nginx(folder, httpsPort, httpPort)
    try {
      await nginx.#listening()
      return nginx
    } catch (error) {
      await nginx.stop()
      throw error
    }
  }

  get url(): string {
    return `https://localhost:${this.httpsPort}`
  }

  /** Arguments that make curl trust its certificate and print nothing but the reply. */
  get curlArguments(): string[] {
    return ['--silent', '--show-error', '--cacert', path.join(this.folder, 'tls.crt')]
  }

  /** Files that nginx keeps of what passes through it. */
  get errorLog(): string {
    return readFileSync(path.join(this.folder, 'error.log'), 'utf8')
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGTERM')
      await once(this.#process, 'exit')
    }
    rmSync(this.folder, { recursive: true })
  }

  async #listening(): Promise<void> {
    for (;;) {
      if (this.#process.exitCode !== null) throw new Error(`nginx ended: ${this.errorLog}`)
      const reply = await fetch(`http://127.0.0.1:${this.httpPort}/`, { redirect: 'manual' }).catch(() => undefined)
      if (reply) return
      await sleep(20)
    }
  }
}

function mainConfiguration(): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path temp_${name};`)
  return `daemon off; pid nginx.pid; user ${process.getuid?.() === 0 ? 'root' : ''};
    events { worker_connections 256; }
    http { access_log off; ${folders.join(' ')} include site.conf; }`.replace('user ;', '')
}

function makeCertificate(folder: string): void {
  const files = ['-keyout', path.join(folder, 'tls.key'), '-out', path.join(folder, 'tls.crt')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...key, ...files, ...subject], { stdio: 'ignore' })
}

function replaceOnce(text: string, replacements: readonly [from: string, to: string][]): string {
  return replacements.reduce((whole, [from, to]) => {
    const parts = whole.split(from)
    if (parts.length !== 2) throw new Error(`${SITE} holds '${from}' ${parts.length - 1} times`)
    return parts.join(to)
  }, text)
}
