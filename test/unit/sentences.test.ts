// What a person may read is written in both languages: every English sentence of the code has its Chinese beside it, or a
// reason why nobody reads it in Chinese.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../scripts/lib/process.mjs';
import { halfWidthIn, loneSentences } from '../../scripts/lib/sentences.ts';
import { projectFiles } from './project-files.ts';

interface Exception {
  readonly files: RegExp;
  readonly reason: string;
  /** Which of their sentences; all without it. */
  readonly text?: RegExp;
}

/** Sentences in one language, and why. What is thrown as a plain error is a fault of the program (told-errors.test.ts). */
const exceptions: readonly Exception[] = [
  { files: /^src\/spec\/reading\/foreign\.ts$/, reason: 'names of other libraries, which are looked up' },
  { files: /^src\/trainer\/errors\.ts$/, reason: 'what engines and systems say, which is recognized', text: /\|/ },
  { files: /^src\/runtime\/(?:probe|resume|source)\.ts$/, reason: 'programs', text: /^\n/ },
  { files: /^src\/cli\/prediction-formats\.ts$/, reason: 'the header of an array of NumPy', text: /^\{'descr'/ },
  { files: /^src\/editor\/create\/proposal\.ts$/, reason: 'lines of a spec', text: /^\s+"/ },
  { files: /^src\/experiment\/affinity-arms\.ts$/, reason: 'lines of a spec', text: /^"experiment"/ },
  {
    files: /^src\/experiment\/single-task\.ts$/,
    reason: 'a comment in a derived spec, which is compared as it stands',
    text: /^\/\/ /,
  },
  {
    files: /^src\/(?:runs\/(?:reader|records)|experiment\/driver\/ledger)\.ts$/,
    reason: 'what is wrong with a line of a file that programs write; shown nowhere',
  },
  { files: /^src\/samples\/column-report\.ts$/, reason: 'log.txt' },
  { files: /^src\/samples\/stream\/texts\.ts$/, reason: 'log.txt', text: /^(?:The data would take|Read from disk)/ },
  {
    files: /^src\/editor\/(?:experiments|panels|doctor)\/[\w-]+\.ts$/,
    reason: 'the log',
    text: /fits no known type|Only \0/,
  },
  { files: /^src\/editor\/training\/train\.ts$/, reason: 'the log', text: /^Started/ },
  { files: /^src\/experiment\/report\/html\.ts$/, reason: 'a style sheet and tags', text: /^(?:\n|<)/ },
  { files: /^src\/editor\/window\/page\.ts$/, reason: 'tags', text: /^</ },
  { files: /^src\/experiment\/report\/latex\.ts$/, reason: 'comments in a source that other programs read' },
  { files: /^src\/weighting\//, reason: 'names in the sentence of a fault' },
  { files: /^src\/trainer\/step\//, reason: 'names of parts of a graph' },
  { files: /^webview\/experiment\/en\.ts$/, reason: 'a table, whose Chinese is zh.ts beside it' },
  { files: /^webview\/host\.ts$/, reason: 'the log', text: /fits no known type/ },
  { files: /^webview\/diagram\/(?:render|node-losses)\.ts$/, reason: 'selectors', text: /^(?:\.|:scope)/ },
  { files: /^webview\/diagram\/render\.ts$/, reason: 'a style sheet', text: /^\n/ },
  { files: /^webview\/export\/panel\.ts$/, reason: 'names of fonts', text: /serif$/ },
  { files: /^webview\/charts\/chart-picture\.ts$/, reason: 'tags', text: /^</ },
  { files: /^src\/spec\/telling\/snippets\.ts$/, reason: 'lines of a spec', text: /^\t+"/ },
];

const sources = projectFiles()
  .filter((file) => /^(?:src|webview)\/.*\.ts$/.test(file))
  .map((file) => ({ file, code: fs.readFileSync(path.join(root, file), 'utf8') }));

const used = new Set<Exception>();
function isExcepted(file: string, text: string): boolean {
  const found = exceptions.find((one) => one.files.test(file) && (one.text?.test(text) ?? true));
  if (found !== undefined) used.add(found);
  return found !== undefined;
}

describe('sentences of the code', () => {
  test('a sentence alone is found, one with its Chinese is not', () => {
    const lone = (code: string, translated = false): readonly string[] =>
      loneSentences('a.ts', code, translated).map(({ text }) => text);
    assert.deepEqual(lone("tell('There is no file.');"), ['There is no file.']);
    assert.deepEqual(lone('tell(`There is ${no} file here.`);'), ['There is \0 file here.']);
    assert.deepEqual(lone("text('There is no file.', '没有文件。');"), []);
    assert.deepEqual(lone("const a = { en: 'There is no file.', zh: '没有文件。' };"), []);
    assert.deepEqual(lone("const en = 'There is no file.'; const zh = '没有文件。';"), []);
    assert.deepEqual(lone("const why = x ? 'There is no file.' : '没有文件。';"), []);
    assert.deepEqual(lone("l10n.t('There is no file.');"), ['There is no file.']);
    assert.deepEqual(lone("l10n.t('There is no file.');", true), []);
    assert.deepEqual(lone("const a = 'two words'; import 'a b c d e';"), []);
    // The Chinese of another sentence is none of this one.
    assert.deepEqual(lone("function f() { tell('There is no file.'); tell('没有文件。'); }"), ['There is no file.']);
    const [fault] = loneSentences('a.ts', "throw new RangeError('There is no such row.');", false);
    assert.equal(fault?.fault, true);
  });

  test('every one that is no fault of the program stands in both languages', () => {
    const lone = sources.flatMap(({ file, code }) =>
      // In the editor and on the command line even a fault is shown as it is.
      loneSentences(file, code, file.startsWith('src/editor/'))
        .filter(({ fault, text }) => (!fault || /^src\/(?:editor|cli)\//.test(file)) && !isExcepted(file, text))
        .map(({ line, text }) => `${file}:${String(line)}: ${text.replaceAll('\0', '…')}`),
    );
    assert.deepEqual(lone, []);
    assert.deepEqual(
      exceptions.filter((one) => !used.has(one)),
      [],
      'an exception that excepts nothing is left out',
    );
  });

  test('lists within a Chinese sentence are joined by Chinese marks', () => {
    const half = (code: string): number => halfWidthIn('a.ts', code).length;
    assert.equal(half("const a = `有${names.join(', ')}。`;"), 1);
    assert.equal(half("const a = { en: '', zh: names.map(({ zh }) => zh).join('; ') };"), 1);
    assert.equal(half("const a = `有${names.join('、')}，形状为 [${shape.join(', ')}]。`;"), 0);
    assert.equal(half("const a = `有${text.replaceAll(', ', '、')}。`;"), 0);
    assert.equal(half("const a = `There are ${names.join(', ')}.`;"), 0);
    const found = sources.flatMap(({ file, code }) =>
      halfWidthIn(file, code).map(({ line, text }) => `${file}:${String(line)}: “${text}”`),
    );
    assert.deepEqual(found, []);
  });
});
