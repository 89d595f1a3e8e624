/**
 * All tests in the real VS Code, each with the circumstances that it needs.
 *
 * Modules run inside the extension host; journeys go through the user interface. All run
 * in the newest VS Code, those for `allVersions` in the older one as well.
 */
import * as path from 'node:path';

import * as consent from './journeys/consent.mjs';
import * as environment from './journeys/environment.mjs';
import * as inlineDiff from './journeys/inlineDiff.mjs';
import * as solving from './journeys/solving.mjs';
import * as views from './journeys/views.mjs';
import { copySample, createProject, createWorkspace } from './project.mjs';

/** Small enough to see all of it. */
const SMALL_SEARCH = {
  'orps.search.policy': 'orps-code',
  'orps.search.samples': 2,
  'orps.search.beam': 1,
  'orps.search.rounds': 1,
};

const TRUST_IS_ASKED_FOR = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
};

/** A model that nobody is asked about. */
const withModel = ({ url }) => ({
  ...SMALL_SEARCH,
  'orps.llm.baseUrl': url,
  'orps.llm.model': 'replay',
  'orps.llm.consent': 'always',
});

/** Files `NAME.ts` beside this one. */
export const MODULES = [
  { name: 'untrusted', settings: () => TRUST_IS_ASKED_FOR },
  { name: 'activation' },
  { name: 'trusted', allVersions: true },
  { name: 'multiRoot', project: createWorkspace },
  { name: 'circumstances' },
  { name: 'neighbors' },
].map(completed);

/** With the package installed from its file. */
export const JOURNEYS = [
  { drive: solving.solvesFromTheLens },
  { drive: solving.solvesTheSampleOffline, project: copySample, allVersions: true },
  {
    drive: solving.solvesWithAModel,
    project: copySample,
    endpoint: { replies: 'durations.jsonl', wantsKey: true },
    settings: () => SMALL_SEARCH,
  },
  {
    drive: consent.asksBeforeSending,
    allVersions: true,
    project: copySample,
    endpoint: { replies: 'durations.jsonl' },
    settings: () => ({
      'orps.llm.baseUrl': 'http://model.invalid/v1',
      'orps.llm.model': 'any',
    }),
  },
  { drive: consent.waitsForTrust, settings: () => TRUST_IS_ASKED_FOR },
  { drive: solving.stopsFromTheNotification },
  { drive: solving.refusesWhatIsStale },
  { drive: solving.saysThatTestsAreMissing },
  {
    drive: inlineDiff.decidesByKeys,
    project: copySample,
    endpoint: { replies: 'durations.jsonl' },
    settings: withModel,
  },
  {
    drive: inlineDiff.offersWhatIsBetter,
    project: copySample,
    endpoint: { replies: 'slow_second_round.jsonl' },
    settings: withModel,
  },
  {
    drive: inlineDiff.completesAOneLineStub,
    settings: () => ({
      'orps.inlineSuggestions': 'verified',
      'orps.inlineDiff.openAutomatically': false,
    }),
  },
  {
    drive: views.followsSearchesInTheTree,
    endpoint: { replies: 'double_then_silence.jsonl' },
    settings: (endpoint) => ({ ...withModel(endpoint), 'orps.search.samples': 1 }),
  },
  { drive: views.tellsHowTheServerIs },
  {
    drive: views.readsASearchInEveryTheme,
    project: copySample,
    endpoint: { replies: 'durations.jsonl' },
    settings: withModel,
  },
  {
    drive: environment.tellsWhatIsWrongWithTheServer,
    settings: (_endpoint, scratch) => ({
      'orps.server.path': [path.join(scratch, 'orps-server')],
    }),
  },
  {
    drive: environment.beginsWithNothing,
    hasNothing: true,
    settings: () => ({ 'orps.server.path': undefined, 'orps.interpreter': undefined }),
  },
].map(completed);

function completed({ project = createProject, settings = () => ({}), ...test }) {
  return { name: test.drive?.name, ...test, project, settings };
}
