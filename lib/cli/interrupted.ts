/** Thrown when the person at the terminal gave up, as with Ctrl-C. Nothing was written. */
export class Interrupted extends Error {}
