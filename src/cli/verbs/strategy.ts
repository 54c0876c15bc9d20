import * as fs from 'node:fs';
import * as path from 'node:path';
import { gunzipSync, strFromU8 } from 'fflate';
import { orderedText } from '../../runs/json.ts';
import { importStrategy } from '../../trainer/prepare/load-strategy.ts';
import { examine } from '../../weighting/custom/examine.ts';
import type { Finding } from '../../weighting/custom/findings.ts';
import { ModuleError } from '../../weighting/custom/module.ts';
import { jsonOption, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { say, t } from '../language.ts';
import { plain, printResult } from '../output.ts';

export const verb: Verb = {
  usage: 'strategy test FILE [--vectors FILE|DIR]… [--json]',
  help: {
    en: 'Tests a weighting strategy of your own (a module that a spec may name); the module is run.',
    zh: '测试自定义的加权策略（实验描述文件可引用的模块）；会运行该模块。',
  },
  options: {
    vectors: {
      type: 'string',
      value: 'FILE|DIR',
      multiple: true,
      help: { en: 'reference vectors that it must reproduce', zh: '须重现的参考向量' },
    },
    json: jsonOption,
  },
  words: [1, 2],
  run: strategy,
};

/** `mtl strategy test FILE`: exit 0 when all checks pass, 1 when one fails, 2 when there is nothing to test. */
async function strategy(args: Arguments): Promise<number> {
  if (args.word(0) !== 'test') {
    throw new CliError(
      `"mtl strategy ${plain(args.word(0))}" is not a command. Use: mtl strategy test FILE.`,
      `没有“mtl strategy ${plain(args.word(0))}”命令。用法：mtl strategy test FILE。`,
    );
  }
  const file = existing(args.word(1));
  const vectors = vectorsOf(args.list('vectors'));
  const findings = await findingsOf(file, args.word(1), vectors);
  const passed = findings.filter((finding) => finding.passed === true).length;
  const failed = findings.filter((finding) => finding.passed === false).length;
  if (args.flag('json')) {
    const told = findings.map((finding) => ({ ...finding, name: say(finding.name), detail: say(finding.detail) }));
    printResult(orderedText({ v: 1, file: args.word(1), findings: told, passed, failed }));
  } else {
    for (const finding of findings) printResult(lineOf(finding));
    printResult(t(`${passed} passed, ${failed} failed`, `${passed} 项通过，${failed} 项失败`));
  }
  return failed === 0 ? 0 : 1;
}

async function findingsOf(
  file: string,
  name: string,
  vectors: ReadonlyMap<string, unknown>,
): Promise<readonly Finding[]> {
  const loading = { en: 'the module exports a strategy', zh: '模块导出了策略' };
  try {
    const module = await importStrategy(file, name);
    const detail = { en: `needs "${module.needs}"`, zh: `所需统计量为 "${module.needs}"` };
    return [{ name: loading, passed: true, detail }, ...examine(module, vectors)];
  } catch (error) {
    if (!(error instanceof ModuleError)) throw error;
    return [{ name: loading, passed: false, detail: error.text }];
  }
}

function lineOf({ name, passed, detail }: Finding): string {
  const word = passed === null ? t('info  ', '信息  ') : passed ? t('pass  ', '通过  ') : t('FAIL  ', '失败  ');
  return `${word}${plain(say(name))}${t(': ', '：')}${plain(say(detail))}`;
}

function existing(name: string): string {
  const file = path.resolve(name);
  if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return file;
  throw new CliError(`There is no file "${name}". Check the path.`, `没有文件“${name}”。请检查路径。`);
}

/** The reference vectors of files and folders: `.json` or `.json.gz`, by name. */
function vectorsOf(names: readonly string[]): ReadonlyMap<string, unknown> {
  const files = names.flatMap((name) => {
    const status = fs.statSync(path.resolve(name), { throwIfNoEntry: false });
    if (!status?.isDirectory()) return [existing(name)];
    return fs
      .readdirSync(path.resolve(name))
      .filter((entry) => /\.json(\.gz)?$/.test(entry))
      .map((entry) => path.join(path.resolve(name), entry));
  });
  return new Map(files.map((file) => [path.basename(file), contentOf(file)]));
}

function contentOf(file: string): unknown {
  const bytes = fs.readFileSync(file);
  try {
    return JSON.parse(file.endsWith('.gz') ? strFromU8(gunzipSync(bytes)) : bytes.toString('utf8'));
  } catch {
    throw new CliError(
      `${path.basename(file)} is no JSON file of vectors.`,
      `${path.basename(file)} 不是 JSON 向量文件。`,
    );
  }
}
