/**
 * The tree view "ORPS": searches, their candidates, and what each test said of them.
 */
import {
  EventEmitter,
  l10n,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
  type Disposable,
  type TreeDataProvider,
} from 'vscode';

import type { OrpsClient } from './client';
import { Command } from './commands';
import {
  Message,
  type CandidateDetails,
  type CandidateSummary,
  type SearchSnapshot,
} from './lspExt';
import { isRunning, passesAll } from './searchStore';
import { stateOf } from './statusView';

export const TREE_VIEW = 'orps.searches';

export type Node = SearchNode | CandidateNode | TestNode;

interface SearchNode {
  readonly kind: 'search';
  readonly searchId: string;
}

interface CandidateNode {
  readonly kind: 'candidate';
  readonly searchId: string;
  readonly candidateId: string;
  readonly summary: CandidateSummary;
}

interface TestNode {
  readonly kind: 'test';
  readonly test: CandidateDetails['tests'][number];
}

const PASSED = new ThemeIcon('pass', new ThemeColor('testing.iconPassed'));
const FAILED = new ThemeIcon('error', new ThemeColor('testing.iconFailed'));

export class SearchTree implements TreeDataProvider<Node>, Disposable {
  readonly #client: OrpsClient;
  readonly #changed = new EventEmitter<Node | undefined>();
  readonly #subscriptions: readonly { dispose(): unknown }[];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(client: OrpsClient) {
    this.#client = client;
    this.#subscriptions = [
      this.#changed,
      window.createTreeView(TREE_VIEW, { treeDataProvider: this, showCollapseAll: true }),
      client.store.onDidChange(() => this.#changed.fire(undefined)),
    ];
  }

  getTreeItem(node: Node): TreeItem {
    switch (node.kind) {
      case 'search':
        return searchItem(node, this.#client.store.get(node.searchId));
      case 'candidate':
        return candidateItem(node);
      case 'test':
        return testItem(node);
    }
  }

  async getChildren(node?: Node): Promise<Node[]> {
    switch (node?.kind) {
      case undefined:
        return this.#client.store.searches.map(({ searchId }) => ({ kind: 'search', searchId }));
      case 'search':
        return candidatesOf(this.#client.store.get(node.searchId));
      case 'candidate':
        return this.#testsOf(node);
      case 'test':
        return [];
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
  }

  async #testsOf({ searchId, candidateId }: CandidateNode): Promise<TestNode[]> {
    const { tests } = await this.#client.request<CandidateDetails>(Message.candidate, {
      searchId,
      candidateId,
    });
    return tests.map((test) => ({ kind: 'test', test }));
  }
}

function candidatesOf(search: SearchSnapshot | undefined): CandidateNode[] {
  return (search?.candidates ?? []).map((summary) => ({
    kind: 'candidate',
    searchId: search?.searchId ?? '',
    candidateId: summary.id,
    summary,
  }));
}

function searchItem({ searchId }: SearchNode, search: SearchSnapshot | undefined): TreeItem {
  const item = new TreeItem(search?.function ?? searchId, TreeItemCollapsibleState.Expanded);
  item.id = searchId;
  if (search !== undefined) {
    const best = search.candidates[0]?.title ?? l10n.t('no candidate yet');
    item.description = `${stateOf(search)}, ${best}`;
    item.iconPath = new ThemeIcon(isRunning(search) ? 'sync~spin' : 'beaker');
    item.contextValue = contextOf(search);
    item.accessibilityInformation = {
      label: l10n.t('search for {0}, {1}, best {2}', search.function, stateOf(search), best),
    };
  }
  item.command = { command: Command.showSearch, title: '', arguments: [{ searchId }] };
  return item;
}

/** Which buttons the row has; package.json knows these words. */
function contextOf(search: SearchSnapshot): string {
  if (isRunning(search)) {
    return 'runningSearch';
  }
  return search.resumable ? 'resumableSearch' : 'endedSearch';
}

function candidateItem(node: CandidateNode): TreeItem {
  const { rank, title, passed, total } = node.summary;
  const item = new TreeItem(`#${rank}`, TreeItemCollapsibleState.Collapsed);
  item.id = `${node.searchId}/${node.candidateId}`;
  item.description = title;
  item.iconPath = passesAll(node.summary) ? PASSED : new ThemeIcon('circle-outline');
  item.contextValue = 'candidate';
  item.accessibilityInformation = {
    label: l10n.t('candidate {0}, passes {1} of {2} tests', rank, passed, total),
  };
  item.command = { command: Command.showDiff, title: '', arguments: [node] };
  return item;
}

function testItem({ test }: TestNode): TreeItem {
  const item = new TreeItem(test.id.slice(test.id.lastIndexOf('::') + 1).replace(/^:/, ''));
  const [line] = test.message.split('\n', 1);
  item.description = [test.verdict, line].filter(Boolean).join(': ');
  item.tooltip = [test.id, test.message].filter(Boolean).join('\n');
  item.iconPath = test.verdict === 'passed' ? PASSED : FAILED;
  item.accessibilityInformation = { label: `${test.id} ${item.description}` };
  return item;
}
