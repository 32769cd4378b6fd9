// Standard input: [{name, sdl}]. Standard output: the supergraph's SDL; errors on standard error, status 1.
// Arguments: rules of the composer to leave out.
import { readFileSync } from "node:fs";
import { composeServices } from "@theguild/federation-composition";
import { parse } from "graphql";

const services = JSON.parse(readFileSync(0, "utf8")).map(({ name, sdl }) => ({
  name,
  url: `http://${name}/graphql`,
  typeDefs: parse(sdl),
}));
const { supergraphSdl, errors } = composeServices(services, { disableValidationRules: process.argv.slice(2) });
if (errors?.length) {
  for (const { message, extensions } of errors) console.error(`${extensions?.code ?? "ERROR"}: ${message}`);
  process.exit(1);
}
process.stdout.write(supergraphSdl.trimEnd() + "\n");
