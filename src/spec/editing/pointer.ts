/** JSON Pointers (RFC 6901). */

export type Token = string | number;

export const escapeToken = (token: string): string => token.replace(/~/g, '~0').replace(/\//g, '~1');

export const pointerOf = (tokens: readonly Token[]): string =>
  tokens.map((token) => `/${escapeToken(String(token))}`).join('');

/** The parts of a pointer, or nothing when it is none. */
export function parsePointer(pointer: string): readonly string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}
