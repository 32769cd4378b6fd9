// An event or an alert, as elements.

import { card, facts, h } from "./dom.js";

export function showEvent(event, page) {
  const { texts, clock } = page;
  const people = event.concerned.map((person) => person?.name).filter(Boolean).join(", ");
  return [
    card(
      h("p", { class: event.cancelledAt ? "kind warn" : "kind" }, event.cancelledAt ? `${texts.cancelled} · ${texts[event.kind]}` : texts[event.kind]),
      h("h1", {}, event.title),
      facts([
        [texts.when, event.kind === "APPOINTMENT" ? clock.span(event.startsAt, event.endsAt) : ""],
        [texts.where, event.place],
        [texts.joinedAt, event.link && h("a", { href: event.link, rel: "noreferrer" }, event.link)],
        [texts.assignee, event.task?.assignee?.name],
        [texts.due, clock.at(event.task?.dueAt)],
        [texts.writtenBy, event.author?.name],
        [texts.writtenAt, clock.at(event.createdAt)],
        [texts.concerned, people],
      ]),
    ),
    event.description ? card(h("p", { class: "said" }, event.description)) : null,
    event.attendees.length ? card(answers(event, page)) : null,
    event.task ? card(task(event.task, page)) : null,
    around(event.deal, event.contact ?? event.deal?.primaryContact, texts),
  ];
}

export function showComment(comment, page) {
  const { texts, clock } = page;
  const deal = comment.deal ?? comment.event?.deal;
  return [
    card(
      h("p", { class: "kind" }, texts.comment),
      h("h1", {}, comment.author?.name ?? ""),
      facts([
        [texts.on, comment.event?.title ?? deal?.title],
        [texts.writtenAt, clock.at(comment.createdAt)],
        [texts.editedAt, clock.at(comment.editedAt)],
        [texts.mentions, comment.mentions.map((person) => person?.name).filter(Boolean).join(", ")],
      ]),
    ),
    card(h("p", { class: comment.deletedAt ? "state" : "said" }, comment.deletedAt ? texts.commentDeleted : comment.body)),
    around(deal, comment.event?.contact ?? deal?.primaryContact, texts),
  ];
}

export function showAlert(alert, page) {
  const { texts, clock } = page;
  return [
    card(
      h("p", { class: "kind warn" }, texts.alert),
      h("h1", {}, alert.reason),
      facts([
        [texts.raisedAt, clock.at(alert.raisedAt)],
        [texts.addressees, alert.addressees.map((person) => person?.name).filter(Boolean).join(", ")],
      ]),
    ),
    card(charge(alert, page)),
    alert.suggestions.length && !alert.endedAt
      ? card(h("h2", {}, texts.suggestions), remedies(alert, page))
      : null,
    around(alert.deal, alert.deal?.primaryContact, texts),
  ];
}

export function showInbox(inbox, page) {
  const { texts, clock, done } = page;
  const items = inbox.items.edges.map(({ node }) => node);
  return [
    card(h("p", { class: "kind" }, texts.inbox), h("h1", {}, texts.unread(inbox.unread))),
    ...items.map((item) =>
      card(
        h("p", {}, item.title),
        h("p", { class: "quiet" }, clock.at(item.toldAt)),
        h("div", { class: "act" }, button(texts.done, () => done(item.id))),
      ),
    ),
  ];
}

function answers(event, { texts, me, answer }) {
  const mine = event.attendees.find((each) => each.collaborator?.id === me);
  const others = event.attendees.map((each) => [(each.collaborator ?? each.contact)?.name, texts.answers[each.answer]]);
  const choices = mine && !event.cancelledAt ? ["ACCEPTED", "TENTATIVE", "DECLINED"] : [];
  // What the button in the mail said comes first; it acts only once it is pressed here, since scanners open links too.
  const wanted = new URLSearchParams(location.search).get("answer");
  const left = choices.filter((each) => each !== mine.answer).sort((one, other) => (other === wanted) - (one === wanted));
  const first = mine?.answer === "NONE" || left.includes(wanted) ? left[0] : null;
  return [
    left.includes(wanted) ? h("p", { class: "state" }, texts.confirm) : null,
    facts(others),
    h("div", { class: "act" }, left.map((each) => button(texts.answering[each], () => answer(event.id, each), each !== first))),
  ];
}

