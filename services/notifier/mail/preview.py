"""Every kind of mail in every language, with sample data: what the preview command writes and the tests snapshot."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from chassis.markdown import to_mail_html
from services.notifier.audience import Reason
from services.notifier.mail.letter import (
    Alarm,
    AlarmWords,
    Answer,
    Appointment,
    Attachment,
    Bundle,
    Instruction,
    Kind,
    Letter,
    Line,
    Links,
    Message,
    Offer,
    Part,
    Post,
    Section,
    Stopped,
    Topic,
)
from services.notifier.mail.people import Attendance, Invited, Person, Recipient, Reply
from services.notifier.mail.plain import paragraphs
from services.notifier.mail.rendering import render

_START = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
_ANNE = Person("Anne Lefèvre", "anne@cabinet.example")
_PAUL = Invited("Paul Nguyên", "paul@cabinet.example", Attendance.ACCEPTED)


_WORDS = {
    "fr": AlarmWords(
        "affaire sans prochain événement",
        "Aucun événement n'est prévu, et le dernier remonte à 5 jours (20/11/2026).",
        ["Planifier un rendez-vous", "Donner une consigne"],
    ),
    "en": AlarmWords(
        "deal without a next event",
        "No event is planned, and the last one was 5 days ago (2026-11-20).",
        ["Plan an appointment", "Assign an instruction"],
    ),
}


def sample(kind: Kind, locale: str = "fr", revision: int = 0) -> Letter:
    """A plausible letter of a kind."""
    base = Letter(
        id=UUID("01936d2e-0000-7000-8000-000000000001"),
        kind=kind,
        cause="event_01jdqjw00070080000000000g1",
        thread="deal_01jdqjw00070080000000000g2",
        revision=revision,
        organization="Cabinet Morel & Associés",
        recipient=Recipient("Claire Dubois", "claire@cabinet.example", locale, "Europe/Paris"),
        reasons=(Reason.NAMED, Reason.OWNER),
        links=Links("https://liant.example/l/AbCdEfGhIjKlMnOpQrStUv", "https://liant.example/u/AbCdEfGhIjKlMnOpQrStUv"),
        topic=Topic("Reprise de la comptabilité", "Analyse", "Hélène Garnier", "Garnier Menuiserie SARL"),
        written_at=datetime(2026, 11, 24, 15, 0, tzinfo=UTC),
        author=_ANNE,
        writer=_ANNE,
    )
    return replace(base, **_particulars(kind))  # type: ignore[arg-type]  # one dictionary for fields of many types


def _particulars(kind: Kind) -> dict[str, object]:
    invited = (Invited("Claire Dubois", "claire@cabinet.example"), _PAUL)
    place = "12 rue des Lices, Angers"
    appointment = Appointment(_START, _START + timedelta(hours=1), "Europe/Paris", place, invited, asks=True)
    match kind:
        case Kind.EVENT_NOTE:
            return {"title": "Appel de Mme Garnier", "description": "Elle change de banque.\n\nRelevés avant vendredi."}
        case Kind.COMMENT:
            words = "Elle rappelle demain : peux-tu lui envoyer les relevés ?"
            reasons = (Reason.MENTIONED, Reason.FOLLOWER)
            return {"title": "Bilan de fin d’année", "description": words, "reasons": reasons}
        case Kind.EVENT_APPOINTMENT | Kind.EVENT_CANCELLED:
            return {"title": "Bilan de fin d’année", "appointment": appointment, "description": "Apporter la balance."}
        case Kind.APPOINTMENT_ANSWERED:
            garnier = Invited("Hélène Garnier", "helene@client.example", Attendance.DECLINED)
            answered = replace(appointment, invited=(garnier, *invited), asks=False)
            reply = Reply(garnier.name, garnier.answer)
            about: dict[str, object] = {"appointment": answered, "reply": reply, "author": None, "writer": garnier}
            return {**about, "title": "Bilan de fin d’année", "reasons": (Reason.AUTHOR,)}
        case Kind.APPOINTMENT_OFFERED | Kind.APPOINTMENT_WITHDRAWN:
            alone = replace(appointment, invited=())
            return {"title": "Bilan de fin d’année", "appointment": alone, "reasons": (), "topic": Topic()}
        case Kind.EVENT_INSTRUCTION:
            instruction = Instruction("Claire Dubois", _START - timedelta(days=2))
            return {
                "title": "Préparer la lettre de mission",
                "instruction": instruction,
                "reasons": (Reason.ASSIGNEE, Reason.RELATIONSHIP_MANAGER),
            }
        case Kind.ALERT:
            figures = {"last_event_at": "2026-11-20T09:00:00+00:00"}
            return {
                "alarm": Alarm("deal_without_next_event", figures, _WORDS),
                "author": None,
                "writer": None,
                "reasons": (Reason.OWNER,),
            }
        case Kind.TEST:
            return {"links": Links("", ""), "reasons": (Reason.TESTING,), "author": None, "writer": None}
        case Kind.DIGEST:
            alarm = Alarm("deal_without_next_event", {}, _WORDS)
            neglected = Section("ALERTS", 9_998, (Line("", "Reprise de la comptabilité", alarm),), alarm)
            said = Section("COMMENTS", 1, (Line("D’accord pour jeudi.", "Toiture de l’atelier"),))
            return {"bundle": Bundle(9_999, (neglected, said)), "reasons": (), "author": None, "writer": None}
        case Kind.INVITATION | Kind.SIGN_IN:
            invites = kind is Kind.INVITATION
            return {
                "expires_at": _START,
                "author": _ANNE if invites else None,
                "writer": _ANNE if invites else None,
                "organization": "Cabinet Morel & Associés" if invites else "",
                "links": Links("https://liant.example/sign-in/AbCdEfGhIjKlMnOpQrStUv", ""),
                "reasons": (Reason.INVITED if invites else Reason.SIGNING_IN,),
            }
        case Kind.MESSAGE:
            body = "Bonjour,\n\nvoici **nos deux pistes** :\n\n- ardoise d’Angers\n- zinc"
            plan = Attachment("Plan de toiture", "https://files.example/plan.pdf")
            to = (Person("Claire Dubois", "claire@cabinet.example"),)
            told = Message(body, True, (plan,), to, (Person("Yann Kerguélen", "yann@client.example"),))
            return {"title": "Votre toiture", "message": told, "reasons": (), "topic": Topic()}
        case Kind.QUOTE | Kind.QUOTE_REQUEST | Kind.QUOTE_ANSWERED:
            return _about_quote(kind)
        case Kind.WEBHOOK_DISABLED:
            stopped = Stopped("https://garnier.example/liant", "503 Service Unavailable", False, _START)
            return {"stopped": stopped, "links": Links("", ""), "reasons": (Reason.ADMIN,)}
        case Kind.PUBLICATION | Kind.CAMPAIGN:
            html = "<p>Notre cabinet ouvre ses portes <strong>jeudi 3 décembre</strong>.</p><ul><li>Visite</li></ul>"
            text = "Notre cabinet ouvre ses portes **jeudi 3 décembre**.\n\n- Visite"
            post = Post(html, text, "Notre cabinet ouvre ses portes jeudi 3 décembre.", "Viendrez-vous ?")
            return {"title": "Portes ouvertes", "post": post, "reasons": (Reason.READER,)}


def _about_quote(kind: Kind) -> dict[str, object]:
    if kind is Kind.QUOTE_ANSWERED:
        answered = replace(_OFFER, answer=Answer.ACCEPTED, name="Hélène Garnier")
        return {"title": "Toiture de l’atelier", "offer": answered, "reasons": (Reason.FOLLOWER,)}
    outside: dict[str, object] = {"reasons": (), "topic": Topic()}
    if kind is Kind.QUOTE_REQUEST:
        asked = Offer(until=date(2026, 12, 10))
        return {**outside, "title": "Ardoise d’Angers", "description": "120 m², livrés à Brest.", "offer": asked}
    words = "Bonjour,\n\nvoici le devis dont nous avons parlé."
    return {**outside, "title": "Toiture de l’atelier", "description": words, "offer": _OFFER}


def samples() -> Iterator[tuple[str, Letter]]:
    """A name and a letter for each kind and language, and for what a kind looks like at its fullest."""
    for locale in ("fr", "en"):
        for kind in Kind:
            yield f"{kind}.{locale}", sample(kind, locale)
        for name, letter in _others(locale):
            yield f"{name}.{locale}", letter


def _others(locale: str) -> Iterator[tuple[str, Letter]]:
    for kind, parts in _CHANGED.items():
        yield f"{kind}.changed", replace(sample(kind, locale, revision=2), parts=parts)
    yield "event_appointment.full", _full(sample(Kind.EVENT_APPOINTMENT, locale, revision=3))
    yield "event_cancelled.note", replace(sample(Kind.EVENT_CANCELLED, locale), appointment=None)
    offer = replace(_OFFER, answer=Answer.REFUSED, name="Hélène Garnier", reason="Trop cher pour un atelier.")
    yield "quote_answered.refused", replace(sample(Kind.QUOTE_ANSWERED, locale), offer=offer)
    post = Post(to_mail_html(_RICH), _RICH, "Tout ce qui s’écrit.")
    yield "publication.full", replace(sample(Kind.PUBLICATION, locale, revision=1), post=post)


_CHANGED = {
    Kind.EVENT_NOTE: (Part.TITLE, Part.DESCRIPTION),
    Kind.EVENT_APPOINTMENT: (Part.WHEN, Part.WHERE),
    Kind.EVENT_INSTRUCTION: (Part.DUE, Part.ASSIGNEE, Part.PEOPLE),
}
_OFFER = Offer("D-2026-00042", Decimal("6440.26"), "EUR", date(2026, 12, 25))
_RICH = """# Portes ouvertes

