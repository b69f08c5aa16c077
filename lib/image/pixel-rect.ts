import type { PixelRect } from './photo.js'

/** Throws a RangeError unless `rect` is whole pixels, not empty, and inside a photo of `width` x `height` pixels. */
export function checkInside(rect: PixelRect, width: number, height: number): void {
  const { left, top } = rect
  const whole = [left, top, rect.width, rect.height].every(Number.isSafeInteger)
  const inside = left >= 0 && top >= 0 && left + rect.width <= width && top + rect.height <= height
  if (!whole || !inside || rect.width < 1 || rect.height < 1) {
    throw new RangeError(
      `Expected a rectangle of whole pixels inside ${width} x ${height}, received ${rect.width} x ${rect.height} at (${left}, ${top})`,
    )
  }
}

/**
 * Where a rectangle of the upright photo lies in the photo as it is stored.
 * `orientation` is the EXIF tag, 1 to 8 (EXIF 2.3, section 4.6.4 A); `storedWidth` and `storedHeight` are in pixels.
 */
export function rectAsStored(
  rect: PixelRect,
  orientation: number,
  storedWidth: number,
  storedHeight: number,
): PixelRect {
  const stored =
    orientation >= 5 ? { left: rect.top, top: rect.left, width: rect.height, height: rect.width } : { ...rect }
  if ([2, 3, 7, 8].includes(orientation)) stored.left = storedWidth - stored.left - stored.width
  if ([3, 4, 6, 7].includes(orientation)) stored.top = storedHeight - stored.top - stored.height
  return stored
}
