/** From the words of a command line to an exit code. */
import { systemText, textOfError, toldText } from '../common/told-error.ts';
import { productVersion } from '../runtime/versions.ts';
import { nearestName } from '../spec/reading/nearest.ts';
import { applyLanguage, helpOf, readArguments } from './arguments.ts';
import { engineWouldLog, runApart } from './engine-logs.ts';
import { CliError } from './error.ts';
import { say, t } from './language.ts';
import { paragraph, plain, printProgress, printResult } from './output.ts';
import { isVerb, loadVerb, verbNames } from './verbs/table.ts';

/**
 * Does what the words say.
 *
 * @returns the exit code, as conventions 9 lists them
 * @throws errors that `complain` tells
 */
export async function run(argv: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = argv;
  applyLanguage(argv);
  if (name === '--version') {
    printResult(productVersion);
    return 0;
  }
  if (isVerb(name)) {
    const verb = await loadVerb(name);
    const args = readArguments(verb, rest);
    if (args.flag('help')) {
      printResult(helpOf(verb));
      return 0;
    }
    if (verb.loadsEngine && engineWouldLog()) return runApart(argv);
    const { failure } = verb;
    return failure === undefined ? verb.run(args) : verb.run(args).catch((error: unknown) => complain(error, failure));
  }
  if (['--help', '-h', 'help', '--lang'].includes(name) || name.startsWith('--lang=')) {
    printResult(await overview());
    return 0;
  }
  const near = nearestName(name, verbNames);
  const meant = near === undefined ? { en: '', zh: '' } : { en: ` Did you mean ${near}?`, zh: `是否想用 ${near}？` };
  const all = verbNames.join(', ');
  throw new CliError(
    `"${plain(name)}" is not a command of mtl.${meant.en} Commands: ${all}.`,
    `mtl 没有“${plain(name)}”命令。${meant.zh}可用命令：${all}。`,
  );
}

async function overview(): Promise<string> {
  const verbs = await Promise.all(verbNames.map(loadVerb));
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

/**
 * Tells a person what went wrong, and returns the exit code; the stack comes only where somebody asked for it.
 *
 * @param failure the code where the work failed
 */
export function complain(error: unknown, failure = 1): number {
  const said = paragraph(say(textOfError(error)));
  if (toldText(error) || systemText(error)) {
    printProgress(`mtl: ${said}`);
    const code = exitCodeOf(error);
    return code === 1 ? failure : code;
  }
  printProgress(`mtl: ${t('internal error: ', '内部错误：')}${said}`);
  if (process.env['MTL_DEBUG'] !== undefined && error instanceof Error) printProgress(error.stack ?? '');
  else
    printProgress(
      t('Set MTL_DEBUG=1 to see where, and please report it.', '设置 MTL_DEBUG=1 可查看出错位置，欢迎反馈。'),
    );
  return failure;
}

/** An error's own code. Bad data are a wrong request: nothing was done with them. */
function exitCodeOf(error: unknown): number {
  if (error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number') return error.exitCode;
  return error instanceof Error && error.name === 'DataError' ? 2 : 1;
}
