// Every place in a message, and the message with another value there.

type Path = readonly (string | number)[];

/** Every place in it, members of lists by their first one. */
export function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const members = Array.isArray(value) ? ([[0, value[0]]] as const) : Object.entries(value);
  return [path, ...members.flatMap(([key, member]: readonly [string | number, unknown]) => placesOf(member, [...path, key]))]; // prettier-ignore
}

/** A copy with another value at a place; undefined takes the member away. */
export function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((one: unknown, at) => (at === key ? replaced(one, rest, by) : one));
  const own = value as Readonly<Record<string, unknown>>;
  return { ...own, [key]: replaced(own[key], rest, by) };
}
