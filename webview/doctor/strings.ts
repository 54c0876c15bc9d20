/** The words of the doctor's page; what it found is told by the host, in the same language. */
import type { DoctorAction, DoctorFinding, Locale } from '../../src/messages/protocol.ts';

export interface Strings {
  readonly heading: string;
  readonly looking: string;
  readonly again: string;
  readonly copy: string;
  readonly states: Readonly<Record<DoctorFinding['state'], string>>;
  readonly actions: Readonly<Record<DoctorAction, string>>;
  /** For screen readers, when all has been looked at. */
  readonly summary: (problems: number, notes: number) => string;
}

const en: Strings = {
  heading: 'What this machine has',
  looking: 'Looking at engines, Python and the machine…',
  again: 'Check again',
  copy: 'Copy as text',
  states: { ok: 'All right', note: 'Worth knowing', problem: 'Problem' },
  actions: {
    install: 'Install native engine',
    python: 'Choose Python',
    engine: 'Open setting',
    trust: 'Manage workspace trust',
    log: 'Open log',
  },
  summary: (problems, notes) =>
    problems === 0
      ? `No problem found; ${String(notes)} ${notes === 1 ? 'line is' : 'lines are'} worth knowing.`
      : `${String(problems)} ${problems === 1 ? 'problem' : 'problems'} found.`,
};

const zh: Strings = {
  heading: '本机检查',
  looking: '正在检查引擎、Python 与本机……',
  again: '重新检查',
  copy: '复制为文本',
  states: { ok: '正常', note: '提示', problem: '问题' },
  actions: {
    install: '安装原生引擎',
    python: '选择 Python',
    engine: '打开设置',
    trust: '管理工作区信任',
    log: '打开日志',
  },
  summary: (problems, notes) =>
    problems === 0 ? `未发现问题；有 ${String(notes)} 条提示。` : `发现 ${String(problems)} 个问题。`,
};

export function stringsFor(locale: Locale): Strings {
  return locale === 'zh-cn' ? zh : en;
}
