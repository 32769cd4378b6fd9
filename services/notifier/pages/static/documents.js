// What the page asks of the gateway; every subgraph answers its part.

const PARTS = `
  fragment Who on Contact { id name email phone }
  fragment About on Deal { id title phase stage { name } owner { id name } account { id name } primaryContact { ...Who } }
`;
const CHARGE = `status takenInChargeAt takenInChargeBy { id name }`;
const TASK = `id status dueAt completedAt assignee { id name } completedBy { id name }`;

export const EVENT = `${PARTS}
  query LinkedEvent($id: ID!) {
    event(id: $id) {
      id kind title description startsAt endsAt timeZone place cancelledAt createdAt
      author { id name } concerned { id name } link recurrence
      attendees { answer collaborator { id name } contact { id name } }
      task { ${TASK} }
      deal { ...About }
      contact { ...Who }
    }
  }`;

export const COMMENT = `${PARTS}
  query LinkedComment($id: ID!) {
    comment(id: $id) {
      id body createdAt editedAt deletedAt
      author { id name } mentions { id name }
      event { id title contact { ...Who } deal { ...About } }
      deal { ...About }
    }
  }`;

export const ALERT = `${PARTS}
  query LinkedAlert($id: ID!, $locale: String) {
    alert(id: $id) {
      id raisedAt endedAt reason(locale: $locale) suggestions(locale: $locale) { label mutation }
      addressees { id name } ${CHARGE}
      deal { ...About }
    }
  }`;

export const QUOTE = `${PARTS}
  query LinkedQuote($id: ID!) {
    quote(id: $id) {
      id number title status gross currency validUntil sentAt
      answer { accepted name reason at }
      acceptance { status reason }
      deal { ...About }
    }
  }`;

export const TAKE_CHARGE = `
  mutation TakeCharge($id: ID!) {
    takeChargeOfAlert(input: { id: $id }) {
      __typename
      ... on Alert { id ${CHARGE} }
      ... on Error { code message }
    }
  }`;

export const APPLY = `
  mutation Apply($id: ID!, $position: Int!, $mutation: String!) {
    applySuggestion(input: { alertId: $id, position: $position, mutation: $mutation }) {
      __typename
      ... on Alert { id status endedAt }
      ... on SuggestionElsewhere { mutation }
      ... on Error { code message }
    }
  }`;

export const COMPLETE_TASK = `
  mutation CompleteTask($id: ID!) {
    completeTask(input: { id: $id }) {
      __typename
      ... on Task { ${TASK} }
      ... on Error { code message }
    }
  }`;

export const ANSWER = `
  mutation Answer($id: ID!, $answer: Answer!) {
    answerInvitation(input: { eventId: $id, answer: $answer }) {
      __typename
      ... on Event { id attendees { answer collaborator { id } } }
      ... on Error { code message }
    }
  }`;

export const PORTFOLIO = `query Portfolio($locale: String) {
  health {
    score deals atRisk alerts medianHoursToResolve
    trend { day score }
    bands { lowest highest count }
    ages { headline(locale: $locale) today thisWeek thisMonth older }
  }
  portfolios { owner { name } score deals alerts }
}`;

export const INBOX = `
  query LinkedInbox {
    inbox {
      unread
      items(filter: { state: { eq: UNREAD } }, first: 50) { edges { node { id category title toldAt } } }
    }
  }`;

export const DONE = `
  mutation Done($id: ID!) {
    markInboxItems(input: { ids: [$id], state: DONE }) {
      __typename
      ... on Inbox { id unread }
      ... on Error { code message }
    }
  }`;
