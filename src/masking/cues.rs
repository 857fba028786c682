//! Words that tell what a number near them is.

use std::sync::LazyLock;

use crate::spoken::lexicon::Lexicon;
use crate::spoken::{Kind, Token};

/// What a number is, by the words around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cue {
    /// It names goods or papers: a container, a booking, an invoice.
    Reference,
    /// An American social security number.
    SocialSecurity,
    /// It belongs to a person: a card, an account, a passport.
    Secret,
    Phone,
}

/// The cue nearest to a number: before it, or in the words that follow ("… is my booking").
pub(crate) fn around(tokens: &[Token<'_>], first: usize, last: usize) -> Option<Cue> {
    let before = tokens
        .get(first.saturating_sub(BEFORE)..first)
        .unwrap_or_default();
    let before = before.iter().rev().find_map(cue);
    before.or_else(|| {
        let after = tokens.iter().skip(last + 1).take(AFTER);
        let mut after = after.take_while(|token| token.kind == Kind::Word);
        after.find_map(cue)
    })
}

/// What a line asks for. A secret outweighs the rest.
pub(crate) fn asked(tokens: impl Iterator<Item = Option<Cue>>) -> Option<Cue> {
    tokens.flatten().reduce(|known, cue| match (known, cue) {
        (Cue::Secret | Cue::SocialSecurity, Cue::Reference | Cue::Phone) => known,
        (_, cue) => cue,
    })
}

pub(crate) fn cue(token: &Token<'_>) -> Option<Cue> {
    if token.kind != Kind::Word {
        return None;
    }
    let word = token.text;
    let is = |known: &str, (form, _): &(Form, Cue)| match form {
        Form::Stem => {
            let beginning = word.get(..known.len());
            beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(known))
        }
        Form::Whole => known.eq_ignore_ascii_case(word),
    };
    TABLE.find(word, is).map(|(_, cue)| *cue)
}

/// How much of a word is known.
#[derive(Clone, Copy, Debug)]
enum Form {
    Stem,
    Whole,
}

static TABLE: LazyLock<Lexicon<(Form, Cue)>> = LazyLock::new(|| {
    let rows = TABLES.iter().flat_map(|(form, cue, words)| {
        let meaning = (*form, *cue);
        words.iter().map(move |word| (*word, meaning))
    });
    Lexicon::new(rows)
});

/// The first that fits counts.
const TABLES: [(Form, Cue, &[&str]); 7] = [
    (Form::Whole, Cue::Reference, REFERENCES),
    (Form::Stem, Cue::Reference, GOODS),
    (Form::Whole, Cue::SocialSecurity, &["social", "ssn"]),
    (Form::Stem, Cue::Secret, SECRETS),
    (Form::Whole, Cue::Secret, SECRET_WORDS),
    (Form::Stem, Cue::Phone, PHONES),
    (Form::Whole, Cue::Phone, PHONE_WORDS),
];

/// How many pieces before a number are looked at, and how many words after it.
const BEFORE: usize = 8;
const AFTER: usize = 5;

const REFERENCES: &[&str] = &[
    "ref", "awb", "mawb", "hawb", "hbl", "mbl", "po", "order", "orders", "case", "ticket", "seal",
    "hs", "eori", "imo", "sku", "lot", "batch", "serial", "part", "quote", "claim", "bill",
];

const GOODS: &[&str] = &[
    "referen",
    "référence",
    "booking",
    "container",
    "waybill",
    "airwaybill",
    "lading",
    "tracking",
    "invoice",
    "shipment",
    "consignment",
    "quotation",
    "purchase",
    "tariff",
    "voyage",
    "vessel",
    "buchung",
    "rechnung",
    "sendung",
    "auftrag",
    "frachtbrief",
    "reserva",
    "contenedor",
    "factura",
    "pedido",
    "envío",
    "conteneur",
    "réservation",
    "facture",
    "commande",
    "expédition",
    "connaissement",
];

const SECRETS: &[&str] = &[
    "credit",
    "debit",
    "mastercard",
    "amex",
    "american",
    "account",
    "iban",
    "passport",
    "cvv",
    "cvc",
    "expir",
    "password",
    "licence",
    "license",
    "aadhaar",
    "karte",
    "kreditkart",
    "ausweis",
    "steuer",
    "konto",
    "tarjeta",
    "cuenta",
    "pasaporte",
    "carte",
    "compte",
    "passeport",
];

const SECRET_WORDS: &[&str] = &["pin", "dni", "nie", "nir", "cpf", "card", "tax", "visa"];

const PHONES: &[&str] = &[
    "phone",
    "telephone",
    "mobile",
    "cellphone",
    "callback",
    "whatsapp",
    "hotline",
    "reach",
    "telefon",
    "rufnummer",
    "teléfono",
    "móvil",
    "llam",
    "téléphon",
    "portable",
    "joindre",
];

const PHONE_WORDS: &[&str] = &["tel", "cell", "call", "dial", "fax", "handy"];
