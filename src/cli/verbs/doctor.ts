import { doctor, type DoctorReport } from '../../runtime/doctor.ts';
import { jsonOption, type Arguments, type Verb } from '../arguments.ts';
import { say, t } from '../language.ts';
import { printResult } from '../output.ts';
import { engineMachine } from '../places.ts';

export const verb: Verb = {
  usage: 'doctor [--json]',
  help: { en: 'Which engines this machine has.', zh: '检查本机可用的引擎。' },
  options: { json: jsonOption },
  words: [0, 0],
  run: doctorVerb,
};

/** `mtl doctor`: exit 0 if any engine is there. */
async function doctorVerb(args: Arguments): Promise<number> {
  const report = await doctor(engineMachine());
  printResult(args.flag('json') ? doctorJson(report) : doctorText(report));
  return report.chosen === null ? 1 : 0;
}

function doctorJson({ engines, chosen }: DoctorReport): string {
  const rows = engines.map(({ name, available, device, version, detail, reason, addon }) => ({
    name,
    available,
    device,
    version,
    detail: say(detail),
    ...(reason ? { reason: say(reason) } : {}),
    ...(addon === undefined ? {} : { addon }),
  }));
  return JSON.stringify({ v: 1, engines: rows, chosen });
}

function doctorText({ engines, chosen }: DoctorReport): string {
  const lines = engines.map((engine) => {
    const what = engine.available
      ? [engine.device, engine.version, say(engine.detail)].join(' · ')
      : say(engine.reason ?? engine.detail);
    return `${engine.available ? '✓' : '✗'} ${engine.name}: ${what}`;
  });
  const choice =
    chosen === null
      ? t('No engine can train here.', '没有可用于训练的引擎。')
      : t(`Training takes: ${chosen}`, `训练将使用：${chosen}`);
  return [...lines, choice].join('\n');
}
