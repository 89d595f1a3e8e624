/**
 * The search view: the page of `extension/view` beside the editor, kept up to date.
 */
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { commands, l10n, ViewColumn, window, type Disposable, type WebviewPanel } from 'vscode';

import type { OrpsClient } from './client';
import { Command } from './commands';
import { Message, type SearchSnapshot } from './lspExt';

const VIEW_TYPE = 'orps.search';
/** At most so often, however fast the candidates come. */
const REFRESH_MS = 300;

/** What the page may ask for; mirrored in view/host.ts. */
type Wish =
  | { readonly type: 'ready' | 'stop' | 'resume' }
  | { readonly type: 'showInEditor' | 'showDiff'; readonly candidateId: string };

export class SearchPanels implements Disposable {
  readonly #client: OrpsClient;
  readonly #page: string;
  readonly #panels = new Map<string, SearchPanel>();
  readonly #subscription: { dispose(): void };

  /** @param extension the folder that the extension is installed in */
  constructor(client: OrpsClient, extension: string) {
    this.#client = client;
    this.#page = path.join(extension, 'dist', 'search_view.html');
    this.#subscription = client.store.onDidChange((search) => {
      this.#panels.get(search.searchId)?.refresh();
    });
  }

  async show({ searchId, function: name }: SearchSnapshot): Promise<void> {
    const known = this.#panels.get(searchId);
    if (known !== undefined) {
      known.reveal();
      return;
    }
    const panel = window.createWebviewPanel(
      VIEW_TYPE,
      l10n.t('ORPS: {0}', name),
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      // The page is one file: there is nothing else that it may load.
      { enableScripts: true, localResourceRoots: [], enableFindWidget: true },
    );
    const page = await readFile(this.#page, 'utf8');
    this.#panels.set(searchId, new SearchPanel(this.#client, panel, searchId));
    panel.onDidDispose(() => this.#panels.delete(searchId));
    panel.webview.html = page.replace('__DOCUMENT__', 'null');
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const panel of this.#panels.values()) {
      panel.dispose();
    }
  }
}

class SearchPanel {
  readonly #client: OrpsClient;
  readonly #panel: WebviewPanel;
  readonly #searchId: string;
  #waiting: NodeJS.Timeout | undefined;

  constructor(client: OrpsClient, panel: WebviewPanel, searchId: string) {
    this.#client = client;
    this.#panel = panel;
    this.#searchId = searchId;
    panel.webview.onDidReceiveMessage((wish: Wish) => void this.#fulfil(wish));
    panel.onDidDispose(() => clearTimeout(this.#waiting));
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  /** Draws what is known by then, a little later. */
  refresh(): void {
    this.#waiting ??= setTimeout(() => {
      this.#waiting = undefined;
      void this.#send();
    }, REFRESH_MS);
  }

  dispose(): void {
    this.#panel.dispose();
  }

  async #send(): Promise<void> {
    try {
      const document = await this.#client.request(Message.tree, { searchId: this.#searchId });
      await this.#panel.webview.postMessage({ type: 'document', document });
    } catch (error) {
      // A server that was restarted may not know the search; the page keeps what it has.
      this.#client.log.warn(`The search view is not up to date: ${String(error)}`);
    }
  }

  async #fulfil(wish: Wish): Promise<void> {
    const searchId = this.#searchId;
    switch (wish.type) {
      case 'ready':
        await this.#send();
        break;
      case 'stop':
        await commands.executeCommand(Command.cancelSearch, { searchId });
        break;
      case 'resume':
        await commands.executeCommand(Command.resumeSearch, { searchId });
        break;
      case 'showInEditor':
        await commands.executeCommand(Command.showDiff, {
          searchId,
          candidateId: wish.candidateId,
        });
        break;
      case 'showDiff':
        await commands.executeCommand(Command.showFullDiff, {
          searchId,
          candidateId: wish.candidateId,
        });
        break;
    }
  }
}
