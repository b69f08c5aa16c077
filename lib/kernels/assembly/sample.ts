import { fixed, fraction, fromBorder, hasNeighbours, isInside, pixelOf, SHARE } from './positions'

/** Bytes of what is written for a pixel: three floats, or one of luma. */
const COLOURS: usize = 12
const SHADE: usize = 4

/**
 * Samples rows of a square by linear interpolation; what lies outside the picture is 0.
 * @param image where pixel (0, 0) of a picture is, or would be: only what the square covers has to be there
 * @param isLuma whether its pixels are floats of luma; else they are RGB, a byte each
 * @param stride from one row of the picture to the next
 * @param width, height of the picture, in pixels
 * @param a, b, tx, ty from pixels of the square to pixels of the picture: x' = a x - b y + tx, y' = b x + a y + ty
 * @param size of the square, of which rows `from` to `to` are sampled
 * @param out (to - from) x size floats of luma, or three times as many of RGB, 0 to 255; nothing beyond
 * @param mirrored where the mirror image of RGB goes, left and right exchanged; 0: nowhere
 */
export function sampleSquare(
  image: usize,
  isLuma: bool,
  stride: i32,
  width: i32,
  height: i32,
  a: f64,
  b: f64,
  tx: f64,
  ty: f64,
  size: i32,
  from: i32,
  to: i32,
  out: usize,
  mirrored: usize,
): void {
  const pixel = isLuma ? SHADE : COLOURS
  const stepX = fixed(a)
  const stepY = fixed(b)
  for (let row = from; row < to; row++) {
    const y = <f64>row + 0.5
    let px = fromBorder(a * 0.5 - b * y + tx)
    let py = fromBorder(b * 0.5 + a * y + ty)
    // Pixels that have neighbours on all sides follow one another: they are sampled four at a time.
    let end = size
    while (end > 0 && !hasNeighbours(px + (end - 1) * stepX, py + (end - 1) * stepY, width, height)) end--
    for (let x = 0; x < size; ) {
      let count = 1
      if (end - x >= 4 && hasNeighbours(px, py, width, height)) {
        count = (end - x) & ~3
        if (isLuma) sampleFourShades(image, stride, px, py, stepX, stepY, count, out)
        else sampleFours(image, stride, px, py, stepX, stepY, count, out)
      } else if (isLuma) store<f32>(out, shadeAt(image, stride, width, height, px, py))
      else storePixel(out, pixelAt(image, stride, width, height, px, py))
      x += count
      px += count * stepX
      py += count * stepY
      out += <usize>count * pixel
    }
    if (mirrored === 0) continue
    mirrorRow(out, size, mirrored)
    mirrored += <usize>size * COLOURS
  }
}

/** Samples pixels of a row, all of which have neighbours: a multiple of four of them. */
function sampleFours(
  image: usize,
  stride: i32,
  px: i64,
  py: i64,
  stepX: i64,
  stepY: i64,
  count: i32,
  out: usize,
): void {
  let lowX = lowerHalves(px, stepX)
  let lowY = lowerHalves(py, stepY)
  const fourX = i32x4.splat(<i32>(4 * stepX))
  const fourY = i32x4.splat(<i32>(4 * stepY))
  for (const end = out + <usize>count * COLOURS; out < end; out += 4 * COLOURS) {
    const shares = sharesOf(lowX)
    const weight = weights(lowY)
    let at = placeOf(image, stride, px, py)
    v128.store(
      out,
      between(at, stride, v128.shuffle<i32>(shares, shares, 0, 0, 0, 0), v128.shuffle<i32>(weight, weight, 0, 0, 0, 0)),
    )
    at = placeOf(image, stride, px + stepX, py + stepY)
    v128.store(
      out,
      between(at, stride, v128.shuffle<i32>(shares, shares, 1, 1, 1, 1), v128.shuffle<i32>(weight, weight, 1, 1, 1, 1)),
      12,
    )
    at = placeOf(image, stride, px + 2 * stepX, py + 2 * stepY)
    v128.store(
      out,
      between(at, stride, v128.shuffle<i32>(shares, shares, 2, 2, 2, 2), v128.shuffle<i32>(weight, weight, 2, 2, 2, 2)),
      24,
    )
    at = placeOf(image, stride, px + 3 * stepX, py + 3 * stepY)
    storePixel(
      out + 36,
      between(at, stride, v128.shuffle<i32>(shares, shares, 3, 3, 3, 3), v128.shuffle<i32>(weight, weight, 3, 3, 3, 3)),
    )
    px += 4 * stepX
    py += 4 * stepY
    lowX = i32x4.add(lowX, fourX)
    lowY = i32x4.add(lowY, fourY)
  }
}

/** Where the pixel above and to the left of a position is. */
function placeOf(image: usize, stride: i32, px: i64, py: i64): usize {
  return image + pixelOf(py) * stride + 3 * pixelOf(px)
}

/** A pixel anywhere, by the neighbours it has. */
function pixelAt(image: usize, stride: i32, width: i32, height: i32, px: i64, py: i64): v128 {
  if (!isInside(px, py, width, height)) return f32x4.splat(0)
  const x = max<i64>(px, 0)
  const y = max<i64>(py, 0)
  // Beyond the last column and row there is nothing to interpolate with.
  const fx = pixelOf(x) < width - 1 ? <i32>x : 0
  const below = pixelOf(y) < height - 1 ? stride : 0
  return between(placeOf(image, stride, x, y), below, sharesOf(i32x4.splat(fx)), weights(i32x4.splat(<i32>y)))
}

/**
 * Between pixels of a row it is interpolated with shares of so many bits, as their products with bytes are added four at a
 * time then: off by 2^-15 of what pixels differ, 0.008 of 255, at most. Between rows, with floats.
 */
