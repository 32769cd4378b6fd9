// Subscribes with graphql-ws: URL, query, and how many results to wait for (0: until complete).
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [url, query, count] = process.argv.slice(2);
const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 });
let seen = 0;
for await (const result of client.iterate({ query })) {
  console.log(JSON.stringify(result));
  if (++seen === Number(count)) break;
}
await client.dispose();
