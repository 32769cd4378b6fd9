"""What papers say around the figures, in French and in English, with the mentions that French law asks for."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from services.deals.model.deals import AMOUNT_DECIMALS

LOCALES = {"fr": "fr_FR", "en": "en_GB"}
"""By the language of a paper; another one speaks French."""


@dataclass(frozen=True, slots=True)
class Words:
    """One language's words and figures."""

    language: str
    texts: dict[str, str]

    @property
    def locale(self) -> str:
        """For Babel."""
        return LOCALES[self.language]

    def __getitem__(self, name: str) -> str:
        return self.texts[name]

    def money(self, amount: Decimal, currency: str) -> str:
        """An amount as it is written."""
        return str(format_currency(amount, currency, locale=self.locale))

    def price(self, amount: Decimal, currency: str, decimals: int) -> str:
        """A unit price: as many decimals as it needs, and at least the currency's."""
        number = "#,##0." + "0" * decimals + "#" * (AMOUNT_DECIMALS - decimals)
        pattern = f"{number}\xa0¤" if self.language == "fr" else f"¤{number}"
        return str(format_currency(amount, currency, pattern, locale=self.locale, currency_digits=False))

    def figure(self, value: Decimal) -> str:
        """A quantity or a rate, without needless noughts."""
        return str(format_decimal(value, "#,##0.####", locale=self.locale))

    def day(self, value: date) -> str:
        """A date in full."""
        return str(format_date(value, "long", locale=self.locale))


_FRENCH = {
    "quote": "Devis n° {number}",
    "buyer": "Client",
    "page": "Page",
    "on": "Date",
    "until": "Valable jusqu’au",
    "label": "Désignation",
    "quantity": "Quantité",
    "price": "Prix unitaire HT",
    "discount": "Remise",
    "rate": "TVA",
    "net": "Total HT",
    "base": "Base HT",
    "vat": "Montant TVA",
    "subtotal": "Sous-total HT",
    "taken": "Remise globale",
    "sum_net": "Total HT",
    "sum_vat": "TVA",
    "sum_gross": "Total TTC",
    "to_pay": "Net à payer",
    "no_vat": "TVA non applicable, art. 293 B du CGI.",
    "payment": "Conditions de règlement : {terms}",
    "late": "En cas de retard de paiement entre professionnels : pénalités au taux de la BCE majoré de 10 points et "
    "indemnité forfaitaire de 40 € pour frais de recouvrement (art. L441-10 et D441-5 du Code de commerce).",
    "free": "Devis gratuit. Prix fermes jusqu’à la date de validité.",
    "conditions": "Conditions particulières",
    "agreement": "Bon pour accord\nDate, nom, signature précédée de la mention « bon pour accord » :",
    "siret": "SIRET",
    "vat_number": "TVA intracommunautaire",
    "sentence": "J’ai lu le devis n° {number} d’un montant de {gross} et je l’accepte : bon pour accord.",
}
_ENGLISH = {
    "quote": "Quote no. {number}",
    "buyer": "Client",
    "page": "Page",
    "on": "Date",
    "until": "Valid until",
    "label": "Description",
    "quantity": "Quantity",
    "price": "Unit price excl. VAT",
    "discount": "Discount",
    "rate": "VAT",
    "net": "Total excl. VAT",
    "base": "Net",
    "vat": "VAT amount",
    "subtotal": "Subtotal excl. VAT",
    "taken": "Overall discount",
    "sum_net": "Total excl. VAT",
    "sum_vat": "VAT",
    "sum_gross": "Total incl. VAT",
    "to_pay": "Amount due",
    "no_vat": "VAT not applicable, article 293 B of the French tax code (CGI).",
    "payment": "Terms of payment: {terms}",
    "late": "Late payment between professionals: interest at the ECB rate plus 10 points, and a flat sum of €40 for "
    "recovery costs (articles L441-10 and D441-5 of the French commercial code).",
    "free": "This quote is free of charge. Prices are firm until the date of validity.",
    "conditions": "Special conditions",
    "agreement": "Agreed (bon pour accord)\nDate, name, signature preceded by “bon pour accord”:",
    "siret": "SIRET",
    "vat_number": "VAT number",
    "sentence": "I have read quote no. {number} for an amount of {gross} and I accept it (bon pour accord).",
}
_WORDS = {"fr": Words("fr", _FRENCH), "en": Words("en", _ENGLISH)}


def words_of(locale: str) -> Words:
    """The words of a language; French where it is not known."""
    return _WORDS.get(locale[:2], _WORDS["fr"])