const SHARE_BITS = 14
const WHOLE_SHARE = 1 << SHARE_BITS
const SHARE_UNIT: f32 = <f32>1.0 / <f32>WHOLE_SHARE

/** For each of four positions, by their lower halves: the shares of the left and of the right of two pixels, 16 bits each. */
function sharesOf(lower: v128): v128 {
  const right = i32x4.shr_u(i32x4.add(i32x4.shr_u(lower, 31 - SHARE_BITS), i32x4.splat(1)), 1)
  return i32x4.add(i32x4.shl(right, 16), i32x4.sub(i32x4.splat(WHOLE_SHARE), right))
}

/** As `fractions`, for what was multiplied by shares. */
function weights(lower: v128): v128 {
  return f32x4.mul(fractions(lower), f32x4.splat(SHARE_UNIT))
}

/** Red of two pixels in a row, then green, then blue, 16 bits each: where their bytes are; all others are 0. */
const BOTH = i8x16(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1)

/**
 * Between two pixels of a row and the two below, so many bytes on: red, green, blue, and 0.
 * @param shares of the left and the right, four times
 * @param weight of the lower, four times
 */
function between(upper: usize, below: i32, shares: v128, weight: v128): v128 {
  const above = betweenTwo(upper, shares)
  const difference = i32x4.sub(betweenTwo(upper + below, shares), above)
  return f32x4.add(
    f32x4.mul(f32x4.convert_i32x4_s(above), f32x4.splat(SHARE_UNIT)),
    f32x4.mul(f32x4.convert_i32x4_s(difference), weight),
  )
}

function betweenTwo(pixels: usize, shares: v128): v128 {
  return i32x4.dot_i16x8_s(i8x16.swizzle(v128.load64_zero(pixels), BOTH), shares)
}

/** Writes the mirror image of the row that ends at a place. */
function mirrorRow(end: usize, size: i32, out: usize): void {
  const first = end - <usize>size * COLOURS
  for (end -= COLOURS; end > first; end -= COLOURS, out += COLOURS) v128.store(out, v128.load(end))
  storePixel(out, v128.load(first))
}

/** Not a fourth float: that may be of another picture. */
function storePixel(out: usize, pixel: v128): void {
  v128.store64_lane(out, pixel, 0)
  v128.store32_lane(out, pixel, 2, 8)
}

/** Samples luma of a row, where all has neighbours: a multiple of four shades. */
function sampleFourShades(
  image: usize,
  stride: i32,
  px: i64,
  py: i64,
  stepX: i64,
  stepY: i64,
  count: i32,
  out: usize,
): void {
  let lowX = lowerHalves(px, stepX)
  let lowY = lowerHalves(py, stepY)
  const fourX = i32x4.splat(<i32>(4 * stepX))
  const fourY = i32x4.splat(<i32>(4 * stepY))
  for (const end = out + ((<usize>count) << 2); out < end; out += 16) {
    const fx = fractions(lowX)
    const fy = fractions(lowY)
    const first = shadePlace(image, stride, px, py)
    const second = shadePlace(image, stride, px + stepX, py + stepY)
    const third = shadePlace(image, stride, px + 2 * stepX, py + 2 * stepY)
    const fourth = shadePlace(image, stride, px + 3 * stepX, py + 3 * stepY)
    const left = mix(
      pairs(first, second),
      pairs(first + stride, second + stride),
      v128.shuffle<i32>(fy, fy, 0, 0, 1, 1),
    )
    const right = mix(
      pairs(third, fourth),
      pairs(third + stride, fourth + stride),
      v128.shuffle<i32>(fy, fy, 2, 2, 3, 3),
    )
    v128.store(out, mix(v128.shuffle<i32>(left, right, 0, 2, 4, 6), v128.shuffle<i32>(left, right, 1, 3, 5, 7), fx))
    px += 4 * stepX
    py += 4 * stepY
    lowX = i32x4.add(lowX, fourX)
    lowY = i32x4.add(lowY, fourY)
  }
}

/** The luma anywhere, by the neighbours it has. */
function shadeAt(image: usize, stride: i32, width: i32, height: i32, px: i64, py: i64): f32 {
  if (!isInside(px, py, width, height)) return 0
  const x = max<i64>(px, 0)
  const y = max<i64>(py, 0)
  const upper = shadePlace(image, stride, x, y)
  // Beyond the last column and row there is nothing to interpolate with.
  const lower = pixelOf(y) < height - 1 ? upper + stride : upper
  const beside: usize = pixelOf(x) < width - 1 ? 4 : 0
  const fy = fraction(y)
  const left = load<f32>(upper) + (load<f32>(lower) - load<f32>(upper)) * fy
  const right = load<f32>(upper + beside) + (load<f32>(lower + beside) - load<f32>(upper + beside)) * fy
  return left + (right - left) * fraction(x)
}

function shadePlace(image: usize, stride: i32, px: i64, py: i64): usize {
  return image + pixelOf(py) * stride + (pixelOf(px) << 2)
}

/** Two shades from each of two places. */
function pairs(first: usize, second: usize): v128 {
  return v128.load64_lane(second, v128.load64_zero(first), 1)
}

function mix(first: v128, second: v128, share: v128): v128 {
  return f32x4.add(first, f32x4.mul(f32x4.sub(second, first), share))
}

/** The lower halves of four positions after each other. */
function lowerHalves(first: i64, step: i64): v128 {
  return i32x4.add(i32x4.splat(<i32>first), i32x4.mul(i32x4.splat(<i32>step), i32x4(0, 1, 2, 3)))
}

/** As `fraction`, of the lower halves of four positions. */
function fractions(lower: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(lower, 8)), f32x4.splat(SHARE))
}
