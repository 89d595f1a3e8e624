/**
 * The server's inline completions in the form that VS Code shows, and what is left to do
 * once one was accepted.
 */
import {
  InlineCompletionItem,
  Range,
  Uri,
  window,
  type InlineCompletionList,
  type Position,
  type TextDocument,
} from 'vscode';

import { Command, type Action } from '../commands';
import { ghostOf } from './shape';

type Items = InlineCompletionItem[] | InlineCompletionList | null | undefined;

export function asGhostText(items: Items, document: TextDocument, position: Position): Items {
  const list = Array.isArray(items) ? items : (items?.items ?? []);
  return list.map((item) => shaped(item, document, position));
}

function shaped(
  item: InlineCompletionItem,
  document: TextDocument,
  position: Position,
): InlineCompletionItem {
  const { range, insertText } = item;
  if (range?.isSingleLine !== true || typeof insertText !== 'string') {
    return item;
  }
  const { text: line, range: whole, rangeIncludingLineBreak } = document.lineAt(range.start);
  const offer = { line, start: range.start.character, end: range.end.character, text: insertText };
  const ghost = ghostOf(offer, position.character, indentOf(document));
  if (ghost === undefined) {
    return item;
  }
  const goes =
    ghost.removesFrom === 'line'
      ? rangeIncludingLineBreak
      : whole.with(whole.start.with({ character: ghost.removesFrom }));
  return new InlineCompletionItem(ghost.insertText, new Range(position, position), {
    command: Command.ghostAccepted,
    title: '',
    arguments: [{ uri: document.uri.toString(), range: goes, text: document.getText(goes) }],
  });
}

/** The second half of an acceptance, in the same step to undo. */
export const ghostActions: Record<string, Action> = {
  [Command.ghostAccepted]: async (named) => {
    const { uri, range, text } = named as { uri: string; range: Range; text: string };
    const editor = window.activeTextEditor;
    const document = editor?.document;
    if (
      document?.uri.toString() !== Uri.parse(uri).toString() ||
      document.getText(range) !== text
    ) {
      return;
    }
    await editor?.edit((edit) => edit.delete(range), {
      undoStopBefore: false,
      undoStopAfter: true,
    });
  },
};

function indentOf(document: TextDocument): string {
  const editor = window.visibleTextEditors.find((each) => each.document === document);
  const { insertSpaces, tabSize } = editor?.options ?? {};
  return insertSpaces === false ? '\t' : ' '.repeat(typeof tabSize === 'number' ? tabSize : 4);
}
