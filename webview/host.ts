/**
 * The page's end of the conversation with the editor. The page speaks first (`ready`) and is answered with the whole
 * state; whatever fails here is told to the host instead of vanishing in a console nobody reads.
 */

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface Host<ToHost> {
  readonly post: (message: ToHost) => void;
  /** What the page remembers of its own view (zoom, toggles): survives hiding and reloading. */
  readonly savedState: unknown;
  readonly saveState: (state: unknown) => void;
}

/**
 * @param parse validates a message from the host; undefined refuses it
 * @param receive called for every valid message
 */
export function connect<ToPage, ToHost extends { readonly type: string }>(
  parse: (message: unknown) => ToPage | undefined,
  receive: (message: ToPage) => void | Promise<void>,
): Host<ToHost | { readonly type: 'ready' } | { readonly type: 'error'; readonly message: string }> {
  const api = acquireVsCodeApi();
  const fail = (error: unknown): void => {
    api.postMessage({
      type: 'error',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  };
  window.addEventListener('error', (event) => fail(event.error ?? event.message));
  window.addEventListener('unhandledrejection', (event) => fail(event.reason));
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = parse(event.data);
    if (message === undefined) {
      fail(`Refused a message that fits no known type: ${JSON.stringify(event.data).slice(0, 200)}`);
      return;
    }
    Promise.resolve()
      .then(() => receive(message))
      .catch(fail);
  });
  // The editor revives a page after a reload by what the page has saved: so it keeps the document it was opened for.
  const place = document.body.dataset['document'];
  const save = (view: unknown): void => api.setState({ view, document: place });
  const saved = viewOf(api.getState());
  if (place !== undefined) save(saved);
  return { post: (message) => api.postMessage(message), savedState: saved, saveState: save };
}

function viewOf(state: unknown): unknown {
  return typeof state === 'object' && state !== null && 'view' in state ? state.view : undefined;
}
