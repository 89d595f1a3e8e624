/**
 * The inline diffs that are open: opened, stepped through, moved along with the text,
 * accepted, dismissed.
 */
import {
  commands,
  l10n,
  Range,
  window,
  workspace,
  type Disposable,
  type TextDocument,
  type TextEditor,
  type WorkspaceEdit,
} from 'vscode';

import type { OrpsClient } from '../client';
import { opensDiffs } from '../config';
import { isStale, messageOf } from '../failures';
import {
  applyData,
  ACTION_KIND,
  Message,
  type CandidateDetails,
  type CandidateSummary,
  type SearchSnapshot,
} from '../lspExt';
import { Drawings } from './drawing';
import { DiffLenses, type Buttons } from './lenses';
import {
  anchorOf,
  betterOf,
  changesOf,
  evidenceOf,
  headingOf,
  opensItself,
  stepped,
  type Change,
} from './model';

/** True while the active editor has a diff; the key bindings of the manifest ask for it. */
const CONTEXT = 'orps.diffOpen';

/** How long the text has to rest before a diff is fitted to it again. */
const SETTLE_MS = 200;

const MESSAGE_MS = 8_000;

interface OpenDiff {
  readonly searchId: string;
  readonly document: TextDocument;
  readonly candidateId: string;
  /** Candidates that were there when the person last chose what to see. */
  readonly seen: ReadonlySet<string>;
  readonly changes: readonly Change[];
}

export class InlineDiffs implements Disposable {
  readonly #client: OrpsClient;
  readonly #drawings = new Drawings();
  readonly #lenses: DiffLenses;
  readonly #open = new Map<string, OpenDiff>();
  readonly #shown = new Set<string>();
  readonly #settling = new Map<TextDocument, NodeJS.Timeout>();
  readonly #subscriptions: readonly { dispose(): unknown }[];

