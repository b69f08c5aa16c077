import type { CompareOptions, FaceEngine } from '../lib/face-engine.js'
import type { Comparison } from '../schemas/compare.js'

const FACE = {
  box: { x: 1, y: 2, width: 30, height: 40 },
  score: 0.9,
  points: {
    right_eye_outer: { x: 5, y: 10 },
    right_eye_inner: { x: 10, y: 10 },
    left_eye_inner: { x: 20, y: 10 },
    left_eye_outer: { x: 25, y: 10 },
    nose_base: { x: 15, y: 20 },
  },
  quality: 0.8,
  flaws: [],
  measures: {
    eye_distance: 15,
    sharpness: 0.15,
    overexposed: 0,
    visible: 1,
    yaw: 2,
    pitch: -3,
    shift: 0.04,
    symmetry: 0.99,
  },
}

/** A reply as an engine gives it, with its keys in an order of their own. */
export const COMPARISON: Comparison = {
  reference_image: { width: 64, height: 48, faces: 1, chosen: 'only', face: FACE, others: [] },
  live_image: {
    width: 48,
    height: 64,
    faces: 2,
    chosen: 'largest',
    face: FACE,
    others: [{ box: { x: 31, y: 2, width: 9, height: 12 }, score: 0.6 }],
  },
  distance: 0.25,
  threshold: 0.5,
  similarity: 0.75,
  false_match_rate: 0.001,
  same_photo: false,
  engine: 'onnx',
  model: 'a model',
  identical: true,
}

type Compare = (
  referencePath: string,
  livePath: string,
  options: CompareOptions,
  livePaths: readonly string[],
) => Promise<Comparison>

/** An engine without networks, for tests of what is around it. */
export function fakeEngine(compare: Compare = async () => COMPARISON, changes: Partial<FaceEngine> = {}): FaceEngine {
  return {
    runtime: 'onnx',
    description: 'an engine for tests',
    failed: [],
    compare(referencePath, livePath, options = {}) {
      const livePaths = [livePath].flat()
      return compare(referencePath, livePaths[0], options, livePaths)
    },
    readiness: () => ({ ready: true }),
    reserve: () => () => {},
    async close() {},
    ...changes,
  }
}

/** An engine that is never done, and gives up when it is told to. `started` fulfils with the path of the first photo. */
export function endlessEngine() {
  let start: (referencePath: string) => void = () => {}
  let stop: (reason: unknown) => void = () => {}
  const started = new Promise<string>((resolve) => {
    start = resolve
  })
  const stopped = new Promise<unknown>((resolve) => {
    stop = resolve
  })
  const engine = fakeEngine(
    (referencePath, _livePath, { signal }) =>
      new Promise((_resolve, reject) => {
        start(referencePath)
        signal?.addEventListener('abort', () => {
          stop(signal.reason)
          reject(signal.reason)
        })
      }),
  )
  return { engine, started, stopped }
}
