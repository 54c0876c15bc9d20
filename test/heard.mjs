// Every sentence that a test makes the code say is looked at in both languages.
import fs from 'node:fs';
import { register } from 'node:module';
import { ear } from '../scripts/lib/heard.mjs';
register('./heard-loader.mjs', import.meta.url);
const quoted = /“[^”]*”|"(?:[^"\\]|\\.)*"|`[^`]*`|‘[^’]*’/g;
const han = /\p{Script=Han}/u;
const seen = new Set();
/** @type {any} */ (globalThis)[ear] = (en, zh) => {
  const key = `${en}\0${zh}`;
  if (seen.has(key)) return undefined;
  seen.add(key);
  const bare = zh.replace(quoted, ' ');
  const found = [];
  const words = en.replace(quoted, ' ').match(/(?<![\w./-])[A-Za-z][a-z']+(?![\w/(=-])/g) ?? [];
  if (!han.test(zh) && words.length >= 3) found.push('no Chinese');
  if (/(?:(?<![\w./-])[a-z][a-z']+ ){3}[a-z]/.test(bare)) found.push('English in Chinese');
  if (/\p{Script=Han}\s*[,;:!?()]|[,;:!?(]\s*\p{Script=Han}/u.test(bare)) found.push('half-width');
  if (han.test(en.replace(quoted, ' '))) found.push('Chinese in English');
  if (found.length) fs.appendFileSync('/tmp/heard.log', `${found.join()} | ${en} | ${zh}\n`);
  return undefined;
};
process.on('exit', () => fs.appendFileSync('/tmp/heard-n.log', `${seen.size}\n`));
