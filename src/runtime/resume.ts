/**
 * A download that was broken off goes on where it was. pip itself cannot do that in a later call, so it is called with one
 * change: the request for the wheel asks for the missing bytes only, and pip reads what is here before them. Index,
 * proxy, certificates, passwords and the check of the index's hash stay pip's; the pinned hash is checked afterwards, as
 * always.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** Where the beginning of a wheel is kept. */
export function partOf(wheel: string): string {
  return `${wheel}.part`;
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * A second name for the file that pip is writing: pip takes its own name away when it gives up, and the bytes stay.
 * Called again and again while pip works.
 */
export function holdOn(temporary: string, wheel: string): void {
  const held = heldName(wheel);
  if (fs.existsSync(held)) return;
  const name = path.basename(wheel);
  try {
    const found = fs
      .readdirSync(temporary, { recursive: true, encoding: 'utf8' })
      .find((file) => path.basename(file) === name && sizeOf(path.join(temporary, file)) > 0);
    if (found !== undefined) fs.linkSync(path.join(temporary, found), held);
  } catch {
    // Gone already, or a file system without second names: the download begins anew then.
  }
}

function heldName(wheel: string): string {
  return `${wheel}.held`;
}

/**
 * After pip has ended, or an installation was killed: what came is the wheel's beginning, when it is more than what is
 * kept already.
 * @returns bytes that are here
 */
export function keepPart(wheel: string): number {
  const [held, part] = [heldName(wheel), partOf(wheel)];
  if (sizeOf(held) > sizeOf(part)) fs.renameSync(held, part);
  else fs.rmSync(held, { force: true });
  return sizeOf(part);
}

/** When the wheel is whole, or its beginning is no good. */
export function forgetPart(wheel: string): void {
  fs.rmSync(partOf(wheel), { force: true });
}

/** Arguments of Python: pip with the change above, then pip's own arguments. */
export function resumeArguments(wheel: string, pipArguments: readonly string[]): string[] {
  return ['-I', '-c', program, partOf(wheel), path.basename(wheel), ...pipArguments];
}

// Python, for every version that pip supports. A server that does not know ranges answers 200 and sends everything.
const program = `
import os, runpy, sys
from urllib.parse import unquote, urlsplit
from pip._vendor.requests.adapters import HTTPAdapter

part, name = sys.argv[1:3]
here = os.path.getsize(part)
wanted = 'bytes=%d-' % here
send = HTTPAdapter.send

class Joined:
    def __init__(self, rest):
        self.head, self.rest = open(part, 'rb'), rest
    def __getattr__(self, key):
        return getattr(self.rest, key)
    def read(self, amount=None, **options):
        return self.head.read(amount) or self.rest.read(amount, **options)
    def stream(self, amount=65536, decode_content=None):
        for chunk in iter(lambda: self.head.read(amount), b''):
            yield chunk
        for chunk in self.rest.stream(amount, decode_content=decode_content):
            yield chunk

def resumed(self, request, *arguments, **options):
    asked = request.headers.get('Range')
    if request.method == 'GET' and asked is None and unquote(urlsplit(request.url).path).endswith('/' + name):
        asked = request.headers['Range'] = wanted
    response = send(self, request, *arguments, **options)
    span = response.headers.get('Content-Range', '')
    if asked == wanted and response.status_code == 206 and span.startswith('bytes %d-' % here):
        response.status_code, response.reason = 200, 'OK'
        response.headers['Content-Length'] = span.rsplit('/', 1)[1]
        response.raw = Joined(response.raw)
    return response

HTTPAdapter.send = resumed
sys.argv = ['pip'] + sys.argv[3:]
runpy.run_module('pip', run_name='__main__', alter_sys=True)
`;
