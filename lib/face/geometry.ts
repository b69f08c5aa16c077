/** A position in pixels: pixel i covers i to i + 1, so its centre is at i + 0.5. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** A rectangle in pixels; its edges need not be whole. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A square turned around its centre by `turn` radians, clockwise. */
export interface TurnedSquare {
  readonly centre: Point
  readonly side: number
  readonly turn: number
}

/**
 * Rotation, scale and shift: x' = a x - b y + tx, y' = b x + a y + ty.
 * The scale is hypot(a, b), the angle atan2(b, a) (clockwise, as y points down).
 */
export interface Similarity {
  readonly a: number
  readonly b: number
  readonly tx: number
  readonly ty: number
}

export function applySimilarity({ a, b, tx, ty }: Similarity, { x, y }: Point): Point {
  return { x: a * x - b * y + tx, y: b * x + a * y + ty }
}

/** The transform that undoes another one. */
export function invertSimilarity({ a, b, tx, ty }: Similarity): Similarity {
  const square = a * a + b * b
  const [ia, ib] = [a / square, -b / square]
  return { a: ia, b: ib, tx: -(ia * tx - ib * ty), ty: -(ib * tx + ia * ty) }
}

/** First `inner`, then `outer`. */
export function composeSimilarities(outer: Similarity, inner: Similarity): Similarity {
  const { x: tx, y: ty } = applySimilarity(outer, { x: inner.tx, y: inner.ty })
  return { a: outer.a * inner.a - outer.b * inner.b, b: outer.a * inner.b + outer.b * inner.a, tx, ty }
}

/** From a square of `size` pixels onto a square of side `side` around `centre`, turned by `angle` radians. */
export function squareToImage(centre: Point, side: number, angle: number, size: number): Similarity {
  const scale = side / size
  const [a, b] = [scale * Math.cos(angle), scale * Math.sin(angle)]
  const half = size / 2
  return { a, b, tx: centre.x - (a * half - b * half), ty: centre.y - (b * half + a * half) }
}

/** The same square in a picture `factor` times as large. */
export function scaleSquare({ centre, side, turn }: TurnedSquare, factor: number): TurnedSquare {
  return { centre: { x: factor * centre.x, y: factor * centre.y }, side: factor * side, turn }
}

/**
 * The similarity that maps `from` onto `to` with the least sum of squared distances, without reflection.
 * Source: Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991, in two
 * dimensions, where it has this closed form.
 * @throws RangeError when the points of `from` all coincide
 */
export function fitSimilarity(from: readonly Point[], to: readonly Point[]): Similarity {
  const [f, t] = [meanPoint(from), meanPoint(to)]
  let [dot, cross, square] = [0, 0, 0]
  from.forEach((point, i) => {
    const [fx, fy, gx, gy] = [point.x - f.x, point.y - f.y, to[i].x - t.x, to[i].y - t.y]
    dot += fx * gx + fy * gy
    cross += fx * gy - fy * gx
    square += fx * fx + fy * fy
  })
  if (square === 0) throw new RangeError('no similarity transform starts from points that all coincide')
  const [a, b] = [dot / square, cross / square]
  return { a, b, tx: t.x - (a * f.x - b * f.y), ty: t.y - (b * f.x + a * f.y) }
}

export function meanPoint(points: readonly Point[]): Point {
  let [sumX, sumY] = [0, 0]
  for (const { x, y } of points) {
    sumX += x
    sumY += y
  }
  return { x: sumX / points.length, y: sumY / points.length }
}

export function distance(p: Point, q: Point): number {
  return Math.hypot(p.x - q.x, p.y - q.y)
}

export function boxCentre({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + height / 2 }
}

/** What of a box lies inside a picture of that size; the box reaches into it. */
export function cutBox(
  { x, y, width, height }: Box,
  picture: { readonly width: number; readonly height: number },
): Box {
  const [left, top] = [Math.max(0, x), Math.max(0, y)]
  return {
    x: left,
    y: top,
    width: Math.min(picture.width, x + width) - left,
    height: Math.min(picture.height, y + height) - top,
  }
}

/** The smallest upright box around the points. */
export function boundingBox(points: readonly Point[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { x, y } of points) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x)
    bottom = Math.max(bottom, y)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** Overlap of two boxes: the area of what they share over the area of what they cover together. */
export function intersectionOverUnion(p: Box, q: Box): number {
  const width = Math.min(p.x + p.width, q.x + q.width) - Math.max(p.x, q.x)
  const height = Math.min(p.y + p.height, q.y + q.height) - Math.max(p.y, q.y)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (p.width * p.height + q.width * q.height - shared)
}
