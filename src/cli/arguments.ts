/** Arguments of a verb, read by one table that its help text is made of, too. */
import { parseArgs } from 'node:util';
import type { Text } from '../common/text.ts';
import { nearestName } from '../spec/reading/nearest.ts';
import { parseSize } from '../common/size.ts';
import { CliError } from './error.ts';
import { languageOf, say, setLanguage, t } from './language.ts';

export interface Option {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: boolean;
  /** How the value is called in the help text. */
  readonly value?: string;
  readonly help: Text;
}

export type Options = Readonly<Record<string, Option>>;

/** What a verb is and takes. */
export interface VerbTable {
  readonly name: string;
  /** After `mtl`, e.g. `check SPEC`. */
  readonly usage: string;
  readonly help: Text;
  readonly options: Options;
  /** How many words without dashes it takes. */
  readonly words: readonly [least: number, most: number];
}

/** A verb: what it takes and what it does. Its name is its row's in `verbs/table.ts`. */
export interface Verb extends Omit<VerbTable, 'name'> {
  /** It loads the engine into this process. */
  readonly loadsEngine?: true;
  /** The exit code where it could not be done, for a verb whose 1 is an answer. */
  readonly failure?: number;
  /** @returns the exit code */
  run(args: Arguments): Promise<number>;
}

/** Read arguments: values by option name, words in order. */
export class Arguments {
  readonly words: readonly string[];
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(words: readonly string[], values: ReadonlyMap<string, unknown>) {
    this.words = words;
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values.get(name) === true;
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : undefined;
  }

  list(name: string): readonly string[] {
    const value = this.#values.get(name);
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  }

  /** @throws CliError when the value is not one of the words */
  oneOf<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    const list = words.join(', ');
    throw new CliError(
      `--${name} takes one of ${list}, not "${value}".`,
      `--${name} 只能是 ${list}，不能是“${value}”。`,
    );
  }

  /** @throws CliError when the value is no whole number of at least `least` */
  count(name: string, least = 0): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (/^\d+$/.test(value) && Number.isSafeInteger(number) && number >= least) return number;
    throw new CliError(
      `--${name} takes a whole number from ${least}, not "${value}".`,
      `--${name} 需要不小于 ${least} 的整数，不能是“${value}”。`,
    );
  }

  /** @throws CliError when the value is no size of memory */
  size(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || parseSize(value) !== undefined) return value;
    throw new CliError(
      `--${name} takes a size such as 512MB or 2GB, not "${value}".`,
      `--${name} 需要大小，例如 512MB 或 2GB，不能是“${value}”。`,
    );
  }

  word(index: number): string {
    return this.words[index] ?? '';
  }
}

/** Options of every verb. */
const commonOptions: Options = {
  lang: { type: 'string', value: 'en|zh', help: { en: 'language of all messages', zh: '消息语言' } },
  help: { type: 'boolean', help: { en: 'show this text', zh: '显示本说明' } },
};

export const jsonOption: Option = {
  type: 'boolean',
  help: { en: 'machine-readable result on stdout', zh: '在标准输出给出机器可读的结果' },
};

export const dataOption: Option = {
  type: 'string',
  value: 'FILE',
  help: { en: 'another data file', zh: '另一个数据文件' },
};

/** Options of verbs that read data files. */
export const placeOptions: Options = {
  root: {
    type: 'string',
    value: 'DIR',
    help: {
      en: 'folder that data files must lie in (default: nearest folder with .git, else the spec’s)',
      zh: '数据文件必须位于其中的文件夹（默认：最近的含 .git 的文件夹，否则为实验描述文件所在文件夹）',
    },
  },
  'allow-outside': {
    type: 'boolean',
    help: { en: 'data files may lie anywhere', zh: '允许数据文件位于任何位置' },
  },
};

/** The option of verbs that hold data while they work. */
export const memoryOption: Options = {
  memory: {
    type: 'string',
    value: 'SIZE',
    help: {
      en: 'memory that the data may take, e.g. 2GB (default: as the spec says, else half of what is free); larger data are read from disk meanwhile, the numbers stay the same',
      zh: '数据可占用的内存，例如 2GB（默认按实验描述文件，否则为可用内存的一半）；更大的数据边训练边从磁盘读取，数值不变',
    },
  },
};

/**
 * Reads the words after a verb.
 *
 * @throws CliError (exit 2) for unknown options, missing values and a wrong number of words
 */
export function readArguments(verb: VerbTable, argv: readonly string[]): Arguments {
  const options = { ...verb.options, ...commonOptions };
  applyLanguage(argv);
  let parsed: { values: Record<string, unknown>; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...argv],
      options: Object.fromEntries(
        Object.entries(options).map(([name, { type, multiple }]) => [name, { type, multiple: multiple ?? false }]),
      ),
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new CliError(
      `${complaint(error, options)} ${hint(verb).en}`,
      `${complaint(error, options)} ${hint(verb).zh}`,
    );
  }
  const values = new Map(Object.entries(parsed.values));
  const [least, most] = verb.words;
  const count = parsed.positionals.length;
  if (values.get('help') !== true && (count < least || count > most)) {
    const asked = `mtl ${verb.usage}`;
    throw new CliError(`Usage: ${asked}. ${hint(verb).en}`, `用法：${asked}。${hint(verb).zh}`);
  }
  return new Arguments(parsed.positionals, values);
}

/** `--lang` counts before all else: the complaint about another option should be in it already. */
export function applyLanguage(argv: readonly string[]): void {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const wanted = at < 0 ? undefined : argv[at] === '--lang' ? argv[at + 1] : argv[at]?.slice('--lang='.length);
  setLanguage(languageOf(wanted === undefined ? process.env : { LANG: wanted }));
}

function complaint(error: unknown, options: Options): string {
  const message = error instanceof Error ? error.message : '';
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  const option = /'(?:-\w, )?(-[^'\s=<]*)/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const nearest = nearestName(option.replace(/^-+/, ''), Object.keys(options));
    const meant = nearest === undefined ? '' : t(` Did you mean --${nearest}?`, ` 是否想用 --${nearest}？`);
    return t(`There is no option ${option}.`, `没有选项 ${option}。`) + meant;
  }
  const { value } = options[option.replace(/^-+/, '')] ?? {};
  return value === undefined
    ? t(`The option ${option} takes no value.`, `选项 ${option} 不带值。`)
    : t(`The option ${option} needs a value (${value}).`, `选项 ${option} 需要一个值（${value}）。`);
}

function hint(verb: VerbTable): Text {
  return {
    en: `"mtl ${verb.name} --help" shows what it takes.`,
    zh: `“mtl ${verb.name} --help”显示全部用法。`,
  };
}

/** The help text of a verb. */
export function helpOf(verb: VerbTable): string {
  const rows = Object.entries({ ...verb.options, ...commonOptions }).map(([name, option]) => [
    `  --${name}${option.value === undefined ? '' : ` ${option.value}`}${option.multiple === true ? ' …' : ''}`,
    say(option.help),
  ]);
  const width = Math.max(...rows.map(([left]) => left?.length ?? 0));
  const lines = rows.map(([left = '', right = '']) => `${left.padEnd(width)}  ${right}`);
  return [`mtl ${verb.usage}`, '', say(verb.help), '', ...lines].join('\n');
}
