/**
 * What is described of each face: chips that lie so many pixels lower than the one that the landmarks place, each together
 * with its mirror image. The descriptors are averaged, so more chips take longer and tell people apart better
 * (docs/ACCURACY.md).
 */
export const PRESETS = { fast: [0], accurate: [0, 3] } as const satisfies Record<string, readonly number[]>

export type PresetName = keyof typeof PRESETS
export const PRESET_NAMES = ['fast', 'accurate'] as const satisfies readonly PresetName[]
export const DEFAULT_PRESET: PresetName = 'fast'

/** How many chips the descriptor network is given for one face. */
export function chipsOf(preset: PresetName): number {
  return 2 * PRESETS[preset].length
}
