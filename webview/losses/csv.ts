/** What each tab shows, as CSV: RFC 4180, formulas defused. Pure. */
import { toNumber, type LossHistory } from '../../src/messages/history.ts';
import { validationByIndex } from '../charts/series.ts';

/** One row a step record; validation in its own columns. */
export function lossesCsv(history: LossHistory): string {
  const names = history.tasks.map((task) => task.name);
  const header = ['step', 'epoch', 'seconds', 'total', 'learningRate'];
  for (const name of names) header.push(`${name} train`, `${name} weight`, `${name} validation`);
  const validation = new Map(validationByIndex(history));
  const { step, epoch, seconds, total, learningRate, losses, weights } = history.steps;
  // A column has NaN for what is absent, too.
  const broken = new Set(history.steps.notFinite.map(([index, task]) => `${index} ${task}`));
  return table(header, history.points, (index) => {
    const row: (number | string)[] = [step, epoch, seconds].map((column) => column.at(index));
    row.push(String(total.at(index)), learningRate.at(index));
    names.forEach((name, task) => {
      const loss = losses[task]?.at(index) ?? NaN;
      row.push(broken.has(`${index} ${task}`) ? String(loss) : loss, weights[task]?.at(index) ?? NaN);
      const evaluated = validation.get(index)?.losses[name];
      row.push(typeof evaluated === 'string' ? evaluated : toNumber(evaluated));
    });
    return row;
  });
}

/** Effective weights, one row a step record; what other strategies would have chosen where it was recorded. */
export function weightsCsv(history: LossHistory): string {
  const { step, epoch, seconds, weights } = history.steps;
  const { observed, step: recorded } = history.gradients;
  const names = history.tasks.map((task) => task.name);
  const header = ['step', 'epoch', 'seconds', ...names.map((name) => `${name} weight`)];
  for (const strategy of observed.keys()) header.push(...names.map((name) => `${strategy} ${name} weight`));
  const others = [...observed.values()].flat();
  const records = new Map(Array.from(recorded.values(), (value, index) => [value, index]));
  return table(header, history.points, (index) => [
    ...[step, epoch, seconds, ...weights].map((column) => column.at(index)),
    ...others.map((column) => column.at(records.get(step.at(index)) ?? -1)),
  ]);
}

/** Norms, cosines of every pair and observed weights, one row a gradients record. */
export function gradientsCsv({ gradients }: LossHistory): string {
  const { tasks, pairs, step, epoch, seconds, norms, cosines, observed } = gradients;
  const header = [
    ...['step', 'epoch', 'seconds'],
    ...tasks.map((task) => `${task} norm`),
    ...pairs.map(({ first, second }) => `cosine ${tasks[first] ?? ''} · ${tasks[second] ?? ''}`),
    ...[...observed.keys()].flatMap((name) => tasks.map((task) => `${name} ${task} weight`)),
  ];
  const columns = [step, epoch, seconds, ...norms, ...cosines, ...[...observed.values()].flat()];
  return table(header, gradients.length, (index) => columns.map((column) => column.at(index)));
}

/** The last affinity record, one row an ordered pair of tasks. */
export function affinityCsv(history: LossHistory): string {
  const last = history.affinity.at(-1);
  const lines = [['step', 'from', 'to', 'mean', 'sd', 'n'].join(',')];
  for (const [row, from] of (last?.tasks ?? []).entries()) {
    for (const [column, to] of (last?.tasks ?? []).entries()) {
      if (row === column || !last) continue;
      const numbers = [last.mean[row]?.[column], last.sd[row]?.[column], last.n[row]?.[column]].map(toNumber);
      lines.push([String(last.step), cell(from), cell(to), ...numbers.map(number)].join(','));
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

function table(header: readonly string[], rows: number, row: (index: number) => readonly (number | string)[]): string {
  const lines = [header.map(cell).join(',')];
  for (let index = 0; index < rows; index++) lines.push(row(index).map(number).join(','));
  return `${lines.join('\r\n')}\r\n`;
}

/** Nothing for what is absent; a text is a number that is not finite. */
function number(value: number | string): string {
  return typeof value === 'number' && Number.isNaN(value) ? '' : String(value);
}

function cell(text: string): string {
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
