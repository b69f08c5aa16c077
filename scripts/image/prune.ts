import { readdir, rm, rmdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** Bytes. */
export interface PruneReport {
  readonly removed: number
  readonly kept: number
}

/** Which files of a package a service opens, by their paths inside the package. */
type Rule = (file: string, platform: string, arch: string) => boolean

/** In any package: source maps, TypeScript, manuals, and the tests and examples beside the code. Licences stay. */
const NEVER_OPENED = [
  /\.(map|[mc]?ts|tsbuildinfo)$/,
  /\.test\.[mc]?js$/,
  /\.(md|markdown)$/i,
  /^(\.github|\.vscode|benchmarks?|docs?|examples?|tests?)\//,
]
const LICENCE = /(^|\/)(licen[cs]e|copying|notice)[^/]*$/i

/** Packages that bring far more than is opened here. */
const RULES: Readonly<Record<string, Rule>> = {
  // Libraries for every platform it supports; 290 MB, of which one platform's are 45.
  'onnxruntime-node': (file, platform, arch) =>
    !file.startsWith('bin/') || file.split('/').slice(2, 4).join('/') === `${platform}/${arch}`,
  // The networks and the photos that samples are cut from; its code only where it runs on tfjs-node.
  '@vladmandic/face-api': (file) =>
    /^(package\.json|dist\/face-api\.node\.js|demo\/sample\d\.jpg)$/.test(file) ||
    /^model\/(ssd_mobilenetv1|tiny_face_detector|face_landmark_68|face_recognition)_model[.-]/.test(file),
  // What its binding was compiled from.
  '@tensorflow/tfjs-node': (file) => !/^(binding|deps\/include|scripts)\//.test(file),
}

/** TensorFlow.js comes as bundles for browsers and mini programs too, and with its sources; Node loads *.node.js. */
const BROWSER_BUNDLE = /^(src|dist\/(tf[\w-]*(\.es2017|\.fesm|\.esm|\.es6)?(\.min)?\.js(\.html)?|miniprogram))(\/|$)/

function isOpened(name: string, file: string, platform: string, arch: string): boolean {
  if (LICENCE.test(file)) return true
  if (NEVER_OPENED.some((pattern) => pattern.test(file))) return false
  if (name.startsWith('@tensorflow/tfjs') && name !== '@tensorflow/tfjs-node' && BROWSER_BUNDLE.test(file)) return false
  return RULES[name]?.(file, platform, arch) ?? true
}

/**
 * Removes from an installed tree of packages the files that a running service never opens.
 * @param modules a node_modules folder
 * @param platform whose native libraries stay, as in `process.platform`
 * @param arch whose native libraries stay, as in `process.arch`
 */
export async function pruneModules(modules: string, platform: string, arch: string): Promise<PruneReport> {
  let removed = 0
  let kept = 0
  for (const entry of await readdir(modules, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue
    const whole = path.join(entry.parentPath, entry.name)
    const { name, file } = splitPackagePath(path.relative(modules, whole))
    const { size } = await stat(whole).catch(() => ({ size: 0 })) // a link to what is gone by now
    if (isOpened(name, file, platform, arch)) {
      kept += size
    } else {
      await rm(whole)
      removed += size
    }
  }
  await removeEmptyFolders(modules)
  return { removed, kept }
}

/** The innermost package that a path below node_modules lies in, and the path inside it, with slashes. */
function splitPackagePath(relative: string): { name: string; file: string } {
  const parts = (relative.split(`node_modules${path.sep}`).at(-1) ?? relative).split(path.sep)
  const name = parts.splice(0, parts[0].startsWith('@') ? 2 : 1).join('/')
  return { name, file: parts.join('/') }
}

async function removeEmptyFolders(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeEmptyFolders(path.join(folder, entry.name))
  }
  if ((await readdir(folder)).length === 0) await rmdir(folder)
}
