/** `mtl runtime install|remove|list`: the native engine. */
import { install, type InstallPort } from '../../runtime/install.ts';
import { listRuntimes, removeRuntimes } from '../../runtime/installed.ts';
import { runtimeFolder } from '../../runtime/layout.ts';
import { RuntimeError, size, type RuntimeErrorCode } from '../../runtime/error.ts';
import { jsonOption, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { say, t } from '../language.ts';
import { printProgress, printResult, redrawProgress } from '../output.ts';
import { nativeFolder } from '../places.ts';
import { installedJson, installedText, progressLine } from '../runtime-view.ts';

export const verb: Verb = {
  usage:
    'runtime install [--gpu] [--python FILE] [--from FILE|DIR] [--compile] [--compiler FILE|pinned]|remove [NAME]|list',
  help: {
    en: 'Installs, removes or lists the native engine (TensorFlow’s C library, fetched with Python’s pip).',
    zh: '安装、移除或列出原生引擎（通过 Python 的 pip 下载 TensorFlow 的 C 库）。',
  },
  options: {
    compile: {
      type: 'boolean',
      help: {
        en: 'compile the addon here, as is done where the extension brings none',
        zh: '在本机编译插件（扩展未附带时自动如此）',
      },
    },
    compiler: {
      type: 'string',
      value: 'FILE',
      help: {
        en: 'C++ compiler for that; "pinned" fetches one with pip (default on Linux x64: pinned; else on the PATH, or pinned)',
        zh: '所用的 C++ 编译器；“pinned”表示用 pip 下载一个（Linux x64 默认下载；其他系统默认用 PATH 中的，否则下载）',
      },
    },
    gpu: { type: 'boolean', help: { en: 'the CUDA build with NVIDIA’s libraries', zh: 'CUDA 版本及 NVIDIA 的库' } },
    python: {
      type: 'string',
      value: 'FILE',
      help: { en: 'Python whose pip fetches (default: on the PATH)', zh: '用于下载的 Python（默认：PATH 中的）' },
    },
    from: {
      type: 'string',
      value: 'FILE|DIR',
      help: {
        en: 'fetch nothing: take a wheel, a folder, or the TensorFlow of this Python',
        zh: '不下载：使用 wheel 文件、文件夹或该 Python 中的 TensorFlow',
      },
    },
    json: jsonOption,
  },
  words: [1, 2],
  run: runtime,
};

/** Refused before anything was begun, as against work that failed. */
const refusals: ReadonlySet<RuntimeErrorCode> = new Set([
  'platform',
  'libc',
  'processor',
  'space',
  'no-python',
  'no-pip',
  'source',
  'busy',
  'addon',
  'owner',
]);

async function runtime(args: Arguments): Promise<number> {
  const verb = args.word(0);
  const takesName = verb === 'remove';
  if (args.words.length > 1 && !takesName) {
    throw new CliError(`"runtime ${verb}" takes nothing after it.`, `“runtime ${verb}”后不能再有参数。`);
  }
  try {
    if (verb === 'install') return await installVerb(args);
    if (verb === 'remove') return await removeVerb(args);
    if (verb === 'list') return listVerb(args);
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error;
    if (error.code === 'cancelled') {
      printProgress(say(error.text));
      return 130;
    }
    throw new CliError(error.text.en, error.text.zh, refusals.has(error.code) ? 2 : 1);
  }
  throw new CliError(
    `"runtime" takes install, remove or list, not "${verb}".`,
    `“runtime”只能是 install、remove 或 list，不能是“${verb}”。`,
  );
}

async function installVerb(args: Arguments): Promise<number> {
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, cancel);
  const port: InstallPort = {
    folder: runtimeFolder(),
    assets: nativeFolder(),
    progress: progressLine(process.stderr.isTTY),
    signal: stop.signal,
  };
  try {
    const request = {
      gpu: args.flag('gpu'),
      python: args.text('python'),
      from: args.text('from'),
      compile: args.flag('compile'),
      compiler: args.text('compiler'),
    };
    const installed = await install(port, request);
    if (process.stderr.isTTY) redrawProgress('');
    printResult(args.flag('json') ? installedJson(installed) : installedText(installed));
    return 0;
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, cancel);
  }
}

async function removeVerb(args: Arguments): Promise<number> {
  const names = await removeRuntimes(runtimeFolder(), args.words[1]);
  if (args.flag('json')) printResult(JSON.stringify({ v: 1, removed: names }));
  else if (names.length === 0) printResult(t('No native engine was installed.', '没有已安装的原生引擎。'));
  else printResult(t(`Removed: ${names.join(', ')}`, `已移除：${names.join('、')}`));
  return 0;
}

function listVerb(args: Arguments): number {
  const runtimes = listRuntimes(runtimeFolder());
  if (args.flag('json')) {
    const rows = runtimes.map(({ folder, current, manifest: { name, version, gpu, bytes, source, installed } }) => ({
      ...{ name, version, gpu, bytes, source, installed, folder, current },
    }));
    printResult(JSON.stringify({ v: 1, runtimes: rows }));
    return 0;
  }
  const lines = runtimes.map(
    ({ current, folder, manifest: { name, version, gpu, bytes } }) =>
      `${current ? '*' : ' '} ${name} · TensorFlow ${version} · ${gpu ? 'CUDA' : 'CPU'} · ${size(bytes)} · ${folder}`,
  );
  printResult(lines.length > 0 ? lines.join('\n') : t('No native engine is installed.', '没有已安装的原生引擎。'));
  return 0;
}
