import { GraphiQL } from 'graphiql';
import { getOperationAST, parse } from 'graphql';
import { createClient } from 'graphql-sse';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './page.css';

const ENDPOINT = '/graphql';
const WELCOME = `# Every type and field is described in the panel on the left.
# Ctrl-Space completes, Ctrl-Enter runs.

{
  __typename
}
`;

/** `#token=…` signs in: the token moves into the headers editor, and out of the address bar. */
function headersFromAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  sessionStorage.clear();
  return JSON.stringify({ Authorization: `Bearer ${token}` }, null, 2);
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
  const headers = options?.headers ?? {};
  if (!isSubscription(parameters)) return ask(parameters, headers);
  return createClient({ url: ENDPOINT, headers, retryAttempts: 3 }).iterate(parameters);
}

const headers = headersFromAddress();
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
