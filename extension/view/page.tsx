/**
 * The whole page: what is selected and pointed at is kept here, the rest is drawn.
 */
import { useEffect, useState } from 'preact/hooks';

import { Details } from './details';
import type { Candidate, SearchDocument } from './document';
import type { Host } from './host';
import type { CostKind } from './layout';
import { ScatterChart } from './scatterChart';
import { Legend } from './shapes';
import { TreeChart } from './treeChart';
import { evidence, headline, nameOf, used } from './words';

interface Pointed {
  readonly candidate: Candidate;
  readonly x: number;
  readonly y: number;
}

export function Page({ search, host }: { search: SearchDocument; host: Host | undefined }) {
  const [chosen, setChosen] = useState<string>();
  const [pointed, setPointed] = useState<Pointed>();
  const [kind, setKind] = useState<CostKind>();
  const best = search.candidates.find(({ rank }) => rank === 1) ?? search.candidates[0];
  const selected = search.candidates.find(({ id }) => id === chosen) ?? best;

  useEffect(() => {
    const hide = () => setPointed(undefined);
    window.addEventListener('scroll', hide, { passive: true, capture: true });
    return () => window.removeEventListener('scroll', hide, { capture: true });
  }, []);

  const pointing = {
    selected: selected?.id,
    onSelect: setChosen,
    onPoint: (candidate: Candidate | undefined, at?: Element) => {
      const box = at?.querySelector('.halo')?.getBoundingClientRect();
      setPointed(candidate && box && { candidate, x: box.right + 4, y: box.bottom });
    },
  };
  return (
    <main>
      <Header search={search} host={host} />
      <div class="columns">
        <section aria-label="Search">
          <Legend />
          {search.candidates.length === 0 ? (
            <p class="empty">No candidate yet.</p>
          ) : (
            <>
              <TreeChart search={search} {...pointing} />
              <ScatterChart
                search={search}
                kind={kind ?? costKindOf(search)}
                onKind={setKind}
                {...pointing}
              />
            </>
          )}
        </section>
        {selected && <Details search={search} candidate={selected} host={host} />}
      </div>
      {pointed && <Tooltip {...pointed} />}
    </main>
  );
}

function Header({ search, host }: { search: SearchDocument; host: Host | undefined }) {
  const facts = [
    ['state', headline(search)],
    ['policy', search.policy],
    ['proposer', search.proposer],
    ['requests', used(search, 'requests')],
    ['tokens', used(search, 'tokens')],
    ['time', used(search, 'seconds')],
    ['sandbox', [search.tier && `tier ${search.tier}`, search.judge].filter(Boolean).join(', ')],
  ] as const;
  return (
    <header>
      <h1>
        {search.name} <small>{search.file}</small>
      </h1>
      <dl class="facts" aria-live="polite">
        {facts.map(
          ([name, value]) =>
            value !== '' && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      {search.failure !== '' && <p role="alert">{search.failure}</p>}
      {host !== undefined && isRunning(search) && (
        <button type="button" onClick={() => host.stop()}>
          Stop
        </button>
      )}
      {host !== undefined && search.resumable && (
        <button type="button" onClick={() => host.resume()}>
          Resume
        </button>
      )}
    </header>
  );
}

function Tooltip({ candidate, x, y }: Pointed) {
  const left = Math.min(x, Math.max(0, window.innerWidth - 340));
  return (
    <div class="tooltip" role="tooltip" style={{ left: `${left}px`, top: `${y}px` }}>
      <strong>{nameOf(candidate)}</strong>
      {evidence(candidate).map((line, index) => (
        <p key={index}>{line}</p>
      ))}
    </div>
  );
}

/** Without a model nothing costs tokens; then time is what there is to compare. */
function costKindOf({ candidates }: SearchDocument): CostKind {
  return candidates.some(({ cost }) => cost.tokens > 0) ? 'tokens' : 'seconds';
}

function isRunning({ state }: SearchDocument): boolean {
  return state === 'running';
}
