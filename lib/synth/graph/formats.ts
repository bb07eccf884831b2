/** The formats of pictures; the first is the default. Apart from what draws them, which is loaded late. */
export const FORMATS = ['mermaid', 'svg'] as const;

/** The name of a format. */
export type Format = (typeof FORMATS)[number];
