/**
 * What surrounds the page: an editor that can act and sends news, or nothing at all.
 */

/** What the page asks of the editor; mirrored in src/searchPanel.ts. */
export type Wish =
  | { readonly type: 'ready' }
  | { readonly type: 'showInEditor'; readonly candidateId: string }
  | { readonly type: 'showDiff'; readonly candidateId: string }
  | { readonly type: 'stop' }
  | { readonly type: 'resume' };

export interface Host {
  showInEditor(candidateId: string): void;
  showDiff(candidateId: string): void;
  stop(): void;
  resume(): void;
}

declare function acquireVsCodeApi(): { postMessage(wish: Wish): void };

/** `undefined` in a browser, where a page is only to be read. */
export function connect(onDocument: (document: unknown) => void): Host | undefined {
  if (typeof acquireVsCodeApi === 'undefined') {
    return undefined;
  }
  const editor = acquireVsCodeApi();
  const send = (wish: Wish) => editor.postMessage(wish);
  window.addEventListener(
    'message',
    ({ data }: MessageEvent<{ type?: string; document?: unknown }>) => {
      if (data.type === 'document') {
        onDocument(data.document);
      }
    },
  );
  send({ type: 'ready' });
  return {
    showInEditor: (candidateId) => send({ type: 'showInEditor', candidateId }),
    showDiff: (candidateId) => send({ type: 'showDiff', candidateId }),
    stop: () => send({ type: 'stop' }),
    resume: () => send({ type: 'resume' }),
  };
}
