import { execFileSync, spawnSync } from 'node:child_process'
import { Type } from 'typebox'
import { Value } from 'typebox/value'

/** Needs neither a daemon nor a kernel module, and works inside another container. */
const ENVIRONMENT = { STORAGE_DRIVER: 'vfs', BUILDAH_ISOLATION: 'chroot', ...process.env }

/** What the image says about how it is to be run. */
const ImageConfigSchema = Type.Object({
  User: Type.String(),
  Env: Type.Array(Type.String()),
  Cmd: Type.Array(Type.String()),
  WorkingDir: Type.String(),
  StopSignal: Type.String(),
  ExposedPorts: Type.Record(Type.String(), Type.Unknown()),
  Labels: Type.Record(Type.String(), Type.String()),
  Healthcheck: Type.Object({ Test: Type.Array(Type.String()) }),
})
export type ImageConfig = Type.Static<typeof ImageConfigSchema>
const InspectionSchema = Type.Object({ Docker: Type.Object({ config: ImageConfigSchema }) })

/** A working container of buildah's: the files of an image, mounted. */
export interface MountedImage {
  /** Folder with the image's root file system. */
  readonly root: string
  readonly config: ImageConfig
  unmount(): void
}

/** Why images cannot be built here; undefined where they can. */
export function buildProblem(): string | undefined {
  if (process.platform !== 'linux') return 'containers are a matter of Linux'
  if (process.getuid?.() !== 0) return 'mounting the file system of an image takes root'
  for (const tool of ['buildah', 'unshare', 'nsenter', 'setpriv', 'curl']) {
    if (spawnSync(tool, ['--version']).status !== 0) return `${tool} is not installed`
  }
  const trial = spawnSync('unshare', ['--mount', '--pid', '--fork', 'true'], { encoding: 'utf8' })
  return trial.status === 0 ? undefined : `no namespaces can be made: ${trial.stderr.trim()}`
}

/** Builds one target of the Dockerfile in this folder; the steps go to the terminal. */
export function buildImage(target: string, image: string, buildArguments: Readonly<Record<string, string>>): void {
  const given = Object.entries(buildArguments).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`])
  // Docker's format, as OCI's has no place for a health check.
  const args = ['bud', '--format', 'docker', '--network', 'host', '--target', target, '--tag', image, ...given, '.']
  execFileSync('buildah', args, { env: ENVIRONMENT, stdio: ['ignore', 'inherit', 'inherit'] })
}

export function mountImage(image: string): MountedImage {
  const inspection: unknown = JSON.parse(buildah('inspect', '--type', 'image', image))
  const { config } = Value.Parse(InspectionSchema, inspection).Docker
  const container = buildah('from', '--pull-never', image)
  return { root: buildah('mount', container), config, unmount: () => void buildah('rm', container) }
}

export function removeImage(image: string): void {
  buildah('rmi', image)
}

function buildah(...args: string[]): string {
  return execFileSync('buildah', args, { env: ENVIRONMENT, encoding: 'utf8' }).trim()
}
