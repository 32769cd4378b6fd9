// node check.mjs FOLDER: each HTML file of it by html-validate and caniemail; ends with 1 and a line for each complaint.
import { readFileSync, readdirSync } from "node:fs";
import { caniemail } from "caniemail";
import { HtmlValidate } from "html-validate";

// What mail programs still need, and browsers no more; a long subject is no long title.
const off = [
  "doctype-style", "no-conditional-comment", "no-inline-style", "no-deprecated-attr", "prefer-tbody", "void-style",
  "long-title", "prefer-native-element", "presentation-role-style",
];
const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:recommended"],
  rules: Object.fromEntries(off.map((rule) => [rule, "off"])),
});
// Without these a mail is plainer, not less readable: looked at one by one. Layout stands on tables and inline styles.
const decoration = new Set([
  "Descendant combinator", "ID selector", "Type selector", "@media", "Chaining selectors", "Class selector",
  "<style> element", "display:none", "opacity", "cursor", "target attribute", "transform", "outline", "overflow-wrap",
  "overflow", "white-space", "word-spacing", "border-radius", "table-layout", "aria-label attribute", "role attribute",
  "word-break", "<body> element",
]);
const clients = ["gmail.*", "outlook.*", "apple-mail.*"];

const folder = process.argv[2];
let complaints = 0;
for (const name of readdirSync(folder).filter((each) => each.endsWith(".html"))) {
  const html = readFileSync(`${folder}/${name}`, "utf8");
  const { results } = await validator.validateString(html);
  const found = results.flatMap(({ messages }) => messages.map((one) => `${one.ruleId}: ${one.message}`));
  for (const [client, issues] of caniemail({ clients, html }).issues.errors) {
    found.push(...issues.filter(({ title }) => !decoration.has(title)).map(({ title }) => `${client} has no ${title}`));
  }
  for (const one of new Set(found)) console.log(`${name}: ${one}`);
  complaints += found.length;
}
process.exit(complaints ? 1 : 0);
