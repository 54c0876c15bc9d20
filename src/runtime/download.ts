/** Fetches the exact wheels through the user's own pip: its indexes, proxies and certificates are what counts. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { isOlder } from './checks.ts';
import { sha256File } from './hash.ts';
import { runProgram, type Ran } from './process.ts';
import type { Python } from './python.ts';
import { forgetPart, holdOn, keepPart, partOf, resumeArguments } from './resume.ts';
import { refuseWhenCanceled, RuntimeError, size } from './error.ts';
import { pipPython, type Wheel } from './wheels.ts';

/** Arguments of pip for one wheel; nothing of it is run or built. */
export function pipArguments(wheel: Wheel, folder: string, pip: string): string[] {
  return [
    ...['-I', '-m', 'pip', 'download', '--only-binary=:all:', '--no-deps', '--no-input', '--no-cache-dir'],
    ...['--disable-pip-version-check', '--progress-bar', 'off'],
    // A broken connection goes on where it was, where pip can (25.1).
    ...(isOlder(pip, [25, 1]) ? [] : ['--resume-retries', '5']),
    ...['--implementation', pipPython.implementation, '--python-version', pipPython.version, '--abi', pipPython.abi],
    ...wheel.platforms.flatMap((platform) => ['--platform', platform]),
    ...['--dest', folder, `${wheel.package}==${wheel.version}`],
  ];
}

