/** What is said of keys: there twice, unknown, without effect, missing, at odds with each other. */
import { removeFix, renameFix } from '../editing/fixes.ts';
import type { Token } from '../editing/pointer.ts';
import type { NodePlace, Reporter } from './rules.ts';
import type { Extra } from '../schema/build.ts';
import type { TSchema } from 'typebox';
import { addKeyFixes } from './missing-keys.ts';
import { text } from '../../common/text.ts';
import type { Member, ObjectNode } from './tree.ts';

interface UnionAt extends NodePlace {
  /** The member of the union that was chosen. */
  readonly chosen?: string;
}

export function tellDuplicates(reporter: Reporter, node: ObjectNode, place: UnionAt): void {
  for (const member of node.duplicates) {
    const shown = JSON.stringify(member.key);
    const message = text(
      `${shown} stands here a second time; the first one counts.`,
      `${shown} 重复出现；以第一个为准。`,
    );
    reporter.report('duplicate-key', member.keyRange, [...place.tokens, member.key], message, {
      fixes: [removeFix(reporter.source, member)],
    });
  }
}

export function tellUnknownKey(
  reporter: Reporter,
  member: Member,
  near: string | undefined,
  tokens: readonly Token[],
): void {
  const shown = JSON.stringify(member.key);
  const message =
    near === undefined
      ? text(`There is no key ${shown} here.`, `此处没有键 ${shown}。`)
      : text(`There is no key ${shown} here; did you mean "${near}"?`, `此处没有键 ${shown}；是否指“${near}”？`);
  const fixes =
    near === undefined
      ? [removeFix(reporter.source, member)]
      : [renameFix(member.keyRange, near), removeFix(reporter.source, member)];
  reporter.report('unknown-key', member.keyRange, tokens, message, { fixes });
}

export function tellIgnoredKey(
  reporter: Reporter,
  member: Member,
  owners: readonly string[],
  tokens: readonly Token[],
  place: UnionAt,
): void {
  const shown = JSON.stringify(member.key);
  const chosen =
    place.chosen === undefined || place.chosen === ''
      ? text('this form', '此形式')
      : text(`\`${place.chosen}\``, `\`${place.chosen}\``);
  const others = owners
    .slice(0, 4)
    .filter((name) => name !== '')
    .map((name) => `\`${name}\``)
    .join(' ');
  const tail = others === '' ? text('', '') : text(` It belongs to ${others}.`, `它属于 ${others}。`);
  const message = text(
    `${shown} does nothing with ${chosen.en}.${tail.en}`,
    `${shown} 对 ${chosen.zh} 不起作用。${tail.zh}`,
  );
  reporter.report('ignored-key', member.keyRange, tokens, message, { fixes: [removeFix(reporter.source, member)] });
}

/** A key that has an effect only beside certain values of another. */
export function tellUselessKey(
  reporter: Reporter,
  member: Member,
  { key, is }: NonNullable<Extra['onlyWhen']>,
  tokens: readonly Token[],
): void {
  const shown = JSON.stringify(member.key);
  const values = is.map((value) => `\`${JSON.stringify(value)}\``).join(' / ');
  const message = text(
    `${shown} does something only where \`${key}\` is ${values}.`,
    `仅当 \`${key}\` 为 ${values} 时 ${shown} 才起作用。`,
  );
  reporter.report('ignored-key', member.keyRange, tokens, message, { fixes: [removeFix(reporter.source, member)] });
}

export function checkGroups(
  reporter: Reporter,
  extra: Extra,
  node: ObjectNode,
  properties: Readonly<Record<string, TSchema>>,
  place: UnionAt,
): void {
  const { members } = node;
  for (const group of extra.oneOf ?? []) {
    if (group.some((key) => members.has(key))) continue;
    const all = group.map((key) => `\`${key}\``);
    reporter.fail(
      'missing-key',
      place.label,
      place.tokens,
      text(`One of ${all.join(', ')} is needed.`, `需要 ${all.join('、')} 之一。`),
      group.flatMap((key) => addKeyFixes(reporter.source, node, key, properties[key] ?? {})),
    );
  }
  for (const group of [...(extra.oneOf ?? []), ...(extra.atMostOneOf ?? [])]) {
    const [first, ...rest] = group.map((key) => members.get(key)).filter((member) => member !== undefined);
    for (const member of rest) {
      const message = text(
        `"${member.key}" cannot stand beside "${first?.key ?? ''}".`,
        `"${member.key}" 不能与 "${first?.key ?? ''}" 同时使用。`,
      );
      reporter.fail('conflicting-keys', member.keyRange, [...place.tokens, member.key], message, [
        removeFix(reporter.source, member),
      ]);
    }
  }
}
