// How well deals are kept up. The token comes in the address (#token=…), as to GraphiQL, or is asked for; it is not kept.

import { PORTFOLIO } from "./documents.js";
import { card, h } from "./dom.js";
import { bars, count, s, trend } from "./plots.js";

const FRENCH = {
  title: "Santé du portefeuille", score: "santé", deals: "affaires suivies", atRisk: "en danger", alerts: "alertes ouvertes",
  median: "délai médian de résolution", ages: "Alertes par règle et ancienneté", bands: "Affaires par santé",
  trend: "Évolution de la santé", owners: "Par responsable", none: "Rien à montrer pour l'instant.",
  names: ["aujourd'hui", "cette semaine", "ce mois-ci", "plus ancien"], hours: "h", days: "j",
  token: "Jeton d'accès (liant token)", gateway: "Adresse GraphQL", open: "Ouvrir", refused: "Le jeton n'est pas accepté, ou le service ne répond pas.",
};
const ENGLISH = {
  title: "Portfolio health", score: "health", deals: "deals carried", atRisk: "at risk", alerts: "open alerts",
  median: "median time to resolve", ages: "Alerts by rule and age", bands: "Deals by health",
  trend: "Health over time", owners: "By owner", none: "Nothing to show yet.",
  names: ["today", "this week", "this month", "older"], hours: "h", days: "d",
  token: "Access token (liant token)", gateway: "GraphQL address", open: "Open", refused: "The token is not accepted, or the service does not answer.",
};

const BEST = 100;
const given = new URLSearchParams(location.hash.slice(1));
const language = (given.get("lang") ?? navigator.language ?? "fr").startsWith("en") ? "en" : "fr";
const texts = language === "en" ? ENGLISH : FRENCH;
const main = document.getElementById("main");

function show(...children) {
  main.replaceChildren(...children.flat().filter(Boolean));
  main.setAttribute("aria-busy", "false");
}

async function read(token, gateway) {
  const answer = await fetch(gateway, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: PORTFOLIO, variables: { locale: language } }),
    signal: AbortSignal.timeout(15000),
  });
  const { data } = await answer.json();
  if (!data?.health) throw new Error(texts.refused);
  return data;
}

function figures({ score, deals, atRisk, alerts, medianHoursToResolve: median }) {
  const time = median === null ? "–" : median < 48 ? `${median.toFixed(1)} ${texts.hours}` : `${(median / 24).toFixed(1)} ${texts.days}`;
  const told = [[texts.score, score ?? "–"], [texts.deals, count(deals)], [texts.atRisk, count(atRisk)], [texts.alerts, count(alerts)], [texts.median, time]];
  return h("dl", { class: "figures" }, told.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value)))));
}

function legend() {
  const box = (place) => s("svg", { viewBox: "0 0 10 10", "aria-hidden": "true" }, s("rect", { width: 10, height: 10, class: `age${place}` }));
  return h("div", { class: "legend" }, texts.names.map((name, place) => h("span", {}, box(place), name)));
}

function draw({ health, portfolios }) {
  const ages = health.ages.map((one) => ({ name: one.headline, parts: [one.today, one.thisWeek, one.thisMonth, one.older] }));
  const bands = health.bands.map((one) => ({ name: `${one.lowest}–${one.highest}`, parts: [one.count], kind: one.highest < 50 ? "age3" : "age2" }));
  const owners = portfolios.map((one) => ({ name: one.owner?.name ?? "–", parts: [one.score], kind: one.score < 50 ? "age3" : "age2" }));
  const day = (text) => new Date(`${text}T12:00:00Z`).toLocaleDateString(language, { day: "numeric", month: "short" });
  const plotted = (title, rows, make) => card(h("h2", {}, title), rows.length ? make() : h("p", { class: "quiet" }, texts.none));
  show(
    card(h("h1", {}, texts.title), figures(health)),
    plotted(texts.ages, ages, () => [legend(), bars(ages, texts.ages)]),
    plotted(texts.bands, bands, () => bars(bands, texts.bands)),
    plotted(texts.trend, health.trend, () => trend(health.trend, texts.trend, day)),
    plotted(texts.owners, owners, () => bars(owners, texts.owners, BEST)),
  );
}

function ask(refusal = "") {
  const token = h("input", { name: "token", required: true, autocomplete: "off" });
  const gateway = h("input", { name: "gateway", required: true, type: "url", value: given.get("gateway") ?? "" });
  const form = h(
    "form",
    { onsubmit: (event) => { event.preventDefault(); open(token.value.trim(), gateway.value.trim()); } },
    h("label", {}, texts.gateway, gateway), h("label", {}, texts.token, token), h("button", {}, texts.open),
  );
  show(card(h("h1", {}, texts.title), refusal && h("p", { class: "refused", role: "status" }, refusal), form));
}

async function open(token, gateway) {
  try {
    draw(await read(token, gateway));
  } catch {
    ask(texts.refused);
  }
}

document.documentElement.lang = language;
document.title = `${texts.title} · Liant`;
// The token does not stay in the address bar, nor in the history.
history.replaceState(null, "", location.pathname);
if (given.get("token") && given.get("gateway")) open(given.get("token"), given.get("gateway"));
else ask();
