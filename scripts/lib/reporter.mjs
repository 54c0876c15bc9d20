// A reporter for node:test: a line a file, failures in full, and the totals into a file for scripts/test.mjs.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './process.mjs';
import { sourceOfTest } from './test-bundles.mjs';

/**
 * @typedef {object} Totals
 * @property {number} passed
 * @property {number} failed
 * @property {{name: string, reason: string}[]} skipped
 * @property {string[]} failures
 */

/**
 * What of node:test's events is used here.
 * @typedef {object} EventData
 * @property {string} name
 * @property {string} [file]
 * @property {number} nesting
 * @property {string | boolean} [skip]
 * @property {string | boolean} [todo]
 * @property {string} [message]
 * @property {{duration_ms?: number, type?: string, error?: Error & {cause?: unknown}}} details
 */

/** @param {string | undefined} file */
const short = (file) => (file === undefined ? '' : path.relative(root, sourceOfTest(file)));

/**
 * @param {EventData['details']['error']} error
 * @returns {string}
 */
function textOf(error) {
  const cause = error?.cause instanceof Error ? error.cause : error;
  return cause?.stack ?? cause?.message ?? String(error?.cause ?? error);
}

/**
 * What went wrong in a line, for the list at the end: of a long log often only the end is kept.
 * @param {EventData['details']['error']} error
 */
function inOneLine(error) {
  const lines = textOf(error).split(/\n\s+at /)[0] ?? '';
  return lines.replace(/\s+/g, ' ').slice(0, 400);
}

/** @param {EventData['details']['error']} error */
function explain(error) {
  return textOf(error)
    .split('\n')
    .filter((line) => !/^\s+at .*(node:internal|node:async_hooks)/.test(line))
    .slice(0, 60)
    .map((line) => `      ${line}`)
    .join('\n');
}

/**
 * Groups and files are not counted, except a file that fails outside its tests (it could not be loaded, it ran too long).
 * @param {EventData} data
 * @param {boolean} failed
 */
function counts(data, failed) {
  if (failed) {
    const error = /** @type {{failureType?: string} | undefined} */ (data.details.error);
    return error?.failureType !== 'subtestsFailed'; // those have been counted themselves
  }
  const isFile = data.nesting === 0 && data.file !== undefined && path.resolve(data.name) === path.resolve(data.file);
  return data.details.type !== 'suite' && !isFile;
}

/**
 * @param {AsyncIterable<{type: string, data: EventData}>} source
 * @returns {AsyncGenerator<string>}
 */
export default async function* report(source) {
  /** @type {Totals} */
  const totals = { passed: 0, failed: 0, skipped: [], failures: [] };
  /** @type {Map<string, {passed: number, milliseconds: number}>} */
  const files = new Map();
  /** Of the last test: a group may be made by a helper that lies elsewhere. */
  let within = '';
  for await (const { type, data } of source) {
    if (type === 'test:stdout' || type === 'test:stderr') {
      yield String(data.message).replace(/^(?=.)/gm, '      ');
    } else if (type === 'test:pass' && counts(data, false)) {
      if (data.skip !== undefined && data.skip !== false) {
        const reason = typeof data.skip === 'string' && data.skip !== '' ? data.skip : 'no reason given';
        totals.skipped.push({ name: data.name, reason });
        yield `  - skipped: ${data.name}: ${reason}\n`;
      } else {
        totals.passed += 1;
        const file = short(data.file);
        const entry = files.get(file) ?? { passed: 0, milliseconds: 0 };
        entry.passed += 1;
        files.set(file, entry);
        within = file;
      }
    } else if (type === 'test:fail' && counts(data, true)) {
      totals.failed += 1;
      totals.failures.push(`${short(data.file)}: ${data.name}\n    ${inOneLine(data.details.error)}`);
      yield `  ✖ ${short(data.file)}: ${data.name}\n${explain(data.details.error)}\n`;
    }
    // A test's time is within its parents': only the outermost are added.
    if ((type === 'test:pass' || type === 'test:fail') && data.nesting === 0) {
      const entry = files.get(data.details.type === 'suite' ? within : short(data.file));
      if (entry !== undefined) entry.milliseconds += data.details.duration_ms ?? 0;
    }
  }
  for (const [file, { passed, milliseconds }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    yield `  ${String(passed).padStart(4)} passed  ${(milliseconds / 1000).toFixed(1).padStart(6)} s  ${file}\n`;
  }
  const target = process.env['MTL_TEST_TOTALS'];
  if (target !== undefined) fs.writeFileSync(target, JSON.stringify(totals));
}
