// The page around GraphiQL: who asks (a token), and what there is to ask (samples).
// A plain script: it runs before GraphiQL's own, which reads where its workers are.

const assets = new URL('.', document.currentScript.src);
const workers = { editorWorkerService: 'editor', json: 'json', graphql: 'graphql' };
globalThis.MonacoEnvironment = {
  getWorkerUrl: (_, label) => new URL(`${workers[label]}.worker.js`, assets).href,
};

const samples = JSON.parse(document.getElementById('samples').textContent);

/** Kept while the tab is open, and by this tab alone. */
const token = sessionStorage.getItem('token');

function send(operation, more = {}) {
  return fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...more.headers,
    },
    credentials: 'omit',
    body: JSON.stringify(operation),
    signal: more.signal,
  });
}

async function ask(operation) {
  return (await send(operation)).json();
}

/** The answers of a subscription: server-sent events. */
async function* readEvents(operation, signal) {
  const headers = { accept: 'text/event-stream' };
  try {
    const answer = await send(operation, { headers, signal });
    if (!answer.ok) return void (yield await answer.json());
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const events = `${text}${read.value}`.split('\n\n');
      text = events.pop();
      for (const event of events) {
        const [, data] = /^event: next\ndata: (.*)$/.exec(event) ?? [];
        if (data) yield JSON.parse(data);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The same, to be stopped while nothing happens: a generator would hear of it with the next event. */
function follow(operation) {
  const stopping = new AbortController();
  const events = readEvents(operation, stopping.signal);
  return {
    next: () => events.next(),
    return: async () => {
      stopping.abort();
      return { done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function fetcher(operation, { documentAST } = {}) {
  const named = documentAST?.definitions.find(
    ({ operation: kind, name }) =>
      kind && (!operation.operationName || name?.value === operation.operationName),
  );
  return named?.operation === 'subscription' ? follow(operation) : ask(operation);
}

/** The schema is the caller's own: with another token GraphiQL starts anew. */
function useToken(text) {
  // As it is pasted from a header, or by itself.
  const bare = text.trim().replace(/^(authorization: *)?bearer +/i, '');
  if (bare) sessionStorage.setItem('token', bare);
  else sessionStorage.removeItem('token');
  location.reload();
}

const base64url = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const randomText = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

/** Sends the person to the provider, which sends them back here with a code: RFC 7636. */
async function startSignIn({ issuer, home, client, scope }) {
  const [verifier, state] = [randomText(), randomText()];
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  sessionStorage.setItem('sign-in', JSON.stringify({ issuer, home, client, verifier, state }));
  const asked = new URLSearchParams({
    client_id: client,
    response_type: 'code',
    redirect_uri: home,
    scope,
    state,
    code_challenge: base64url(new Uint8Array(hash)),
    code_challenge_method: 'S256',
  });
  location.assign(`${issuer}/auth?${asked}`);
}

/** Takes the code of the sign-in that this tab began to the provider, for a token. */
async function endSignIn(back) {
  const { issuer, home, client, verifier, state } = JSON.parse(
    sessionStorage.getItem('sign-in') ?? '{}',
  );
  sessionStorage.removeItem('sign-in');
  if (!state || back.get('state') !== state || back.get('iss') !== issuer) {
    throw new Error('this tab did not begin it');
  }
  if (back.has('error')) throw new Error(back.get('error_description') ?? back.get('error'));
  const answer = await fetch(`${issuer}/token`, {
    method: 'POST',
    credentials: 'omit',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: client,
      redirect_uri: home,
      code: back.get('code'),
      code_verifier: verifier,
    }),
  });
  const { access_token: given, error_description: reason } = await answer.json();
  if (!given) throw new Error(reason);
  useToken(given);
}

/** Shows the ways to sign in that lead back to this page: elsewhere the tab's storage would be another. */
function listSignIns() {
  for (const button of document.querySelectorAll('[data-client]')) {
    button.hidden = button.dataset.home !== `${location.origin}/` || !globalThis.crypto?.subtle;
    button.addEventListener('click', () => void startSignIn(button.dataset));
  }
}

async function showViewer() {
  const output = document.getElementById('viewer');
  const query = '{ viewer { audience member { displayName } partner { name } } }';
  const { data, errors } = await ask({ query }).catch(() => ({}));
  const viewer = data?.viewer;
  const name = viewer?.member?.displayName ?? viewer?.partner?.name;
  output.textContent = viewer
    ? `${viewer.audience}${name ? `: ${name}` : ''}`
    : (errors?.[0]?.message ?? 'The gateway does not answer.');
  output.dataset.refused = String(!viewer);
}

function listSamples(select) {
  for (const audience of new Set(samples.map((sample) => sample.audience))) {
    const group = document.createElement('optgroup');
    group.label = audience;
    for (const sample of samples.filter((each) => each.audience === audience)) {
      group.append(new Option(sample.title, sample.title));
    }
    select.append(group);
  }
  // GraphiQL takes an operation when it starts, and adds a tab for it.
  select.addEventListener('change', () => {
    location.search = new URLSearchParams({ sample: select.value }).toString();
  });
}

/** What GraphiQL kept of the tab on top; told nothing, it would add an empty one. */
function activeTab() {
  const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{}');
  return tabs?.[activeTabIndex];
}

function startGraphiQL() {
  const asked = new URLSearchParams(location.search).get('sample');
  const now = new Date().toISOString();
  const tabOf = ({ query, variables }) => ({
    query,
    variables: variables.replaceAll('{now}', now),
  });
  const wanted = samples.find(({ title }) => title === asked);
  const tab = wanted ? tabOf(wanted) : activeTab();
  // Opened once: not again with each reload.
  history.replaceState(null, '', location.pathname);
  globalThis.YogaGraphiQL.renderYogaGraphiQL(document.getElementById('graphiql'), {
    fetcher,
    title: 'Graph<em>i</em>QL',
    logo: '',
    // Without these it takes the operation from the URL, and writes it there.
    query: tab?.query ?? undefined,
    initialVariables: tab?.variables ?? undefined,
    onEditQuery: () => undefined,
    defaultTabs: [tabOf(samples[0])],
    // The token has a place of its own.
    isHeadersEditorEnabled: false,
    shouldPersistHeaders: false,
    showPersistHeadersSettings: false,
  });
}

const form = document.getElementById('token');
form.elements.token.value = token ?? '';
form.addEventListener('submit', (event) => {
  event.preventDefault();
  useToken(form.elements.token.value);
});
document.getElementById('forget').addEventListener('click', () => useToken(''));
listSamples(document.getElementById('sample'));
listSignIns();
const back = new URLSearchParams(location.search);
if (back.has('state')) {
  endSignIn(back).catch(({ message }) => {
    const output = document.getElementById('viewer');
    output.textContent = `Nobody signed in: ${message}.`;
    output.dataset.refused = 'true';
  });
} else void showViewer();
// GraphiQL's script comes after this one.
document.addEventListener('DOMContentLoaded', startGraphiQL);
