/** `mtl runtime install|remove|list`: the native engine. */
import { install, type Installed, type InstallPort, type Phase } from '../../runtime/install.ts';
import { listRuntimes, removeRuntimes } from '../../runtime/installed.ts';
import { runtimeFolder } from '../../runtime/layout.ts';
import { RuntimeError, size, type RuntimeErrorCode } from '../../runtime/error.ts';
import { jsonOption, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { say, t } from '../language.ts';
import { plain, printProgress, printResult, redrawProgress } from '../output.ts';
import { nativeFolder } from '../places.ts';

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

function phaseName(phase: Phase): string {
  const names: Readonly<Record<Phase, string>> = {
    check: t('Checking', '检查'),
    download: t('Fetching', '下载'),
    verify: t('Verifying', '校验'),
    unpack: t('Unpacking', '解压'),
    compile: t('Compiling with', '编译'),
    test: t('Testing', '测试'),
  };
  return names[phase];
}

/** One line that is overwritten on a terminal; in a pipe, a line every tenth. */
function progressLine(terminal: boolean): InstallPort['progress'] {
  let last = '';
  return (phase, done, total, what) => {
    const share = total > 0 ? done / total : 0;
    const step = `${phase} ${what} ${String(Math.floor(share * (terminal ? 100 : 10)))}`;
    if (step === last) return;
    last = step;
    const counted = total > 1e6 ? ` ${size(done)} / ${size(total)}` : '';
    const line = `${phaseName(phase)} ${what}${counted}`;
    if (terminal) redrawProgress(line);
    else printProgress(plain(line));
  };
}

function installedText({ runtime: { manifest, folder }, probe, already }: Installed): string {
  const device = probe.gpu ? (probe.device ?? 'GPU') : 'CPU';
  const what = `TensorFlow ${manifest.version} · ${device} · ${size(manifest.bytes)} · ${folder}`;
  const lines = [
    already
      ? t(`Already installed and working: ${what}`, `已安装且可用：${what}`)
      : t(`Installed: ${what}`, `已安装：${what}`),
  ];
  if (manifest.built !== undefined) {
    const { compiler } = manifest.built;
    lines.push(t(`The addon was compiled here with ${compiler}.`, `插件由本机编译：${compiler}。`));
  }
  if (manifest.gpu && probe.whyNoGpu !== null) {
    const why = say(probe.whyNoGpu);
    lines.push(t(`The GPU is not used: ${why}.`, `未使用 GPU：${why}。`));
  }
  return lines.join('\n');
}

function installedJson({ runtime: { manifest, folder }, probe, already }: Installed): string {
  const { name, version, gpu, bytes, source, built } = manifest;
  const why = gpu && probe.whyNoGpu !== null ? { reason: say(probe.whyNoGpu) } : {};
  return JSON.stringify({
    v: 1,
    name,
    version,
    gpu,
    usesGpu: probe.gpu,
    device: probe.device,
    bytes,
    source,
    folder,
    already,
    ...(built === undefined ? {} : { compiler: built.compiler }),
    ...why,
  });
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
