// Composes the bench's subgraphs with the reference composer: node compose.mjs > ../supergraph.graphql
import { readFileSync } from "node:fs";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";

const services = ["contacts", "deals", "notifier"].map((name, place) => ({
  name,
  url: `http://127.0.0.1:${4101 + place}/graphql`,
  typeDefs: parse(readFileSync(new URL(`../subgraphs/${name}.graphql`, import.meta.url), "utf8")),
}));
const { errors, supergraphSdl } = composeServices(services);
if (errors?.length) {
  for (const error of errors) console.error(error.message);
  process.exit(1);
}
process.stdout.write(supergraphSdl + "\n");
