/** What a trainer writes into `log.txt` is kept for good and sent along with bug reports: it names no user. */
import * as os from 'node:os';

type Write = (chunk: string | Uint8Array, ...rest: never[]) => boolean;

/** The text with `~` for the home folder, in both kinds of slashes. */
export function withoutHome(text: string, home: string = os.homedir()): string {
  if (home.length < 2) return text;
  return text.replaceAll(home, '~').replaceAll(home.replaceAll('\\', '/'), '~');
}

/** From now on whatever is written to the stream says `~` instead of the home folder. */
export function hideHome(stream: { write: Write }, home: string = os.homedir()): void {
  const write: Write = stream.write.bind(stream);
  stream.write = (chunk, ...rest) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    // Bytes go on as they are unless there is something to hide: a chunk may end within a character.
    const hidden = withoutHome(text, home);
    return write(hidden === text ? chunk : hidden, ...rest);
  };
}
