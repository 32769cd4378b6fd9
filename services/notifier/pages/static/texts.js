// The page's words. A reader's language comes with the link; before that, the browser's.

const FRENCH = {
  waiting: "Ouverture…",
  NOTE: "Note", APPOINTMENT: "Rendez-vous", INSTRUCTION: "Consigne", alert: "Alerte", cancelled: "Annulé",
  when: "Quand", where: "Où", writtenBy: "De la part de", writtenAt: "Écrit", concerned: "Concerne", due: "Échéance",
  assignee: "Confiée à", raisedAt: "Levée", addressees: "Adressée à",
  deal: "Affaire", stage: "Étape", owner: "Responsable", company: "Compte", contact: "Contact", contacts: "Contact",
  email: "E-mail", phone: "Téléphone", suggestions: "Ce que vous pouvez faire", elsewhere: "Ce remède se fait dans Liant : il n'a pas été appliqué d'ici.",
  takeCharge: "Prendre en charge", complete: "Marquer comme faite",
  takenByYou: "Vous l’avez prise en charge", takenBy: (who) => `${who} l’a prise en charge`,
  doneBy: (who) => (who ? `Faite par ${who}` : "Faite"),
  taskCancelled: "Tâche annulée",
  joinedAt: "À rejoindre sur",
  comment: "Commentaire", on: "À propos de", editedAt: "Modifié", mentions: "Mentionne", commentDeleted: "Ce commentaire a été supprimé.",
  answers: { NONE: "Sans réponse", ACCEPTED: "Vient", DECLINED: "Ne vient pas", TENTATIVE: "Vient peut-être" },
  confirm: "Confirmez votre réponse :",
  answering: { ACCEPTED: "Je viens", DECLINED: "Je ne viens pas", TENTATIVE: "Peut-être" },
  ended: { RESOLVED: "Résolue", CLOSED: "Close : sa cause a disparu", DISMISSED: "Écartée", SNOOZED: "Mise en sommeil" },
  quote: "Devis", number: "Numéro", amount: "Montant", validUntil: "Valable jusqu’au",
  answeredBy: "Réponse de", answeredAt: "Répondu", reason: "Motif",
  quoteStatus: { SENT: "Envoyé", ACCEPTED: "Accepté", REFUSED: "Refusé", EXPIRED: "Expiré", SUPERSEDED: "Remplacé", WITHDRAWN: "Retiré" },
  undone: "Aucun client n’a pu être créé : l’affaire et le contrat sont revenus en arrière.",
  partial: "Une partie des informations n’est pas disponible pour le moment.",
  inbox: "Boîte de réception", done: "C’est fait",
  unread: (count) => (count === 1 ? "1 élément non lu" : `${count} éléments non lus`),
  gone: "Cet élément n’existe plus, ou n’est plus accessible.",
  refused: {
    LINK_UNKNOWN: ["Lien inconnu", "Ouvrez-le à nouveau depuis l’e-mail : il a peut-être été coupé."],
    LINK_EXPIRED: ["Ce lien a expiré", "Ouvrez un e-mail plus récent, ou connectez-vous."],
    TOO_MANY: ["Trop d’essais", "Attendez une minute, puis ouvrez le lien de l’e-mail."],
    other: ["Liant ne répond pas pour le moment", "Réessayez dans une minute."],
  },
  again: "Réessayer",
};

const ENGLISH = {
  waiting: "Opening…",
  NOTE: "Note", APPOINTMENT: "Appointment", INSTRUCTION: "Instruction", alert: "Alert", cancelled: "Cancelled",
  when: "When", where: "Where", writtenBy: "Written by", writtenAt: "Written", concerned: "Concerns", due: "Due",
  assignee: "Assigned to", raisedAt: "Raised", addressees: "Addressed to",
  deal: "Deal", stage: "Stage", owner: "Owner", company: "Company", contact: "Contact", contacts: "Contact",
  email: "E-mail", phone: "Phone", suggestions: "What you can do", elsewhere: "This remedy is carried out in Liant: it was not applied from here.",
  takeCharge: "Take charge of it", complete: "Mark as done",
  takenByYou: "You took charge of it", takenBy: (who) => `${who} took charge of it`,
  doneBy: (who) => (who ? `Done by ${who}` : "Done"),
  taskCancelled: "Task cancelled",
  joinedAt: "Joined at",
  comment: "Comment", on: "About", editedAt: "Edited", mentions: "Mentions", commentDeleted: "This comment was deleted.",
  answers: { NONE: "No answer", ACCEPTED: "Comes", DECLINED: "Does not come", TENTATIVE: "May come" },
  confirm: "Confirm your answer:",
  answering: { ACCEPTED: "I am coming", DECLINED: "I am not coming", TENTATIVE: "Maybe" },
  ended: { RESOLVED: "Resolved", CLOSED: "Closed: its cause is gone", DISMISSED: "Dismissed", SNOOZED: "Snoozed" },
  quote: "Quote", number: "Number", amount: "Amount", validUntil: "Valid until",
  answeredBy: "Answered by", answeredAt: "Answered", reason: "Reason",
  quoteStatus: { SENT: "Sent", ACCEPTED: "Accepted", REFUSED: "Refused", EXPIRED: "Expired", SUPERSEDED: "Superseded", WITHDRAWN: "Withdrawn" },
  undone: "No client could be made: the deal and the contract went back.",
  partial: "Some of the information is not available at the moment.",
  inbox: "Inbox", done: "Done",
  unread: (count) => (count === 1 ? "1 unread item" : `${count} unread items`),
  gone: "This no longer exists, or is no longer open to you.",
  refused: {
    LINK_UNKNOWN: ["Unknown link", "Open it again from the e-mail: it may have been cut."],
    LINK_EXPIRED: ["This link has expired", "Open a more recent e-mail, or sign in."],
    TOO_MANY: ["Too many tries", "Wait a minute, then open the link in the e-mail."],
    other: ["Liant does not answer at the moment", "Try again in a minute."],
  },
  again: "Try again",
};

export function textsFor(locale) {
  return locale.startsWith("en") ? ENGLISH : FRENCH;
}

export class Clock {
  #locale;
  #full;
  #time;
  #day;

  constructor(locale, timeZone) {
    this.#locale = locale;
    const zone = timeZone || undefined;
    this.#full = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short", timeZone: zone });
    this.#time = new Intl.DateTimeFormat(locale, { timeStyle: "short", timeZone: zone });
    this.#day = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone: zone });
  }

  at(moment) {
    return moment ? this.#full.format(new Date(moment)) : "";
  }

  // A day is one wherever it is read: no time zone moves it.
  day(date) {
    return date ? new Intl.DateTimeFormat(this.#locale, { dateStyle: "full", timeZone: "UTC" }).format(new Date(date)) : "";
  }

  money(amount, currency) {
    return new Intl.NumberFormat(this.#locale, { style: "currency", currency }).format(amount);
  }

  span(start, end) {
    if (!start || !end) return this.at(start);
    const [from, to] = [new Date(start), new Date(end)];
    const sameDay = this.#day.format(from) === this.#day.format(to);
    return `${this.#full.format(from)} – ${(sameDay ? this.#time : this.#full).format(to)}`;
  }
}
