/**
 * Names and cells come from strangers' files and end up in terminals, menus and messages. What would move a cursor,
 * change colors, begin a line or turn the reading direction round is shown as what it is: `\u001b`.
 */

// C0 (without tab and line feed), DEL and C1; Arabic letter mark; marks, line separators, embeddings, isolates and the
// other format characters that turn text round.
const steering = /\r\n|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f]/g;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * The text with everything that steers a display escaped; lines and tabs stay. The notation is JSON's, so that JSON text
 * still holds the same values.
 */
export function visible(text: string): string {
  return text.replace(steering, (found) => (found === '\r\n' ? found : escaped(found)));
}

/** As `visible`, and on one line: for names, and for sentences that hold some. */
export function visibleLine(text: string): string {
  return visible(text).replace(/\r\n|[\n\t]/g, (found) => JSON.stringify(found).slice(1, -1));
}
