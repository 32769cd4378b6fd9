// Opens the link: exchanges its token, asks the gateway, shows; acts only where a button is pressed.

import { exchange, Gateway, Refused } from "./api.js";
import { ALERT, ANSWER, APPLY, COMMENT, COMPLETE_TASK, DONE, EVENT, INBOX, QUOTE, TAKE_CHARGE } from "./documents.js";
import { card, h } from "./dom.js";
import { Clock, textsFor } from "./texts.js";
import { showAlert, showComment, showEvent, showInbox, showQuote } from "./view.js";

const KINDS = {
  event: { document: EVENT, show: showEvent, title: (event) => event.title },
  comment: { document: COMMENT, show: showComment, title: (comment) => comment.author?.name ?? "" },
  alert: { document: ALERT, show: showAlert, title: (alert) => alert.reason },
  quote: { document: QUOTE, show: showQuote, title: (quote) => quote.title },
  digest: { document: INBOX, show: showInbox, title: () => "Liant", field: "inbox" },
};
const main = document.getElementById("main");

async function open(token) {
  const session = await exchange(token);
  const texts = textsFor(session.locale);
  document.documentElement.lang = session.locale;
  const page = {
    texts,
    clock: new Clock(session.locale, session.timeZone),
    me: session.collaborator,
    gateway: new Gateway(token, session),
    locale: session.locale,
    about: session.about,
    takeCharge: (id) => act(page, TAKE_CHARGE, id),
    apply: (id, position, mutation) => act(page, APPLY, id, { position, mutation }),
    done: (id) => act(page, DONE, id),
    complete: (id) => act(page, COMPLETE_TASK, id),
    answer: (id, answer) => act(page, ANSWER, id, { answer }),
  };
  await refresh(page);
}

async function refresh(page, refusal = "") {
  const { texts, about } = page;
  const kind = KINDS[about.kind];
  const { data, partial } = await page.gateway.ask(kind.document, {
    ...(kind.field ? {} : { id: about.id }),
    ...(about.kind === "alert" ? { locale: page.locale } : {}),
  });
  const found = data[kind.field ?? about.kind];
  if (!found) return render([card(h("h1", {}, texts.gone))], texts.gone);
  const shown = kind.show(found, page);
  const notes = [refusal, partial ? texts.partial : ""].filter(Boolean);
  render([...notes.map((note) => h("p", { class: "refused", role: "status" }, note)), ...shown], kind.title(found));
}

// Whoever was first, what is shown afterwards is what the gateway says now.
async function act(page, mutation, id, more = {}) {
  const { texts } = page;
  let refusal = "";
  try {
    const { data } = await page.gateway.ask(mutation, { id, ...more });
    const [result] = Object.values(data);
    if (result?.__typename === "SuggestionElsewhere") refusal = texts.elsewhere;
    if (result?.code && result.code !== "ALREADY_TAKEN_IN_CHARGE") refusal = result.message;
    await refresh(page, refusal);
  } catch (error) {
    refuse(error, page.texts);
  }
}

function render(children, title) {
  main.replaceChildren(...children.filter(Boolean));
  main.setAttribute("aria-busy", "false");
  document.title = `${title} · Liant`;
}

function refuse(error, texts) {
  const known = error instanceof Refused && texts.refused[error.code];
  const [title, advice] = known || texts.refused.other;
  const again = known ? null : h("button", { type: "button", onclick: () => location.reload() }, texts.again);
  render([card(h("h1", {}, title), h("p", {}, advice), again)], title);
}

const texts = textsFor(navigator.language ?? "fr");
document.documentElement.lang = texts === textsFor("en") ? "en" : "fr";
document.getElementById("waiting").textContent = texts.waiting;
open(location.pathname.split("/").pop()).catch((error) => refuse(error, texts));
