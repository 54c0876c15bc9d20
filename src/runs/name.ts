/** What runs and experiments are called. */
import * as path from 'node:path';

/**
 * As the spec says, else as its file is called, without the ending.
 *
 * @param name the spec's own
 */
export const nameOf = (name: string | undefined, specFile: string): string =>
  name ?? path.basename(specFile).replace(/(\.mtl)?\.json$/i, '');
