"""The demo's count of mails: it must not be satisfied too easily."""

from liant.demo.mails import Expected, Mail, Outcome

ZOE = Expected("zoe@cabinet.example", "Visite de l'atelier")
KARIM = Expected("karim@cabinet.example", "Visite de l'atelier")


def mail(recipient: str, subject: str = "Rendez-vous : Visite de l'atelier · jeudi", number: int = 1) -> Mail:
    return Mail(number, recipient, subject, "http://127.0.0.1/l/abc")


def test_each_expected_mail_once_is_right() -> None:
    assert Outcome([ZOE, KARIM], [mail(KARIM.recipient), mail(ZOE.recipient)]).is_right


def test_a_missing_mail_is_named() -> None:
    outcome = Outcome([ZOE, KARIM], [mail(ZOE.recipient)])
    assert (outcome.is_right, outcome.missing) == (False, [KARIM])


def test_a_repeated_mail_is_one_too_many() -> None:
    again = mail(ZOE.recipient, number=2)
    outcome = Outcome([ZOE], [mail(ZOE.recipient), again])
    assert (outcome.is_right, outcome.surplus) == (False, [again])


def test_a_mail_to_somebody_else_or_about_something_else_is_one_too_many() -> None:
    stray = [mail("boss@cabinet.example"), mail(ZOE.recipient, "Alerte")]
    outcome = Outcome([ZOE], [mail(ZOE.recipient), *stray])
    assert (outcome.is_right, outcome.surplus) == (False, stray)
