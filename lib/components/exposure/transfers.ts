/** Seconds that a transfer may stand still, or at Google take as a whole. */
export const IDLE_SECONDS = 3600;