export function showQuote(quote, page) {
  const { texts, clock } = page;
  const { answer, acceptance } = quote;
  const undone = acceptance?.status === "COMPENSATED";
  return [
    card(
      h("p", { class: undone ? "kind warn" : "kind" }, `${texts.quote} · ${texts.quoteStatus[quote.status] ?? quote.status}`),
      h("h1", {}, quote.title),
      facts([
        [texts.number, quote.number],
        [texts.amount, clock.money(quote.gross, quote.currency)],
        [texts.validUntil, clock.day(quote.validUntil)],
        [texts.answeredBy, answer?.name],
        [texts.answeredAt, clock.at(answer?.at)],
        [texts.reason, answer?.reason],
      ]),
    ),
    undone ? card(h("p", { class: "state" }, texts.undone)) : null,
    around(quote.deal, quote.deal?.primaryContact, texts),
  ];
}

function task(task, { texts, clock, complete }) {
  if (task.status === "CANCELLED") return h("p", { class: "state" }, texts.taskCancelled);
  if (task.status === "DONE") {
    return [h("p", { class: "state done" }, texts.doneBy(task.completedBy?.name)), h("p", { class: "quiet" }, clock.at(task.completedAt))];
  }
  return h("div", { class: "act" }, button(texts.complete, () => complete(task.id)));
}

// Each is carried out in the alert's name; what stands at its place by now is checked by the server.
function remedies(alert, { apply }) {
  const wanted = Number(new URLSearchParams(location.search).get("remedy") ?? -1);
  const buttons = alert.suggestions.map(({ label, mutation }, place) => button(label, () => apply(alert.id, place, mutation)));
  // The one that was chosen in the mail comes first; it still has to be pressed.
  return h("div", { class: "act" }, [buttons[wanted], ...buttons.filter((_, place) => place !== wanted)].filter(Boolean));
}

function charge(alert, { texts, clock, me, takeCharge }) {
  if (alert.status === "RAISED") return h("div", { class: "act" }, button(texts.takeCharge, () => takeCharge(alert.id)));
  if (alert.status === "TAKEN_IN_CHARGE") {
    const who = alert.takenInChargeBy;
    const told = who?.id === me ? texts.takenByYou : texts.takenBy(who?.name ?? "?");
    return [h("p", { class: "state done" }, told), h("p", { class: "quiet" }, clock.at(alert.takenInChargeAt))];
  }
  return [h("p", { class: "state" }, texts.ended[alert.status] ?? alert.status), h("p", { class: "quiet" }, clock.at(alert.endedAt))];
}

function button(label, act, plain = false) {
  return h("button", {
    type: "button",
    class: plain ? "plain" : undefined,
    onclick: async (event) => {
      event.target.disabled = true;
      await act();
    },
  }, label);
}

function around(deal, contact, texts) {
  const parts = [deal ? dealCard(deal, texts) : null, contact ? contactCard(contact, texts) : null];
  return h("div", { class: "pair" }, parts);
}

function dealCard(deal, texts) {
  return card(
    h("h2", {}, texts.deal),
    h("p", {}, deal.title),
    facts([
      [texts.stage, deal.stage?.name],
      [texts.owner, deal.owner?.name],
      [texts.company, deal.account?.name],
    ]),
  );
}

function contactCard(contact, texts) {
  return card(
    h("h2", {}, texts.contacts),
    h("p", {}, contact.name),
    facts([
      [texts.email, contact.email && h("a", { href: `mailto:${encodeURIComponent(contact.email).replace("%40", "@")}` }, contact.email)],
      [texts.phone, contact.phone && h("a", { href: `tel:${contact.phone.replace(/[^+\d]/g, "")}` }, contact.phone)],
    ]),
  );
}
