/**
 * Has the editor ask for ghost text when there is some.
 *
 * Editors ask while somebody types; a verified body arrives while nobody does, and the
 * protocol knows no way for a server to say so.
 */
import { commands, window, workspace, type Disposable } from 'vscode';

import type { OrpsClient } from '../client';
import { SECTION } from '../config';
import type { SearchSnapshot } from '../lspExt';
import { passesAll } from '../searchStore';

export class GhostText implements Disposable {
  readonly #client: OrpsClient;
  readonly #asked = new Set<string>();
  readonly #subscription: { dispose(): unknown };

  constructor(client: OrpsClient) {
    this.#client = client;
    this.#subscription = client.store.onDidChange((search) => this.#news(search));
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #news({ uri, searchId, candidates: [best] }: SearchSnapshot): void {
    const document = window.activeTextEditor?.document;
    if (
      best === undefined ||
      !passesAll(best) ||
      document?.uri.toString() !== this.#client.toUri(uri).toString() ||
      workspace.getConfiguration(SECTION, document).get('inlineSuggestions') !== 'verified'
    ) {
      return;
    }
    const name = `${searchId}/${best.id}`;
    if (!this.#asked.has(name)) {
      this.#asked.add(name);
      void commands.executeCommand('editor.action.inlineSuggest.trigger');
    }
  }
}