Un [lien](https://liant.example/programme), du **gras**, de l’*italique* et `du code`.

> Venez nombreux.

1. Visite
2. Déjeuner

| Heure | Quoi |
| --- | --- |
| 10 h | Accueil |

---

    un bloc de code qui est bien plus long que la ligne d’un téléphone
"""


def _full(letter: Letter) -> Letter:
    """All that an appointment can say, with words that are longer than any line."""
    crowd = [Invited(f"Participante {place} de La Rochefoucauld", f"p{place}@cabinet.example") for place in range(12)]
    appointment = Appointment(
        _START,
        _START + timedelta(days=1),
        "Europe/Paris",
        "12 rue des Lices, Angers",
        tuple(crowd),
        asks=True,
        link="https://visio.example/salles/" + "0123456789" * 9,
        recurrence="FREQ=WEEKLY;COUNT=10",
    )
    return replace(
        letter,
        title="Comité de pilotage de la reprise : anticonstitutionnellement" + "-interminable" * 8,
        description=paragraphs("Un mot de plus. " * 400 + "x" * 200),
        cut=True,
        appointment=appointment,
        parts=tuple(Part),
        topic=replace(letter.topic, deal="Reprise de la comptabilité, " * 6),
    )


def write_previews(folder: Path) -> None:
    """One HTML and one text file a sample."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, letter in samples():
        rendered = render(letter)
        (folder / f"{name}.html").write_text(rendered.html, "utf-8")
        (folder / f"{name}.txt").write_text(f"{rendered.subject}\n\n{rendered.text}", "utf-8")
