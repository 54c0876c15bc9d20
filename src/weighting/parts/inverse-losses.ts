/** Inverses of losses that stay finite. */

/** Below this a loss counts as this, so that its inverse and the inverse's products stay finite. */
const least = 1e-30;

export const inverse = (losses: readonly number[]): number[] => losses.map((loss) => 1 / Math.max(loss, least));
