/** The backends that can run the networks. */
export const RUNTIME_NAMES = ['tensorflow', 'onnx', 'wasm', 'face-api'] as const
/**
 * A runtime of the networks.
 * @useDeclaredType
 */
export type RuntimeName = (typeof RUNTIME_NAMES)[number]

/** What the networks are computed with: 32-bit floats, or 8-bit integers. */
export const PRECISIONS = ['fp32', 'int8'] as const
export type Precision = (typeof PRECISIONS)[number]

/** What the detector says of each anchor of each image, before non-maximum suppression. */
export interface DetectorOutput {
  /** count x anchors x 4: ymin, xmin, ymax, xmax, relative to the side of the square input (0 to 1, may lie outside). */
  readonly boxes: Float32Array
  /** count x anchors: how sure the detector is that the box holds a face, 0 to 1. */
  readonly scores: Float32Array
}

/**
 * The networks on some backend: the only thing that knows a backend.
 * Pixels are RGB, 0 to 255, float32, batch x height x width x 3; the networks normalise them themselves.
 * Inputs may be reused by the caller once the promise is settled; outputs belong to the caller.
 */
export interface FaceNetworks {
  readonly runtime: RuntimeName
  readonly precision: Precision
  /** The backend in words, for logs and `doctor`: library, version and precision. */
  readonly description: string
  /** Square images of side `size` (a multiple of 64): count x size x size x 3. */
  detect(images: Float32Array, size: number, count: number): Promise<DetectorOutput>
  /**
   * Square images of side `size` (a multiple of 32), one large face in each: count x size x size x 3. By the tiny detector, which
   * takes a sixth of the time; its boxes and scores are not `detect`'s.
   */
  detectPortraits(images: Float32Array, size: number, count: number): Promise<DetectorOutput>
  /** count x 112 x 112 x 3 -> count x 136: x and y of 68 points, relative to the side of the square (0 to 1). */
  landmarks(crops: Float32Array, count: number): Promise<Float32Array>
  /** count x 150 x 150 x 3 -> count x 128: dlib's face descriptors, not scaled to length 1. */
  descriptors(chips: Float32Array, count: number): Promise<Float32Array>
  close(): Promise<void>
}
