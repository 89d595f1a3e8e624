/**
 * Everything about one candidate, in the order in which one asks: what did it show, what
 * is it, what was said about it, and how did the search get there.
 */
import { useMemo } from 'preact/hooks';

import { stepsTo } from './changes';
import { Code, Diff } from './code';
import type { Candidate, SearchDocument } from './document';
import type { Host } from './host';
import { nameOf, passes, STATE_WORDS } from './words';

interface Shown {
  readonly search: SearchDocument;
  readonly candidate: Candidate;
  readonly host: Host | undefined;
}

export function Details({ search, candidate, host }: Shown) {
  const byId = useMemo(() => new Map(search.candidates.map((each) => [each.id, each])), [search]);
  const steps = stepsTo(candidate, byId, search.stub);
  return (
    <article class="details" aria-label={`Candidate ${nameOf(candidate)}`}>
      <h2>
        Candidate {nameOf(candidate)}{' '}
        <small>
          {passes(candidate)}; {STATE_WORDS[candidate.state]}
        </small>
      </h2>
      {host !== undefined && (
        <p class="actions">
          <button type="button" onClick={() => host.showInEditor(candidate.id)}>
            Show in Editor
          </button>
          <button type="button" onClick={() => host.showDiff(candidate.id)}>
            Full Diff
          </button>
        </p>
      )}
      {candidate.detail !== '' && <p class="prose">{candidate.detail}</p>}
      <Tests candidate={candidate} />
      {candidate.code !== '' && (
        <Section title="Code">
          <Code text={candidate.code} />
        </Section>
      )}
      {candidate.critique !== '' && <Prose title="Critique" text={candidate.critique} />}
      {candidate.reasoning !== '' && <Prose title="Reasoning" text={candidate.reasoning} />}
      {candidate.blame !== '' && <Prose title="Blame" text={candidate.blame} />}
      <Section title={`Path from the stub (${steps.length})`}>
        <ol class="path">
          {steps.map(({ candidate: step, lines }) => (
            <li key={step.id}>
              <p>
                {nameOf(step)}: {passes(step)}
              </p>
              <Diff lines={lines} />
            </li>
          ))}
        </ol>
      </Section>
      <Figures candidate={candidate} />
    </article>
  );
}

function Tests({ candidate }: { candidate: Candidate }) {
  if (candidate.tests.length === 0) {
    return null;
  }
  return (
    <Section title="Tests">
      <table>
        <thead>
          <tr>
            <th scope="col">Result</th>
            <th scope="col">Test</th>
            <th scope="col">Message</th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          {candidate.tests.map((test, index) => (
            <tr key={index} class={test.status === 'passed' ? 'passed' : 'not-passed'}>
              <td>
                <span aria-hidden="true">{test.status === 'passed' ? '✓' : '✗'}</span> {test.status}
              </td>
              <td>{test.id}</td>
              <td class="message">{test.message}</td>
              <td>
                {test.milliseconds === undefined ? '' : `${test.milliseconds.toPrecision(3)} ms`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Figures({ candidate }: { candidate: Candidate }) {
  const { requests, tokens, seconds } = candidate.cost;
  const cost = {
    name: 'cost',
    value: `${requests} requests, ${tokens} tokens, ${seconds.toFixed(2)} s`,
  };
  const rewards = [
    ['process reward', candidate.processReward],
    ['outcome reward', candidate.outcomeReward],
  ] as const;
  const figures = [
    ...rewards.flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value: value.toPrecision(3) }],
    ),
    cost,
    ...candidate.figures,
  ];
  return (
    <Section title="Figures">
      <dl>
        {figures.map(({ name, value }, index) => (
          <div key={index}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Prose({ title, text }: { title: string; text: string }) {
  return (
    <Section title={title}>
      <p class="prose">{text}</p>
    </Section>
  );
}

function Section({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <details open>
      <summary>
        <h3>{title}</h3>
      </summary>
      {children}
    </details>
  );
}
