use std::path::Path;

use expect_test::{Expect, expect};

use super::*;
use crate::documents::{self, Rules};

#[test]
fn the_sample_knowledge_base_gives_its_names_and_its_trade() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../knowledge_base");
    let library = documents::read(&sample, &Rules::default()).unwrap();
    let texts: Vec<_> = library.documents.iter().map(|d| d.text.as_str()).collect();
    let hints = hints(&texts, &Language::default(), &Settings::default());
    expect!["SupplyChainCo, ID, USD, REACH, CIF, EUR, FCL, FDA, JFK, US, CIQ, CMR, COC, DDP, EORI, EU, EXW, FOB, HS, Hague-Visby, IEC, IMO, ISF, ISPM-15, Q4, SASO, SGD, SONCAP, USDA, China, Singapore, Dubai, Los Angeles, Rotterdam, Incoterm, New York, Asia, Frankfurt, Mumbai, Shanghai, America, Beijing, Central Asia, China Inspection, Duisburg, East Africa, Ex Works, Hamburg, Harmonized System, India, Kenya, London, Mombasa, Nigeria, Quarantine, Saudi, Saudi Arabia, Sydney, Tanzania, lading, brokerage, Consolidation, Lithium, Pharmaceutical, barcode, congestion, notifications, reefer, Africa, Compliant, Overview, Palletising, Plywood, Repacking, Undeclared, Undisputed, alike, bolted, circulate, comparison, compromise, contradict, coordinate, courier, cubic, dense, documentary, endanger, explanation, fluid, gateway, gauges, glues, insulation, mixtures, moisture, oversized, palletise, paperwork, perfume"].assert_eq(&hints.join(", "));
}

#[test]
fn what_stands_out_is_a_hint() {
    check(
        "en",
        "Our app is called Zentro. The app runs on iOS and needs XR-200 or 4K.",
        expect!["XR-200, iOS, Zentro"],
    );
    check(
        "en",
        "Ask for Maria Gonzalez in Los Angeles, or for O'Brien's team.",
        expect!["O'Brien, Los Angeles, Maria Gonzalez"],
    );
    check(
        "en",
        "Demurrage is due. We charge demurrage daily.",
        expect!["Demurrage"],
    );
    check(
        "en",
        "# Terms Of Carriage\n\nIMPORTANT NOTICE TO ALL",
        expect![[""]],
    );
    check(
        "en",
        "Write to ops@example.com or see portal.example.com at 9am.",
        expect![[""]],
    );
    check(
        "de",
        "Die Lieferung der Ware nach Köln regelt die ADSp, sagt DeinPaket.",
        expect!["ADSp, DeinPaket"],
    );
    check(
        "fr",
        "Le siège de Voltigo se trouve à Nantes.",
        expect!["Nantes, Voltigo"],
    );
}

#[test]
fn hints_are_bounded() {
    let text = "Call Zentro, Maersk or Voltigo.";
    let settings = Settings {
        max_hints: 2,
        ..Settings::default()
    };
    assert_eq!(hints(&[text], &Language::default(), &settings).len(), 2);
    let settings = Settings {
        max_characters: 14,
        ..Settings::default()
    };
    expect!["Call Zentro"].assert_eq(&hints(&[text], &Language::default(), &settings).join(","));
}

fn check(language: &str, text: &str, expected: Expect) {
    let hints = hints(&[text], &Language::new(language), &Settings::default());
    expected.assert_eq(&hints.join(", "));
}
