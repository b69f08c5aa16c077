/** The least and the largest value that an activation is given room for. */
export type ActivationRange = readonly [least: number, most: number]
