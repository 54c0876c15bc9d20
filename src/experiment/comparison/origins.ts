/** Where the numbers of some runs come from, and what of that makes another comparison of them. Pure. */
import { isLive } from '../../common/run-state.ts';
import { text, type Text } from '../../common/text.ts';
import type { PlainRun } from './plain-run.ts';

export const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)];

export function stopped(runs: readonly PlainRun[]): readonly Text[] {
  return runs.flatMap(({ id, state }) => {
    if (state === 'stopped') return [text(`"${id}" was stopped before its end.`, `“${id}”在结束前被停止。`)];
    return isLive(state) ? [text(`"${id}" has not ended.`, `“${id}”尚未结束。`)] : [];
  });
}

/** Other data or another engine makes another comparison of it. */
export function differentOrigins(runs: readonly Pick<PlainRun, 'engine' | 'files'>[]): readonly Text[] {
  const remarks: Text[] = [];
  const engines = distinct(runs.flatMap(({ engine }) => engine ?? []));
  if (engines.length > 1) {
    const list = engines.join(', ');
    remarks.push(
      text(
        `The runs were made by different engines (${list}): differences may be theirs.`,
        `这些运行使用了不同的引擎（${list}）：差异可能由此而来。`,
      ),
    );
  }
  const byPath = new Map<string, Set<string>>();
  for (const { path: file, sha256 } of runs.flatMap(({ files }) => files)) {
    byPath.set(file, (byPath.get(file) ?? new Set()).add(sha256));
  }
  // Runs of earlier versions do not tell their files.
  const telling = runs.filter(({ files }) => files.length > 0);
  const sets = distinct(
    telling.map(({ files }) =>
      files
        .map(({ path: file }) => file)
        .toSorted()
        .join('\n'),
    ),
  );
  const changed = [...byPath].filter(([, hashes]) => hashes.size > 1).map(([file]) => file);
  if (changed.length > 0 || sets.length > 1) {
    const names = changed.length > 0 ? changed.join(', ') : [...byPath.keys()].join(', ');
    remarks.push(
      text(
        `The runs do not have the same data (${names}): they are not comparable as they stand.`,
        `这些运行的数据不同（${names}）：不能直接比较。`,
      ),
    );
  }
  return remarks;
}

export function distinctFiles(runs: readonly PlainRun[]): PlainRun['files'] {
  const seen = new Map(
    runs.flatMap(({ files }) => files.map((file) => [`${file.path}\n${file.sha256}`, file] as const)),
  );
  return [...seen.values()];
}
