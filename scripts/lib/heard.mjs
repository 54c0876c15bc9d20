// While tests run, every sentence that the code makes in two languages is heard: src/common/text.ts has one maker, and so
// one place to listen at. The code itself knows nothing of it.

/** What listens, if anybody does: a function of the global object. */
export const ear = 'mtlHeard';

/**
 * @param {string} url address or path of a module
 */
export const isMaker = (url) => /[\\/]src[\\/]common[\\/]text\.ts(?:\?|$)/.test(url);

/**
 * The maker with its ear, from the source or from what was made of it.
 * @param {string} source
 */
export function withEar(source) {
  const maker =
    /\btext\s*=\s*(?:\/\* @__PURE__ \*\/ )?(?:__name\()?\(en(?:: string)?,\s*zh(?:: string)?\)(?:: Text)?\s*=>\s*/;
  if (!maker.test(source)) throw new Error('src/common/text.ts makes its sentences in another way: mend this file.');
  return source.replace(maker, (found) => `${found}globalThis.${ear}?.(en, zh) ?? `);
}

const han = /\p{Script=Han}/u;
/** What is somebody's own, or code: never judged. */
const foreign = /“[^”]*”|"(?:[^"\\]|\\.)*"|`[^`]*`|‘[^’]*’|\[[^\]]*\]|(?<=^|[\s：，；（])\/\S+/g;
const word = /(?<![\w./-])[A-Za-z][a-z']+(?![\w/(=-])/g;

/**
 * What is wrong with a sentence in two languages, as it was made: English where Chinese belongs, half-width marks between
 * Chinese characters.
 *
 * @param {string} en
 * @param {string} zh
 * @returns {readonly string[]}
 */
export function mistakesIn(en, zh) {
  // Further lines without Chinese are what another program said.
  const told = zh.split('\n').filter((line, at) => at === 0 || han.test(line));
  const [english, chinese] = [en, told.join('\n')].map((one) => one.replace(foreign, 'X'));
  const found = [];
  // A name that both languages have alike is somebody's.
  const isName = en === zh;
  if (!han.test(zh) && en.endsWith('.') && (english?.match(word) ?? []).length >= 3) found.push('no Chinese');
  if (/(?:(?<![\w./-])[a-z][a-z']+ ){3}[a-z]/.test(chinese ?? '')) found.push('English in the Chinese');
  if (!isName && /\p{Script=Han}[,;:!?()]|[,;:!?(] ?\p{Script=Han}|\p{Script=Han} [,;:!?)]/u.test(chinese ?? '')) {
    found.push('half-width marks between Chinese characters');
  }
  return found;
}
