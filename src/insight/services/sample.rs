//! What callers of a freight company ask for, in the words they use.

use super::PhraseSet;

pub(super) fn sets() -> Vec<PhraseSet> {
    let list = |phrases: &[&str]| phrases.iter().map(|it| (*it).to_owned()).collect();
    let set = |(label, exact, fuzzy, except): Sample| PhraseSet {
        label: label.to_owned(),
        exact: list(exact),
        fuzzy: list(fuzzy).into_iter().chain(pairs(label)).collect(),
        except: list(except),
    };
    SETS.map(set).into()
}

/// What happens to what callers ship, as fuzzy phrases.
fn pairs(label: &str) -> impl Iterator<Item = String> {
    let of_label = PAIRS.iter().filter(move |(of, ..)| *of == label);
    of_label.flat_map(|(_, verbs, objects)| {
        let verbs = verbs.iter();
        verbs.flat_map(|verb| objects.iter().map(move |object| format!("{verb} {object}")))
    })
}

/// What callers ship.
const CARGO: &[&str] = &[
    "shipment",
    "container",
    "pallet",
    "goods",
    "cargo",
    "parcel",
    "crate",
    "box",
    "carton",
    "freight",
    "order",
    "delivery",
    "consignment",
    "package",
    "load",
    "stuff",
    "machine",
];

/// What it travels on.
const CARRIERS: &[&str] = &[
    "vessel", "ship", "truck", "lorry", "flight", "plane", "train", "driver",
];

/// Where it may lie.
const STORES: &[&str] = &["warehouse", "depot", "yard", "facility"];

