/**
 * One inline diff in the editor, with nothing of it in the buffer.
 *
 * Removed text is decorated. For text that is not in the buffer the stable API knows no
 * rows but those of a comment thread, which stands below the removed lines and pushes
 * the others down; so the inserted lines are the body of one.
 */
import {
  CommentMode,
  CommentThreadCollapsibleState,
  comments,
  l10n,
  MarkdownString,
  OverviewRulerLane,
  Range,
  ThemeColor,
  window,
  type CommentThread,
  type Disposable,
  type TextDocument,
  type TextEditor,
} from 'vscode';

import { anchorOf, type Change } from './model';

/** Of our threads; the manifest's menus name it. */
export const CONTROLLER = 'orps.inlineDiff';

export interface Picture {
  readonly changes: readonly Change[];
  /** One line above the inserted ones. */
  readonly heading: string;
  /** The critic's words, '' without a critic. */
  readonly critique: string;
}

interface Drawn {
  readonly document: TextDocument;
  readonly thread: CommentThread;
  picture: Picture;
}

export class Drawings implements Disposable {
  readonly #comments = comments.createCommentController(CONTROLLER, 'ORPS');
  readonly #removed = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor('diffEditor.removedTextBackground'),
    textDecoration: 'line-through',
    isWholeLine: true,
    overviewRulerColor: new ThemeColor('editorOverviewRuler.deletedForeground'),
    overviewRulerLane: OverviewRulerLane.Left,
  });
  readonly #added = window.createTextEditorDecorationType({
    after: {
      backgroundColor: new ThemeColor('diffEditor.insertedTextBackground'),
      color: new ThemeColor('editorGhostText.foreground'),
      margin: '0 0 0 2em',
    },
  });
  readonly #drawn = new Map<string, Drawn>();

  /** Draws the picture of that name, in the place of an earlier one. */
  draw(name: string, document: TextDocument, picture: Picture): void {
    const anchor = anchorOf(picture.changes);
    if (anchor === undefined) {
      return;
    }
    // Empty, or the editor would paint it over the removed lines.
    const { line, character } = anchor.end;
    const range = new Range(line, character, line, character);
    const thread =
      this.#drawn.get(name)?.thread ?? this.#comments.createCommentThread(document.uri, range, []);
    thread.range = range;
    thread.canReply = false;
    thread.label = picture.heading;
    thread.comments = [
      {
        author: { name: 'ORPS' },
        label: l10n.t('not in the file yet'),
        mode: CommentMode.Preview,
        body: bodyOf(picture),
      },
    ];
    thread.collapsibleState = CommentThreadCollapsibleState.Expanded;
    this.#drawn.set(name, { document, picture, thread });
    this.refresh();
  }

  /** Fits a picture to a text that has changed around it. */
  move(name: string, changes: readonly Change[]): void {
    const drawn = this.#drawn.get(name);
    if (drawn !== undefined) {
      this.draw(name, drawn.document, { ...drawn.picture, changes });
    }
  }

  /** Says anew where the candidate stands, when others have come. */
  rename(name: string, heading: string): void {
    const drawn = this.#drawn.get(name);
    if (drawn !== undefined && drawn.picture.heading !== heading) {
      drawn.picture = { ...drawn.picture, heading };
      drawn.thread.label = heading;
    }
  }

  /** The name of the picture that a thread belongs to. */
  nameOf(thread: unknown): string | undefined {
    return [...this.#drawn].find(([, drawn]) => drawn.thread === thread)?.[0];
  }

  erase(name: string): void {
    this.#drawn.get(name)?.thread.dispose();
    this.#drawn.delete(name);
    this.refresh();
  }

  /** Decorates the editors that are visible now, which know nothing of earlier ones. */
  refresh(): void {
    for (const editor of window.visibleTextEditors) {
      this.#decorate(editor);
    }
  }

  dispose(): void {
    this.#comments.dispose();
    this.#removed.dispose();
    this.#added.dispose();
  }

  #decorate(editor: TextEditor): void {
    const drawn = [...this.#drawn.values()].filter(({ document }) => document === editor.document);
    const changes = drawn.flatMap(({ picture }) => picture.changes);
    const anchors = drawn.map(({ picture }) => anchorOf(picture.changes));
    editor.setDecorations(this.#removed, changes.filter(({ removes }) => removes).map(rangeOf));
    editor.setDecorations(
      this.#added,
      changes
        .filter((change) => !change.removes && !anchors.includes(change))
        .map((change) => ({
          range: rangeOf(change),
          renderOptions: {
            after: { contentText: change.inserted.map((line) => `+ ${line}`).join('  ') },
          },
        })),
    );
  }
}

function rangeOf({ start, end }: Change): Range {
  return new Range(start.line, start.character, end.line, end.character);
}

function bodyOf({ changes, critique }: Picture): MarkdownString {
  const lines = changes.flatMap(({ start, inserted }) => [
    ...(changes.length === 1 ? [] : [`@@ ${l10n.t('line {0}', start.line + 1)} @@`]),
    ...inserted.map((line) => `+ ${line}`),
  ]);
  const body = new MarkdownString().appendCodeblock(lines.join('\n'), 'diff');
  if (critique !== '') {
    // Plain text: a model wrote it, so no link or image of it may come to life.
    body.appendText(critique);
  }
  return body;
}
