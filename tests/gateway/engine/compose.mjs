// Composes subgraphs read from stdin as {name: sdl}; prints the supergraph. `node compose.mjs theguild|apollo`
import { createRequire } from "node:module";
const require = createRequire(process.cwd() + "/");
const { parse } = require("graphql");
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const services = Object.entries(JSON.parse(Buffer.concat(chunks))).map(([name, sdl]) => ({
  name,
  url: `http://${name}.test/graphql`,
  typeDefs: parse(sdl),
}));
const composer = process.argv[2] === "apollo" ? "@apollo/composition" : "@theguild/federation-composition";
const { composeServices } = require(composer);
const result = composeServices(services);
if (!result.supergraphSdl) {
  console.error(result.errors.map((error) => error.message).join("\n"));
  process.exit(1);
}
process.stdout.write(result.supergraphSdl + "\n");