/// A label, and words that make it one beside any of the others.
#[rustfmt::skip]
const PAIRS: [(&str, &[&str], &[&str]); 6] = [
    ("booking", &["collect", "reserve"], CARGO),
    ("tracking",
     &["status", "whereabouts", "unloaded", "landed", "arrive", "departed", "delivered", "expect", "happening"],
     CARGO),
    ("tracking", &["docked", "delayed", "eta"], CARRIERS),
    ("complaint",
     &["broken", "smashed", "missing", "lost", "dented", "soaked", "crushed", "torn", "stolen", "scratched", "leaking"],
     CARGO),
    ("storage", &["keep", "store"], CARGO),
    ("storage", &["stay", "leave", "remain", "park"], STORES),
];

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
       "need to send", "want to send", "like to send",
       "wanna send", "wanna ship", "have to ship", "have to send", "trying to ship", "looking to ship",
       "looking to send", "book it", "put me down for", "put us down for", "fit us in", "fit me in", "come and collect", "come and pick", "ill book", "well book", "book one", "book two", "book another",
       "book that", "book now"],
     &["book shipment", "book container", "book freight", "book pallets", "book slot",
       "make booking", "place booking", "change booking", "amend booking", "cancel booking",
       "reserve", "reservation", "place order", "schedule pickup", "pick up pallets", "pick up goods",
       "pick up cargo", "pick up cartons", "pick up container", "arrange pickup", "arrange transport", "arrange shipment",
       "schedule collection", "arrange collection", "order collection", "need collection", "need pickup",
       "organise transport", "organise pickup", "organise collection", "organise shipment",
       "squeeze in", "space vessel", "space ship", "space sailing", "space flight", "space truck",
       "room vessel", "room ship", "room flight", "room truck", "room sailing", "need truck", "need lorry",
       "need transport", "move containers", "move pallets", "move machinery", "send parcel", "send box",
       "ship goods to", "send goods to", "container buchen", "sendung buchen", "fracht buchen",
       "buchung", "reservar", "reserva", "réserver", "réservation"],
     &["booking number", "booking id", "booking reference", "status of booking", "status of my booking",
       "a book", "book it in", "the book", "in a book", "read book", "comic book", "rate book", "log book", "cook book"]),
    ("tracking",
     &["where is my", "where's my", "where are my", "where it is", "where is it", "in transit", "on its way", "on time", "its got to", "happening with my", "happening with our",
       "get here", "got here", "there yet", "whereabouts", "eta", "cleared customs", "how far along", "where is our", "where's our", "where are our",
       "any news on", "hasn't arrived", "haven't arrived", "not arrived", "when is my", "when will my", "when does my", "when do my", "has my", "have my goods", "track and trace",
       "wo ist meine", "wo ist mein", "wo bleibt", "dónde está mi", "où est mon", "où est ma"],
     &["track", "tracking", "trace", "locate shipment",
       "locate container", "locate cargo", "status shipment", "status delivery", "status booking",
       "status order", "shipment left", "shipment arrive", "goods arrive", "cargo arrive", "container arrive",
       "check delivery", "check consignment", "check order", "check shipment", "ship docked", "vessel docked",
       "ship arrive", "vessel arrive", "truck arrive", "consignment arrive", "delivery arrive", "eta vessel", "eta shipment",
       "pallets left", "container left", "where consignment", "where delivery", "where order", "where freight",
       "where load", "where lorry", "where ship", "where box", "where crate",
       "waiting delivery", "waiting container", "waiting shipment", "where pallets", "where container", "where goods", "where cargo", "where parcel",
       "where truck", "where vessel", "where driver", "update shipment", "update container",
       "parcel arrive", "order arrive",
       "sendung verfolgen", "lieferung ankommen", "kommt lieferung", "rastrear", "seguimiento",
       "suivre envoi", "suivre colis", "suivi colis"],
     &["right track", "wrong track", "different track", "one track", "on track", "the track", "race track", "sound track", "keep track", "kept track", "arrived damaged",
       "arrived broken", "arrived destroyed", "arrived crushed", "arrived completely",
       "my invoice", "my bill", "has my name"]),
    ("pricing",
     &["how much", "how expensive", "to pay per", "pay per", "you charge", "set me back", "set us back", "whats the damage for", "what is the damage for",
       "wie viel kostet", "was kostet", "wie teuer"],
     &["price", "pricing", "quote", "quotation", "rate", "cost", "costs", "charges for", "surcharge", "cost estimate", "expensive", "discount", "fee", "tariff",
       "cheapest", "estimate", "dearer", "ballpark", "cuánto sale", "cuánto vale", "quanto costa",
       "cheap", "cheaper", "preis", "preise", "kosten", "precio", "precios", "cuesta", "prix",
       "tarif", "coûte"],
     &["any rate", "first rate", "rate book", "price of success", "price giving", "cost of living", "how much weight", "how much notice",
       "how much longer", "how much room", "how much can", "how much may", "how much paperwork", "how much insurance", "how much space",
       "how much time", "cost centre"]),
    ("documents",
     &["customs", "which forms", "what forms", "which form", "what form"],
     &["document", "papers", "paperwork", "certificate", "export licence", "export permit", "import permit",
       "export license", "import license", "need permit", "need licence", "customs form", "power attorney", "declaration", "cmr", "carnet", "manifest", "fill in form", "fill out form", "bill of lading", "airway bill",
       "packing list", "commercial invoice", "hs code", "eori", "export declaration",
       "import licence", "papiere", "dokumente", "unterlagen", "zoll", "ursprungszeugnis",
       "documentos", "aduana", "certificado", "documents douane", "douane", "certificat"],
     &["customs of the", "cleared customs", "documentary"]),
    ("billing",
     &["pay with", "pay by", "pay in", "the bill", "my bill", "your bill", "our bill", "this bill", "a bill", "bills",
       "billed", "bill for", "charged us", "charged me", "charge on my", "charges on my", "days credit", "credit note"],
     &["invoice", "pay", "payment", "billing", "overcharged", "credit terms", "charged twice", "account statement", "instalment", "settle account", "direct debit", "overdue",
       "accounts department", "credit card", "wire transfer",
       "dispute charge", "rechnung", "bezahlen", "zahlung", "factura", "pagar", "facture",
       "payer", "paiement"],
     &["commercial invoice", "to pay per", "bill of lading", "the bill of", "my bill of", "your bill of", "our bill of", "a bill of",
       "this bill of", "bills of", "airway bill", "is bill", "pay attention"]),
    ("complaint",
     &["you lost", "is lost", "got lost", "went missing", "gone missing", "never showed", "never turned up",
       "ever showed", "ever turned", "weeks late", "days late", "hours late", "no show", "water damage", "was rude",
       "were rude", "so rude", "too rude", "unhappy with", "not happy with", "big dent", "seal was broken"],
     &["complaint", "complain", "claim", "damage", "damaged", "destroyed", "crushed", "boxes broken", "cartons broken",
       "goods broken", "pallet broken", "came broken", "arrived broken", "boxes missing", "boxes smashed", "smashed when", "bottles smashed", "bottles broken", "glass broken",
       "driver rude", "staff rude", "compensation", "compensate", "dented", "scratched", "leaking", "rotten", "spoiled",
       "parcel missing", "stolen", "item missing", "wrong goods", "wrong item",
       "cartons missing", "pallet missing", "goods missing", "package missing", "shipment missing", "cargo missing", "container lost",
       "shipment lost", "beschwerde", "beschweren", "reklamation", "beschädigt", "queja", "dañado",
       "dañada", "reclamación", "réclamation", "endommagé", "endommagée"],
     &["claim to be", "whats the damage", "what is the damage", "not complaining", "no complaint", "no complaints",
       "cant complain", "nothing to complain"]),
    ("storage",
     &["store my", "store our", "to store", "you store", "i store", "we store", "keep my goods", "keep our goods", "somewhere to keep", "bonded"],
     &["warehouse", "warehousing", "storage", "store goods", "store pallets", "store cargo", "repack",
       "keep goods", "keep pallets", "keep cargo", "keep boxes", "lagern", "entreposer", "palletise", "palletising", "labelling", "label cartons", "lager", "lagerung", "einlagern",
       "almacén", "almacenar", "entrepôt", "stockage"],
     &["warehouse manager", "warehouse team", "warehouse staff", "warehouse guys", "warehouse people",
       "warehouse workers", "warehouse lads", "to store the number", "store number", "app store", "in store for"]),
];
