/**
 * tfjs-node asks Node's `util` for functions that Node 23 took away. They are put back before it is loaded: import this
 * first. (Both are what they always were: `isArray` is Array.isArray.)
 */
import { createRequire } from 'node:module';

// The CommonJS object, which can be added to; the names of an ES module cannot.
const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
// Also where it is there still: calling that one makes Node 22 complain in the run's log.
util['isArray'] = Array.isArray;
util['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
