/*
 * A component of a JPEG (luma, or one of the differences of colour), as eight 32-bit integers; there are three, one after
 * another.
 */

/** Where its tables are: of codes for first coefficients and for others, and its quantisers. */
export const DC: usize = 0
export const AC: usize = 4
export const QUANTISERS: usize = 8
/** Where its shades are, in bytes, and from one row of them to the next. */
export const SHADES: usize = 12
export const STRIDE: usize = 16
/** How many blocks of 8 x 8 it has in a unit of the picture. */
export const ACROSS: usize = 20
export const DOWN: usize = 24
/** The first coefficient of the block before, from which the next one's is told. */
export const PREDICTED: usize = 28

/** Bytes of one. */
export const COMPONENT: usize = 32
export const COMPONENTS: usize = 3
