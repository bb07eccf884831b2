/** Thrown when the user cancels a prompt, for example with Ctrl-C. Nothing was written. */
export class Interrupted extends Error {}
