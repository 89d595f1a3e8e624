/**
 * Python code in colors, and differences; built as elements, never as markup, because
 * all of it was written by a model.
 */
import { createLowlight } from 'lowlight';
import python from 'highlight.js/lib/languages/python';
import type { JSX } from 'preact';

import type { DiffLine } from './changes';

type Node = ReturnType<typeof lowlight.highlight>['children'][number];

const lowlight = createLowlight({ python });

const SIGNS = { kept: ' ', inserted: '+', removed: '-' } as const;

export function Code({ text }: { text: string }) {
  const tree = lowlight.highlight('python', text);
  return (
    <pre class="code" tabIndex={0} aria-label="Code">
      <code>{tree.children.map(element)}</code>
    </pre>
  );
}

export function Diff({ lines }: { lines: readonly DiffLine[] }) {
  return (
    <pre class="diff" tabIndex={0} aria-label="Difference">
      {lines.map(({ kind, text }, index) => (
        <div key={index} class={kind}>
          {`${SIGNS[kind]} `}
          <span>{text}</span>
        </div>
      ))}
    </pre>
  );
}

function element(node: Node, key: number): JSX.Element | string {
  if (node.type === 'text') {
    return node.value;
  }
  if (node.type !== 'element') {
    return '';
  }
  const names = node.properties['className'];
  return (
    <span key={key} class={Array.isArray(names) ? names.join(' ') : ''}>
      {node.children.map(element)}
    </span>
  );
}
