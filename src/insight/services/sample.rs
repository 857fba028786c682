//! What callers of a freight company ask for, in the words they use.

use super::PhraseSet;

pub(super) fn sets() -> Vec<PhraseSet> {
    let list = |phrases: &[&str]| phrases.iter().map(|it| (*it).to_owned()).collect();
    let set = |(label, exact, fuzzy, except): Sample| PhraseSet {
        label: label.to_owned(),
        exact: list(exact),
        fuzzy: list(fuzzy),
        except: list(except),
    };
    SETS.map(set).into()
}

/// A label, its exact phrases, its fuzzy phrases, and what does not count.
type Sample = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

#[rustfmt::skip]
const SETS: [Sample; 7] = [
    ("booking",
     &["to book", "i book", "we book", "book me", "book a", "book an", "booking a", "a booking",
       "my booking", "our booking", "booking please", "need to ship", "want to ship", "like to ship",
       "need to send", "want to send", "like to send"],
     &["book shipment", "book container", "book freight", "book pallets", "book slot",
       "make booking", "place booking", "change booking", "amend booking", "cancel booking",
       "reserve", "reservation", "place order", "schedule pickup", "pick up pallets", "pick up goods",
       "pick up cargo", "pick up cartons", "pick up container", "arrange pickup", "arrange transport", "arrange shipment",
       "ship goods to", "send goods to", "container buchen", "sendung buchen", "fracht buchen",
       "buchung", "reservar", "reserva", "réserver", "réservation"],
     &["booking number", "booking id", "booking reference", "status of booking", "status of my booking",
       "a book", "book it in", "the book", "rate book", "log book", "cook book"]),
    ("tracking",
     &["where is my", "where's my", "where are my", "where is our", "where's our", "where are our",
       "any news on", "hasn't arrived", "haven't arrived", "not arrived", "when is my", "when will my", "when does my", "when do my", "has my", "have my goods", "track and trace",
       "wo ist meine", "wo ist mein", "wo bleibt", "dónde está mi", "où est mon", "où est ma"],
     &["track", "tracking", "trace", "locate shipment",
       "locate container", "locate cargo", "status shipment", "status delivery", "status booking",
       "status order", "shipment left", "shipment arrive", "goods arrive", "cargo arrive", "container arrive",
       "waiting delivery", "waiting container", "waiting shipment", "where pallets", "where container", "where goods", "where cargo", "where parcel",
       "where truck", "where vessel", "where driver", "update shipment", "update container",
       "parcel arrive", "order arrive",
       "sendung verfolgen", "lieferung ankommen", "kommt lieferung", "rastrear", "seguimiento",
       "suivre envoi", "suivi colis"],
     &["right track", "wrong track", "different track", "one track", "on track", "arrived damaged",
       "arrived broken", "arrived destroyed", "arrived crushed", "arrived completely",
       "my invoice", "my bill", "has my name"]),
    ("pricing",
     &["how much for", "how much is", "how much are", "how much does", "how much do you", "how much would",
       "how much will", "do you charge", "wie viel kostet", "was kostet"],
     &["price", "pricing", "quote", "quotation", "rate", "cost", "costs", "charges for", "surcharge", "cost estimate", "expensive",
       "cheap", "cheaper", "preis", "preise", "kosten", "precio", "precios", "cuesta", "prix",
       "tarif", "coûte"],
     &["any rate", "first rate", "rate book", "price of success", "price giving", "how much space",
       "how much time", "cost centre"]),
    ("documents",
     &[],
     &["document", "papers", "paperwork", "certificate", "customs", "bill of lading", "airway bill",
       "packing list", "commercial invoice", "hs code", "eori", "export declaration",
       "import licence", "papiere", "dokumente", "unterlagen", "zoll", "ursprungszeugnis",
       "documentos", "aduana", "certificado", "documents douane", "douane", "certificat"],
     &["customs of the"]),
    ("billing",
     &["pay with", "pay by", "pay in"],
     &["invoice", "pay", "payment", "bill", "billing", "credit card", "wire transfer",
       "dispute charge", "rechnung", "bezahlen", "zahlung", "factura", "pagar", "facture",
       "payer", "paiement"],
     &["commercial invoice", "bill of lading", "airway bill", "is bill", "pay attention"]),
    ("complaint",
     &["you lost", "is lost", "got lost"],
     &["complaint", "complain", "claim", "damage", "damaged", "destroyed", "crushed", "boxes broken", "cartons broken",
       "goods broken", "pallet broken", "came broken", "arrived broken", "boxes missing",
       "cartons missing", "pallet missing", "goods missing", "package missing", "shipment missing", "cargo missing", "container lost",
       "shipment lost", "beschwerde", "beschweren", "reklamation", "beschädigt", "queja", "dañado",
       "dañada", "reclamación", "réclamation", "endommagé", "endommagée"],
     &["claim to be"]),
    ("storage",
     &["store my", "store our", "to store", "you store", "i store", "we store"],
     &["warehouse", "warehousing", "storage", "store goods", "store pallets", "store cargo", "repack",
       "palletise", "palletising", "labelling", "label cartons", "lager", "lagerung", "einlagern",
       "almacén", "almacenar", "entrepôt", "stockage"],
     &["warehouse manager"]),
];