export interface DownloadOptions {
  readonly python: Python;
  /** Where wheels lie; pip's temporary files, too. */
  readonly folder: string;
  /** Bytes of this wheel that are here. */
  readonly progress: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The wheel as a file whose hash is the pinned one: a complete one in the folder is taken, else pip fetches it.
 * @throws RuntimeError `offline`, `pip`, `hash`, `space`, `cancelled`
 */
export async function obtainWheel(wheel: Wheel, options: DownloadOptions): Promise<string> {
  const { folder, python, signal } = options;
  const file = path.join(folder, wheel.file);
  fs.mkdirSync(folder, { recursive: true });
  if (fs.existsSync(file)) {
    if ((await sha256File(file, signal)) === wheel.sha256) return file;
    fs.rmSync(file);
  }
  await fetchWith(python, wheel, options);
  if (!fs.existsSync(file)) throw otherFile(wheel);
  await verifyWheel(file, wheel, signal);
  return file;
}

/** @throws RuntimeError `hash`; the file is deleted then: it must not be taken for a good one later */
async function verifyWheel(file: string, wheel: Wheel, signal?: AbortSignal): Promise<void> {
  const found = await sha256File(file, signal);
  if (found === wheel.sha256) return;
  fs.rmSync(file, { force: true });
  throw new RuntimeError(
    'hash',
    `${wheel.file} is not the published file: its SHA-256 is ${found}, not ${wheel.sha256}. It was deleted. Ask whoever runs your package index, or name another file with --from.`,
    `${wheel.file} 不是发布的文件：其 SHA-256 为 ${found}，应为 ${wheel.sha256}。文件已删除。请咨询软件包源的管理者，或用 --from 指定其他文件。`,
  );
}

/**
 * As verifyWheel, but a file of the person's own is never deleted.
 * @throws RuntimeError `hash`, `cancelled`
 */
export async function verifyOwned(file: string, wheel: Wheel, signal?: AbortSignal): Promise<void> {
  if ((await sha256File(file, signal)) === wheel.sha256) return;
  throw new RuntimeError(
    'hash',
    `${file} is not the published file: its SHA-256 is not ${wheel.sha256}. Fetch it again.`,
    `${file} 不是发布的文件：其 SHA-256 不是 ${wheel.sha256}。请重新下载。`,
  );
}

async function fetchWith(python: Python, wheel: Wheel, options: DownloadOptions): Promise<void> {
  const { folder, progress, signal } = options;
  const file = path.join(folder, wheel.file);
  const plain = pipArguments(wheel, folder, python.pip);
  // An installation that was killed left its part.
  if (keepPart(file) > 0) {
    const ran = await runPip(python, resumeArguments(file, plain.slice(plain.indexOf('download'))), wheel, options);
    if (ran.code !== 0 && wasBroken(ran)) throw failureOf(ran, wheel, file);
    // What is here may be another file's beginning, or this pip another one inside: from the start, then.
    forgetPart(file);
    if (ran.code === 0 && fs.existsSync(file) && (await sha256File(file, signal)) === wheel.sha256) {
      progress(wheel.bytes);
      return;
    }
    fs.rmSync(file, { force: true });
  }
  const ran = await runPip(python, plain, wheel, options);
  if (ran.code !== 0) throw failureOf(ran, wheel, file);
  forgetPart(file);
  progress(wheel.bytes);
  refuseWhenCanceled(signal);
}

/** Runs pip to its end; of a wheel that it does not finish, what has come is kept. */
async function runPip(
  { command }: Python,
  args: readonly string[],
  wheel: Wheel,
  { folder, progress, signal }: DownloadOptions,
): Promise<Ran> {
  const temporary = path.join(folder, 'tmp');
  const file = path.join(folder, wheel.file);
  fs.rmSync(temporary, { recursive: true, force: true });
  fs.mkdirSync(temporary, { recursive: true });
  // Older versions of pip say nothing that a program can read: what has grown in its temporary folder is its progress.
  let most = 0;
  const look = (): void => {
    holdOn(temporary, file);
    // At the end pip moves the file out: that is no step back.
    most = Math.max(most, Math.min(wheel.bytes, bytesBelow(temporary)));
    progress(most);
  };
  const watch = setInterval(look, 250);
  try {
    const env = { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary };
    return await runProgram(command, args, { cwd: folder, env, signal });
  } finally {
    clearInterval(watch);
    keepPart(file);
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

/** No connection, or one that ended in the middle: pip before 25.1 takes what came for the whole, and calls it invalid. */
function wasBroken({ stdout, stderr }: Ran): boolean {
  return brokenOff.test(stdout + stderr) || noConnection.test(stdout + stderr);
}

const brokenOff = /Wheel '[^']*' located at .* is invalid|incomplete-download|Download failed after|IncompleteRead/i;

function failureOf(ran: Ran, wheel: Wheel, file: string): RuntimeError {
  const here = fs.statSync(partOf(file), { throwIfNoEntry: false })?.size ?? 0;
  const output = `${ran.stdout}\n${ran.stderr}`;
  if (here === 0 || here >= wheel.bytes || !brokenOff.test(output)) return pipFailure(wheel, output);
  return new RuntimeError(
    'offline',
    `The connection broke off after ${size(here)} of ${size(wheel.bytes)} of ${wheel.file}. Install again: it goes on from there.`,
    `下载 ${wheel.file} 时连接中断（${size(here)} / ${size(wheel.bytes)}）。请再次安装，将从该处继续。`,
  );
}

function bytesBelow(folder: string): number {
  try {
    return fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => fs.statSync(path.join(folder, name), { throwIfNoEntry: false }))
      .reduce((sum, stat) => sum + (stat?.isFile() === true ? stat.size : 0), 0);
  } catch {
    return 0;
  }
}

const noConnection =
  /NewConnectionError|ConnectTimeout|ConnectionError|Connection refused|Name or service not known|Temporary failure in name resolution|Network is unreachable|getaddrinfo|Read timed out|ProxyError|Cannot connect to proxy|ConnectionResetError|IncompleteRead/i;

/** pip's complaint in words. */
export function pipFailure(wheel: Wheel, output: string): RuntimeError {
  const lines = output.split('\n').filter((line) => /\S/.test(line));
  const last = lines.slice(-4).join('\n');
  if (/No space left on device|Errno 28\b/i.test(output)) {
    return new RuntimeError(
      'space',
      `The disk was full while ${wheel.file} (${size(wheel.bytes)}) was fetched. Free some space and install again.`,
      `下载 ${wheel.file}（${size(wheel.bytes)}）时磁盘已满。请释放空间后重新安装。`,
    );
  }
  if (/CERTIFICATE_VERIFY_FAILED|SSLError/i.test(output)) {
    return new RuntimeError(
      'offline',
      `pip does not trust the certificate of your package index. Tell it your organization's certificate ("pip config set global.cert FILE") and install again.\n${last}`,
      `pip 不信任软件包源的证书。请告知其所在机构的证书（“pip config set global.cert FILE”）后重新安装。\n${last}`,
    );
  }
  if (noConnection.test(output)) {
    return new RuntimeError(
      'offline',
      `pip cannot reach its package index: no connection, or a proxy that it does not know ("pip config set global.proxy URL"). Without a network, fetch ${wheel.file} elsewhere and install with --from FILE.\n${last}`,
      `pip 无法连接软件包源：没有网络，或缺少代理设置（“pip config set global.proxy URL”）。离线时可在别处下载 ${wheel.file}，再用 --from FILE 安装。\n${last}`,
    );
  }
  if (/No matching distribution found|Could not find a version/i.test(output)) {
    return new RuntimeError(
      'offline',
      `Your package index does not have ${wheel.package} ${wheel.version} for this system (${wheel.platforms[0] ?? ''}). Use another index ("pip config set global.index-url URL"), or fetch ${wheel.file} elsewhere and install with --from FILE.\n${last}`,
      `软件包源中没有适用于本系统（${wheel.platforms[0] ?? ''}）的 ${wheel.package} ${wheel.version}。请更换软件包源（“pip config set global.index-url URL”），或在别处下载 ${wheel.file}，再用 --from FILE 安装。\n${last}`,
    );
  }
  return new RuntimeError(
    'pip',
    `pip could not fetch ${wheel.package} ${wheel.version}. It said:\n${last}`,
    `pip 未能下载 ${wheel.package} ${wheel.version}。其输出为：\n${last}`,
  );
}

function otherFile(wheel: Wheel): RuntimeError {
  return new RuntimeError(
    'pip',
    `pip fetched another file than ${wheel.file}: your package index has another build of ${wheel.package} ${wheel.version}. Name the published file with --from FILE.`,
    `pip 下载的不是 ${wheel.file}：软件包源中是 ${wheel.package} ${wheel.version} 的另一构建。请用 --from FILE 指定发布的文件。`,
  );
}
