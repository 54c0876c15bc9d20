// What every test begins with.
import { register } from 'node:module';
import fc from 'fast-check';
import { ear, mistakesIn } from '../scripts/lib/heard.mjs';

// Property tests meet the same cases on every machine, so that a red run can be repeated: FC_SEED=n takes other cases,
// FC_SEED=random new ones each time.
const seed = process.env['FC_SEED'] ?? '1';
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });

// Whatever a test provokes, it is told in both languages: every sentence that is made is looked at, whether the test asks
// for it or not. A wrong one makes its file fail at the end, with the sentence.
// Bundles were made with it.
if (process.execArgv.includes('tsx')) register('./heard-loader.mjs', import.meta.url);
/** @type {Set<string>} */
const heard = new Set();
/** @type {string[]} */
const wrong = [];
/**
 * @param {string} en
 * @param {string} zh
 */
function listen(en, zh) {
  const sentence = `${en}\n${zh}`;
  if (heard.has(sentence)) return undefined;
  // Property tests say a great many.
  if (heard.size > 10_000) heard.clear();
  heard.add(sentence);
  for (const mistake of mistakesIn(en, zh)) wrong.push(`${mistake}:\n  ${en}\n  ${zh}`);
  return undefined;
}
Object.assign(globalThis, { [ear]: listen });
process.on('exit', () => {
  if (wrong.length === 0) return;
  console.error(['Sentences for people that are wrong in Chinese (scripts/lib/heard.mjs):', ...wrong].join('\n'));
  process.exitCode = 1;
});
