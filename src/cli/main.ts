#!/usr/bin/env node
/** The `mtl` command: the same verbs as the editor's, without an editor. */
import { productVersion } from '../runtime/versions.ts';
import { applyLanguage, helpOf, readArguments } from './arguments.ts';
import { CliError } from './error.ts';
import { say, t, type Text } from './language.ts';
import { guardPipes, plain, printProgress, printResult } from './output.ts';
import { verbs } from './verbs.ts';

/** @returns the exit code, as RUNS lists them */
async function run(argv: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = argv;
  applyLanguage(argv);
  if (name === '--version') {
    printResult(productVersion);
    return 0;
  }
  const verb = verbs.find((known) => known.name === name);
  if (verb) {
    const args = readArguments(verb, rest);
    if (!args.flag('help')) return verb.run(args);
    printResult(helpOf(verb));
    return 0;
  }
  if (['--help', '-h', 'help', '--lang'].includes(name) || name.startsWith('--lang=')) {
    printResult(overview());
    return 0;
  }
  const words = verbs.map((known) => known.name).join(', ');
  throw new CliError(
    `"${plain(name)}" is nothing that mtl does. It does: ${words}.`,
    `mtl 没有“${plain(name)}”命令。可用命令：${words}。`,
  );
}

function overview(): string {
  const width = Math.max(...verbs.map(({ name }) => name.length));
  const lines = verbs.map((verb) => `  ${verb.name.padEnd(width)}  ${say(verb.help)}`);
  return [
    t('mtl: multi-task learning from a .mtl.json file', 'mtl：由 .mtl.json 文件进行多任务学习'),
    '',
    ...lines,
    '',
    t('"mtl VERB --help" shows what a verb takes.', '“mtl 命令 --help”显示该命令的用法。'),
  ].join('\n');
}

/** What a person reads of an error; the stack only where somebody asked for it. */
function complain(error: unknown): number {
  const told = error as { readonly text?: Text; readonly exitCode?: unknown } | null;
  if (error instanceof Error && typeof told?.exitCode === 'number') {
    printProgress(`mtl: ${plain(told.text ? say(told.text) : error.message)}`);
    return told.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  printProgress(`mtl: ${t('internal error', '内部错误')}: ${plain(message)}`);
  if (process.env['MTL_DEBUG'] !== undefined && error instanceof Error) printProgress(error.stack ?? '');
  else
    printProgress(
      t('Set MTL_DEBUG=1 to see where, and please report it.', '设置 MTL_DEBUG=1 可查看出错位置，欢迎反馈。'),
    );
  return 1;
}

guardPipes();
// The exit code is set, not forced: what was written must reach its reader first.
run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.exitCode = complain(error);
  },
);
