import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { Arguments, helpOf, readArguments, type VerbTable } from '../../../src/cli/arguments.ts';
import { CliError } from '../../../src/cli/error.ts';
import { language, setLanguage, t } from '../../../src/cli/language.ts';

const verb: VerbTable = {
  name: 'draw',
  usage: 'draw FILE',
  help: { en: 'Draws.', zh: '绘制。' },
  options: {
    color: { type: 'string', value: 'NAME', help: { en: 'which', zh: '颜色' } },
    'in-part': { type: 'string', value: 'PART', help: { en: 'only that', zh: '仅该部分' } },
    layer: { type: 'string', value: 'N', multiple: true, help: { en: 'on top', zh: '图层' } },
    fine: { type: 'boolean', help: { en: 'slowly', zh: '精细' } },
  },
  words: [1, 2],
};
const read = (...argv: string[]): Arguments => readArguments(verb, argv);
/** What a person is told, in both languages. */
const refused = (...argv: string[]): readonly [string, string] => {
  try {
    read(...argv);
  } catch (error) {
    assert.ok(error instanceof CliError);
    assert.equal(error.exitCode, 2);
    return [error.text.en, error.text.zh];
  }
  return assert.fail('it was read');
};
const complaint = (work: () => unknown): readonly [string, string] => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof CliError);
    return [error.text.en, error.text.zh];
  }
  return assert.fail('it was taken');
};
const hint = ['"mtl draw --help" shows what it takes.', '“mtl draw --help”显示全部用法。'];

beforeEach(() => setLanguage('en'));

describe('reading', () => {
  test('words in order, values by name', () => {
    const args = read('a.json', '--color', 'red', '--layer', '1', 'b', '--layer=2', '--fine');
    assert.deepEqual(args.words, ['a.json', 'b']);
    assert.deepEqual([args.word(0), args.word(1), args.word(2)], ['a.json', 'b', '']);
    assert.deepEqual([args.text('color'), args.text('fine'), args.text('layer')], ['red', undefined, undefined]);
    assert.deepEqual([args.list('layer'), args.list('color')], [['1', '2'], []]);
    assert.deepEqual([args.flag('fine'), args.flag('color'), args.flag('help')], [true, false, false]);
  });

  test('an option that is given twice but is no list keeps its last value', () => {
    assert.equal(read('a', '--color', 'red', '--color', 'blue').text('color'), 'blue');
  });

  test('too few or too many words: the usage; with --help any number', () => {
    assert.deepEqual(refused(), [`Usage: mtl draw FILE. ${hint[0]}`, `用法：mtl draw FILE。${hint[1]}`]);
    assert.deepEqual(refused('a', 'b', 'c'), refused());
    assert.deepEqual(read('a', 'b').words, ['a', 'b']);
    assert.equal(read('--help').flag('help'), true);
    assert.equal(read('a', 'b', 'c', '--help').words.length, 3);
  });

  test('unknown options name the nearest, in the language that the same words ask for', () => {
    assert.equal(refused('a', '--colr', 'x')[0], `There is no option --colr. Did you mean --color? ${hint[0]}`);
    assert.equal(refused('a', '--qqqqqqqq')[0], `There is no option --qqqqqqqq. ${hint[0]}`);
    assert.equal(refused('a', '--lang', 'zh', '--colr')[1], `没有选项 --colr。 是否想用 --color？ ${hint[1]}`);
    // A third of the letters of the name may differ: its dashes are none.
    assert.equal(refused('a', '--fin')[0], `There is no option --fin. Did you mean --fine? ${hint[0]}`);
    assert.equal(refused('a', '--part=3')[0], `There is no option --part. ${hint[0]}`);
    assert.equal(refused('a', '-x')[0], `There is no option -x. ${hint[0]}`);
  });

  test('a value that is missing, or is not wanted', () => {
    assert.equal(refused('a', '--color')[0], `The option --color needs a value (NAME). ${hint[0]}`);
    assert.equal(refused('a', '--in-part')[0], `The option --in-part needs a value (PART). ${hint[0]}`);
    assert.equal(refused('a', '--fine=1')[0], `The option --fine takes no value. ${hint[0]}`);
    assert.equal(refused('a', '--lang=zh', '--color')[1], `选项 --color 需要一个值（NAME）。 ${hint[1]}`);
    assert.equal(refused('a', '--lang=zh', '--fine=1')[1], `选项 --fine 不带值。 ${hint[1]}`);
  });
});

describe('values', () => {
  const given = (name: string, value: unknown): Arguments => new Arguments([], new Map([[name, value]]));

  test('one of some words', () => {
    assert.equal(given('split', 'test').oneOf('split', ['train', 'test']), 'test');
    assert.equal(given('other', 'test').oneOf('split', ['train', 'test']), undefined);
    assert.deepEqual(complaint(() => given('split', 'Test').oneOf('split', ['train', 'test'])), [
      '--split takes one of train, test, not "Test".',
      '--split 只能是 train, test，不能是“Test”。',
    ]); // prettier-ignore
  });

  test('a whole number from a least one, 0 where none is said', () => {
    assert.equal(given('n', '0').count('n'), 0);
    assert.equal(given('n', '1').count('n', 1), 1);
    assert.equal(given('n', '007').count('n'), 7);
    assert.equal(given('n', String(Number.MAX_SAFE_INTEGER)).count('n'), Number.MAX_SAFE_INTEGER);
    assert.equal(given('m', '1').count('n'), undefined);
    for (const value of ['', '-1', '1.5', '1e3', ' 1', '0x10', '9007199254740993'])
      assert.throws(() => given('n', value).count('n'), CliError, value);
    assert.deepEqual(complaint(() => given('n', '2').count('n', 3)), [
      '--n takes a whole number from 3, not "2".',
      '--n 需要不小于 3 的整数，不能是“2”。',
    ]); // prettier-ignore
    assert.match(complaint(() => given('n', '-1').count('n'))[0], /from 0,/);
  });

  test('a size is handed on as it was written', () => {
    assert.equal(given('memory', '512MB').size('memory'), '512MB');
    assert.equal(given('other', 'x').size('memory'), undefined);
    assert.deepEqual(complaint(() => given('memory', 'much').size('memory')), [
      '--memory takes a size such as 512MB or 2GB, not "much".',
      '--memory 需要大小，例如 512MB 或 2GB，不能是“much”。',
    ]); // prettier-ignore
  });

  test('what is no text is left out of a list', () => {
    assert.deepEqual(given('set', ['a', true, 'b']).list('set'), ['a', 'b']);
  });
});

test('the help text: usage, sentence, and the options aligned', () => {
  const lines = [
    'mtl draw FILE',
    '',
    'Draws.',
    '',
    '  --color NAME    which',
    '  --in-part PART  only that',
    '  --layer N …     on top',
    '  --fine          slowly',
    '  --lang en|zh    language of all messages',
    '  --help          show this text',
  ];
  assert.equal(helpOf(verb), lines.join('\n'));
  setLanguage('zh');
  assert.deepEqual(helpOf(verb).split('\n').slice(2, 5), ['绘制。', '', '  --color NAME    颜色']);
});

test('the language is set for all that follows', () => {
  assert.deepEqual([language(), t('a', '一')], ['en', 'a']);
  read('a', '--lang', 'zh');
  assert.deepEqual([language(), t('a', '一')], ['zh', '一']);
  read('a', '--lang=en');
  assert.equal(language(), 'en');
  read('a', '--lang', 'fr');
  assert.equal(language(), 'en');
});
