import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { ActivationRange } from '../networks/activation-ranges.js'
import { readWeightsManifest } from '../weights.js'
import type { GraphSource } from './graph-networks.js'

/** Where what writes graphs lies: the descriptions of the networks and the writers of the formats, and what calls them. */
const WRITERS = ['../networks/', './']

/** The name of a graph among those that are kept. */
export type GraphKey = (source: GraphSource, ranges?: readonly ActivationRange[]) => string

/**
 * Names for graphs of a format. Whatever a graph is made from is part of its name: the weights, the ranges of its
 * activations, the code that writes it. So a kept one is never that of another release.
 */
export async function graphKeys(format: 'onnx' | 'tensorflow'): Promise<GraphKey> {
  const { networks } = await readWeightsManifest()
  const weights = new Map(Object.entries(networks).map(([name, network]) => [name, network.weights.sha256]))
  const writers = await Promise.all(WRITERS.map(digestOfFolder))
  return ({ name }, ranges) => {
    const madeFrom = JSON.stringify([weights.get(name), ranges, writers])
    return `${format}-${name}-${digest(madeFrom).slice(0, 32)}`
  }
}

async function digestOfFolder(relative: string): Promise<string> {
  const folder = new URL(relative, import.meta.url)
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js')).sort()
  const contents = await Promise.all(files.map((name) => readFile(new URL(name, folder))))
  return digest(contents.map(digest).join())
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
