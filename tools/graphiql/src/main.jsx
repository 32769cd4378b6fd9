import { GraphiQL } from 'graphiql';
import { getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-sse';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './page.css';

const ENDPOINT = '/graphql';
const WELCOME = `# The book on the left describes every type and field.
# Ctrl-Space completes, Ctrl-Enter runs.

{
  __typename
}
`;

const SIGNED_IN = 'liant:headers';

/** `#token=…` signs in: the token moves into the headers editor, and out of the address bar. */
function signIn() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) return;
  history.replaceState(null, '', location.pathname + location.search);
  sessionStorage.clear();
  sessionStorage.setItem(SIGNED_IN, JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2));
}

/** GraphiQL asks for the schema before its headers editor is there: that question needs the token as well. */
function headersFor(options) {
  return options?.headers ?? JSON.parse(sessionStorage.getItem(SIGNED_IN) ?? '{}');
}

function isSubscription({ query, operationName }) {
  try {
    return getOperationAST(parse(query), operationName)?.operation === 'subscription';
  } catch {
    return false; // the gateway explains what is wrong with the document
  }
}

async function ask(parameters, headers) {
  const response = await fetch(ENDPOINT, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...headers,
    },
    body: JSON.stringify(parameters),
  });
  return response.json();
}

function fetcher(parameters, options) {
  const headers = headersFor(options);
  if (!isSubscription(parameters)) return ask(parameters, headers);
  return createClient({ url: ENDPOINT, headers, retryAttempts: 3 }).iterate(parameters);
}

signIn();
const headers = sessionStorage.getItem(SIGNED_IN) ?? undefined;
createRoot(document.getElementById('graphiql')).render(
  <GraphiQL
    fetcher={fetcher}
    storage={sessionStorage}
    defaultQuery={WELCOME}
    initialHeaders={headers}
    defaultHeaders={headers}
    defaultEditorToolsVisibility={headers ? 'headers' : true}
    isHeadersEditorEnabled
    shouldPersistHeaders
  />,
);
