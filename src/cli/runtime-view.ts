/** What `mtl runtime install` says while it works and in the end. */
import { size } from '../runtime/error.ts';
import type { Installed, InstallPort, Phase } from '../runtime/install.ts';
import { say, t } from './language.ts';
import { plain, printProgress, redrawProgress } from './output.ts';

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
export function progressLine(terminal: boolean): InstallPort['progress'] {
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

/** For people: what is installed where, and what is odd about it. */
export function installedText({ runtime: { manifest, folder }, probe, already }: Installed): string {
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

/** For programs. */
export function installedJson({ runtime: { manifest, folder }, probe, already }: Installed): string {
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
