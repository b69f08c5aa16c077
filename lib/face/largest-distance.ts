/** Largest distance between two faces. It stands alone, so that who only names it loads nothing that looks at photos. */
export const LARGEST_DISTANCE = 2
