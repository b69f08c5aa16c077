/** The photos there are to try the service with; `group` shows both people and more. */
export const SAMPLE_NAMES = ['reference', 'same-person', 'other-person', 'group'] as const
export type SampleName = (typeof SAMPLE_NAMES)[number]
