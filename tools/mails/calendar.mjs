// node calendar.mjs < invite.ics: what ical.js reads of it, as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
const events = calendar.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
const [series] = events;
for (const each of events.slice(1)) series.relateException(each);
const iterator = series.iterator();
const starts = [];
for (let next = iterator.next(); next && starts.length < 5; next = iterator.next()) {
  starts.push(series.getOccurrenceDetails(next).startDate.toJSDate().toISOString());
  if (!series.isRecurring()) break;
}
const method = calendar.getFirstPropertyValue("method");
const attendees = series.attendees.map((each) => [each.getFirstValue(), each.getParameter("partstat")]);
console.log(JSON.stringify({ method, uid: series.uid, sequence: series.sequence, starts, attendees }));