  constructor(client: OrpsClient) {
    this.#client = client;
    this.#lenses = new DiffLenses((document) => this.#buttonsIn(document));
    this.#subscriptions = [
      this.#drawings,
      this.#lenses,
      client.store.onDidChange((search) => void this.#news(search)),
      workspace.onDidChangeTextDocument(({ document }) => this.#textChanged(document)),
      workspace.onDidCloseTextDocument((document) => this.#closed(document)),
      window.onDidChangeVisibleTextEditors(() => {
        this.#drawings.refresh();
        this.#openWhatWaits();
      }),
      window.onDidChangeActiveTextEditor(() => this.#tellContext()),
    ];
  }

  /** Shows a candidate, the best one if none is named; throws when it does not fit. */
  async show(searchId: string, candidateId?: string): Promise<void> {
    const search = this.#client.store.get(searchId);
    const id = candidateId ?? search?.candidates[0]?.id;
    if (search === undefined || id === undefined) {
      throw new Error(l10n.t('There is no candidate to show.'));
    }
    const document = await workspace.openTextDocument(this.#client.toUri(search.uri));
    const diff = await this.#draw(search, id, document);
    const editor = await window.showTextDocument(document, { preserveFocus: false });
    reveal(editor, diff);
  }

  /** Puts the shown candidate into the text, as one step to undo. */
  async accept(named?: unknown): Promise<void> {
    const diff = this.#find(named);
    if (diff === undefined) {
      return;
    }
    const { edit } = await this.#resolve(diff.searchId, diff.candidateId);
    if (!(await workspace.applyEdit(edit))) {
      throw new Error(l10n.t('The text changed at the same moment; try again.'));
    }
    this.#close(diff);
  }

  async step(by: 1 | -1, named?: unknown): Promise<void> {
    const diff = this.#find(named);
    const search = this.#searchOf(diff);
    if (diff !== undefined && search !== undefined) {
      const next = stepped(search.candidates, diff.candidateId, by);
      await this.#draw(search, next?.id ?? diff.candidateId, diff.document);
    }
  }

  async showBetter(named?: unknown): Promise<void> {
    const diff = this.#find(named);
    const search = this.#searchOf(diff);
    const [best] = search?.candidates ?? [];
    if (diff !== undefined && search !== undefined && best !== undefined) {
      await this.#draw(search, best.id, diff.document);
    }
  }

  dismiss(named?: unknown): void {
    const diff = this.#find(named);
    if (diff !== undefined) {
      this.#close(diff);
    }
  }

  /** What is shown; without a name, the diff next to the cursor. */
  shown(named?: unknown): { searchId: string; candidateId: string } | undefined {
    return this.#find(named);
  }

  dispose(): void {
    for (const timer of this.#settling.values()) {
      clearTimeout(timer);
    }
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  async #news(search: SearchSnapshot): Promise<void> {
    const diff = this.#open.get(search.searchId);
    if (diff !== undefined) {
      // What is under the person's eyes stays; heading and buttons tell what is new.
      this.#drawings.rename(search.searchId, headingOf(search.candidates, diff.candidateId));
      this.#lenses.refresh();
    } else if (this.#opensItself(search)) {
      this.#shown.add(search.searchId);
      await this.#tryToDraw(search);
    }
  }

  #opensItself(search: SearchSnapshot): boolean {
    return (
      opensDiffs() &&
      opensItself(search, { shown: this.#shown }) &&
      this.#visible(search) !== undefined
    );
  }

  #openWhatWaits(): void {
    for (const search of this.#client.store.searches) {
      void this.#news(search);
    }
  }

  #visible(search: SearchSnapshot): TextDocument | undefined {
    const uri = this.#client.toUri(search.uri).toString();
    return window.visibleTextEditors.find(({ document }) => document.uri.toString() === uri)
      ?.document;
  }

  async #tryToDraw(search: SearchSnapshot): Promise<void> {
    const document = this.#visible(search);
    const [best] = search.candidates;
    if (document === undefined || best === undefined) {
      return;
    }
    try {
      await this.#draw(search, best.id, document);
    } catch (error) {
      tellQuietly(error);
    }
  }

  async #draw(
    search: SearchSnapshot,
    candidateId: string,
    document: TextDocument,
  ): Promise<OpenDiff> {
    const [{ changes }, details] = await Promise.all([
      this.#resolve(search.searchId, candidateId, document),
      this.#client.request<CandidateDetails>(Message.candidate, {
        searchId: search.searchId,
        candidateId,
      }),
    ]);
    const diff: OpenDiff = {
      searchId: search.searchId,
      document,
      candidateId,
      seen: new Set(search.candidates.map(({ id }) => id)),
      changes,
    };
    this.#shown.add(search.searchId);
    this.#open.set(search.searchId, diff);
    this.#drawings.draw(search.searchId, document, {
      changes,
      heading: headingOf(search.candidates, candidateId),
      critique: details.critique ?? '',
    });
    this.#lenses.refresh();
    this.#tellContext();
    return diff;
  }

  /** The candidate's edit for the text of this moment. */
  async #resolve(
    searchId: string,
    candidateId: string,
    document?: TextDocument,
  ): Promise<{ edit: WorkspaceEdit; changes: Change[] }> {
    const edit = await this.#client.resolveEdit({
      title: '',
      kind: ACTION_KIND,
      data: applyData({ searchId, candidateId }),
    });
    const changes = edit
      .entries()
      .filter(([uri]) => uri.toString() === document?.uri.toString())
      .flatMap(([, edits]) => changesOf(edits, (line) => document?.lineAt(line).text ?? ''));
    return { edit, changes };
  }

  #textChanged(document: TextDocument): void {
    const concerned = [...this.#open.values()].filter((diff) => diff.document === document);
    if (concerned.length === 0) {
      return;
    }
    clearTimeout(this.#settling.get(document));
    const refit = () => {
      this.#settling.delete(document);
      for (const diff of concerned) {
        void this.#refit(diff);
      }
    };
    this.#settling.set(document, setTimeout(refit, SETTLE_MS));
  }

  async #refit(diff: OpenDiff): Promise<void> {
    if (this.#open.get(diff.searchId) !== diff) {
      return;
    }
    try {
      const { changes } = await this.#resolve(diff.searchId, diff.candidateId, diff.document);
      if (this.#open.get(diff.searchId) === diff) {
        this.#open.set(diff.searchId, { ...diff, changes });
        this.#drawings.move(diff.searchId, changes);
        this.#lenses.refresh();
      }
    } catch (error) {
      this.#close(diff);
      tellQuietly(error);
    }
  }

  #closed(document: TextDocument): void {
    for (const diff of this.#open.values()) {
      if (diff.document === document) {
        this.#close(diff);
      }
    }
  }

  #close(diff: OpenDiff): void {
    this.#open.delete(diff.searchId);
    this.#drawings.erase(diff.searchId);
    this.#lenses.refresh();
    this.#tellContext();
  }

  #searchOf(diff: OpenDiff | undefined): SearchSnapshot | undefined {
    return diff && this.#client.store.get(diff.searchId);
  }

  /** @param named a search's id, a comment thread of ours, or nothing */
  #find(named: unknown): OpenDiff | undefined {
    const searchId = typeof named === 'string' ? named : this.#drawings.nameOf(named);
    if (searchId !== undefined) {
      return this.#open.get(searchId);
    }
    const editor = window.activeTextEditor;
    const line = editor?.selection.active.line ?? 0;
    const here = [...this.#open.values()].filter(({ document }) => document === editor?.document);
    return here.sort((one, other) => distance(one, line) - distance(other, line))[0];
  }

  #buttonsIn(document: TextDocument): Buttons[] {
    return [...this.#open.values()]
      .filter((diff) => diff.document === document)
      .map((diff) => this.#buttonsOf(diff));
  }

  #buttonsOf(diff: OpenDiff): Buttons {
    const ranking: readonly CandidateSummary[] =
      this.#client.store.get(diff.searchId)?.candidates ?? [];
    const better = betterOf(ranking, diff.candidateId, diff.seen);
    return {
      searchId: diff.searchId,
      line: anchorOf(diff.changes)?.start.line ?? 0,
      heading: headingOf(ranking, diff.candidateId),
      isOnly: ranking.length < 2,
      better: better && evidenceOf(better),
    };
  }

  #tellContext(): void {
    const document = window.activeTextEditor?.document;
    const isOpen = [...this.#open.values()].some((diff) => diff.document === document);
    void commands.executeCommand('setContext', CONTEXT, isOpen);
  }
}

function distance(diff: OpenDiff, line: number): number {
  return Math.abs((anchorOf(diff.changes)?.start.line ?? 0) - line);
}

function reveal(editor: TextEditor, diff: OpenDiff): void {
  const anchor = anchorOf(diff.changes);
  if (anchor !== undefined) {
    editor.revealRange(new Range(anchor.start.line, 0, anchor.end.line, 0));
  }
}

/** For what nobody asked for at this moment: said, but not in the way. */
function tellQuietly(error: unknown): void {
  const text = isStale(error)
    ? l10n.t('ORPS: the function was changed, so the candidate is not shown any more.')
    : messageOf(error);
  window.setStatusBarMessage(text, MESSAGE_MS);
}
