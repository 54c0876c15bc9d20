/** What the doctor's page says of this machine, one finding a line with what can be done about it. Pure. */
import { isFields } from '../../common/checks.ts';
import type { DoctorAction, DoctorFinding } from '../../messages/protocol.ts';
import type { Translate } from '../weights/lens-text.ts';

/** An engine, as `mtl doctor --json` tells of it in the person's language. */
export interface EngineAnswer {
  readonly name: string;
  readonly available: boolean;
  readonly device: string;
  readonly version: string;
  readonly detail: string;
  readonly reason: string;
  /** Whether this machine is one that the native engine is made for. */
  readonly suitable: boolean;
}

export interface DoctorAnswer {
  readonly engines: readonly EngineAnswer[];
  /** What "auto" takes; null without one. */
  readonly chosen: string | null;
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * @param text standard output of `mtl doctor --json`
 * @returns undefined for what the command does not write
 */
export function readAnswer(text: string): DoctorAnswer | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isFields(value) || value['v'] !== 1 || !Array.isArray(value['engines'])) return undefined;
  const engines = (value['engines'] as readonly unknown[]).filter(isFields).map((one) => ({
    name: textIn(one['name']),
    available: one['available'] === true,
    device: textIn(one['device']),
    version: textIn(one['version']),
    detail: textIn(one['detail']),
    reason: textIn(one['reason']),
    suitable: one['addon'] !== undefined,
  }));
  return { engines, chosen: typeof value['chosen'] === 'string' ? value['chosen'] : null };
}

/** What is known besides the engines. */
export interface Surroundings {
  /** The setting of the engine that trains: `auto` or a name. */
  readonly engineSetting: string;
  readonly trusted: boolean;
  /** The Python that would fetch the native engine, why there is none, or null where it was not looked for. */
  readonly python: { readonly command: string; readonly pip: string } | { readonly problem: string } | null;
  /** Models of the GPUs that the system tells of. */
  readonly gpus: readonly string[];
  readonly processors: number;
  /** In words: `12.3 GB`. */
  readonly freeMemory: string;
  readonly totalMemory: string;
}

type State = DoctorFinding['state'];

const finding = (state: State, title: string, detail: string, action: DoctorAction | null = null): DoctorFinding => ({
  ...{ state, title, detail, action },
});

/** Every finding, the one that matters most first. `answer` undefined: the command did not answer. */
export function findingsOf(t: Translate, answer: DoctorAnswer | undefined, around: Surroundings): DoctorFinding[] {
  const native = answer?.engines.find(({ name }) => name === 'native');
  const embedded = answer?.engines.find(({ name }) => name !== 'native');
  return [
    answer === undefined
      ? finding('problem', t('Training'), t('The engines could not be looked at; the log says why.'), 'log')
      : training(t, answer, around),
    ...(native ? [nativeEngine(t, native)] : []),
    ...(native && around.gpus.length > 0 ? [gpu(t, native, around.gpus)] : []),
    ...(embedded ? [embeddedEngine(t, embedded)] : []),
    python(t, around, native?.available === true),
    finding(
      'ok',
      t('Machine'),
      t('{0} processors; {1} of {2} memory are free.', around.processors, around.freeMemory, around.totalMemory),
    ),
    around.trusted
      ? finding('ok', t('Workspace'), t('Trusted: training, evaluating, predicting and installing are allowed.'))
      : finding(
          'note',
          t('Workspace'),
          t('Restricted Mode: specs are checked and drawn, nothing is trained or installed.'),
          'trust',
        ),
  ];
}

function training(t: Translate, { engines, chosen }: DoctorAnswer, { engineSetting }: Surroundings): DoctorFinding {
  const title = t('Training');
  if (chosen === null) return finding('problem', title, t('No engine can train here.'), 'log');
  const wanted = engineSetting === 'auto' ? undefined : engines.find(({ name }) => name === engineSetting);
  if (wanted && !wanted.available) {
    const detail = t('The setting "mtl.training.engine" asks for the engine "{0}", which is not there.', wanted.name);
    return finding('problem', title, detail, 'engine');
  }
  const taken = wanted ?? engines.find(({ name }) => name === chosen);
  const what = [taken?.name ?? chosen, taken?.device ?? '', taken?.version ?? ''].filter((part) => part !== '');
  return finding('ok', title, t('Takes {0}.', what.join(' · ')));
}

function nativeEngine(t: Translate, engine: EngineAnswer): DoctorFinding {
  const title = t('Native engine');
  if (engine.available) return finding('ok', title, [engine.version, engine.detail].filter(Boolean).join(' · '));
  // One that is there and does not work is a fault; one that is not there is a choice.
  const state = engine.version === '' ? 'note' : 'problem';
  return finding(state, title, engine.reason, engine.suitable ? 'install' : null);
}

function gpu(t: Translate, native: EngineAnswer, models: readonly string[]): DoctorFinding {
  const title = t('GPU');
  const names = models.join(', ');
  if (native.available && native.device !== 'cpu') return finding('ok', title, t('{0} is used.', native.device));
  const detail = native.available
    ? t('{0} is not used: {1}', names, native.detail)
    : t('{0} needs the native engine.', names);
  return finding('note', title, detail, native.suitable ? 'install' : null);
}

function embeddedEngine(t: Translate, engine: EngineAnswer): DoctorFinding {
  const title = t('Embedded engine');
  return engine.available
    ? finding('ok', title, [engine.version, engine.detail].filter(Boolean).join(' · '))
    : finding('problem', title, engine.reason, 'log');
}

function python(t: Translate, { python: found, trusted }: Surroundings, installed: boolean): DoctorFinding {
  const title = t('Python');
  if (found === null) {
    return finding('note', title, trusted ? t('Not looked for.') : t('Not looked for in Restricted Mode.'));
  }
  if ('problem' in found) return finding(installed ? 'ok' : 'note', title, found.problem, 'python');
  return finding(
    'ok',
    title,
    t('{0} with pip {1}; it is used to fetch the native engine only.', found.command, found.pip),
  );
}

const signs: Readonly<Record<State, string>> = { ok: '✓', note: '·', problem: '✗' };

/** For a bug report: a line a finding, below what program it is. */
export function findingsText(head: string, findings: readonly DoctorFinding[]): string {
  return [head, ...findings.map(({ state, title, detail }) => `${signs[state]} ${title}: ${detail}`)].join('\n');
}
