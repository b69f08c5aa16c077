/** What is described of a face. */
interface Preset {
  /** How many pixels lower than the one that the landmarks place each chip lies. */
  readonly lower: readonly number[]
  /** Whether the mirror image of each chip is described too. */
  readonly mirrored: boolean
}

/**
 * From the fastest to the most thorough. The descriptors of a face's chips are averaged, so more chips take longer and tell
 * people apart better (docs/ACCURACY.md).
 */
export const PRESETS = {
  fastest: { lower: [0], mirrored: false },
  fast: { lower: [0], mirrored: true },
  accurate: { lower: [0, 3], mirrored: true },
} as const satisfies Record<string, Preset>

export type PresetName = keyof typeof PRESETS
export const PRESET_NAMES = ['fastest', 'fast', 'accurate'] as const satisfies readonly PresetName[]
export const DEFAULT_PRESET: PresetName = 'fast'

/** How many chips the descriptor network is given for one face. */
export function chipsOf(preset: PresetName): number {
  const { lower, mirrored } = PRESETS[preset]
  return (mirrored ? 2 : 1) * lower.length
}
