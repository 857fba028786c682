use expect_test::expect;

use super::check;

#[test]
fn prose_is_spoken_as_it_is_written() {
    check(
        "en-US",
        &[
            "Ocean freight takes longer, but it costs less.",
            "Yes! We don't ship on Sundays; the cut-off is earlier (see the portal).",
            "The driver said \"all good\" and left.",
            "It ships FCL under CIF with an ISF filing and ISPM-15 pallets in Q4.",
            "A 40-foot container, the 2nd in 10x demand since the 1990s.",
            "It's a pre- and post-carriage offer... really?!",
            "Café owners' naïve façade in São Paulo",
            "Well , that is odd .",
            "Thanks   for  calling",
        ],
        expect![[r#"
            Ocean freight takes longer, but it costs less. => Ocean freight takes longer, but it costs less.
            Yes! We don't ship on Sundays; the cut-off is earlier (see the portal). => Yes! We don't ship on Sundays; the cut-off is earlier (see the portal).
            The driver said "all good" and left. => The driver said "all good" and left.
            It ships FCL under CIF with an ISF filing and ISPM-15 pallets in Q4. => It ships FCL under CIF with an ISF filing and ISPM-15 pallets in Q4.
            A 40-foot container, the 2nd in 10x demand since the 1990s. => A 40-foot container, the 2nd in 10x demand since the 1990s.
            It's a pre- and post-carriage offer... really?! => It's a pre- and post-carriage offer... really?!
            Café owners' naïve façade in São Paulo => Café owners' naïve façade in São Paulo
            Well , that is odd . => Well, that is odd.
            Thanks   for  calling => Thanks for calling
        "#]],
    );
}

#[test]
fn money() {
    check(
        "en-US",
        &[
            "It costs USD 2,200.",
            "It costs $2,200 for a 40-foot FCL.",
            "Air freight costs USD 6.50 per kilogram.",
            "Air freight costs USD 6.50/kg.",
            "From Frankfurt: €6.50 per kg",
            "Storage is USD 0.45 per pallet per day, or USD 0.30/pallet/day.",
            "Liability is limited to USD 2 per kilogram.",
            "USD 1, $1.01, $0.01, €1.50",
            "2,200 USD and 6.50 EUR and 5€",
            "$2M, $1.5 million, USD 3bn, €5k",
            "USD 2,200–2,500 or $5 to $10",
            "US$300, S$400, £2.05, ¥500, CHF 12.30",
            "We invoice in USD, EUR and SGD.",
            "-$5 and +€3",
            "$ alone and 100$",
            "USD 1,000.00 exactly",
            "It is USD 0.0045 per unit",
            "EUR 6.505 or 6,50 EUR or 1.234,56 EUR",
        ],
        expect![[r#"
            It costs USD 2,200. => It costs 2,200 US dollars.
            It costs $2,200 for a 40-foot FCL. => It costs 2,200 dollars for a 40-foot FCL.
            Air freight costs USD 6.50 per kilogram. => Air freight costs 6 US dollars and 50 cents per kilogram.
            Air freight costs USD 6.50/kg. => Air freight costs 6 US dollars and 50 cents per kilogram.
            From Frankfurt: €6.50 per kg => From Frankfurt: 6 euros and 50 cents per kilogram
            Storage is USD 0.45 per pallet per day, or USD 0.30/pallet/day. => Storage is 45 US cents per pallet per day, or 30 US cents per pallet per day.
            Liability is limited to USD 2 per kilogram. => Liability is limited to 2 US dollars per kilogram.
            USD 1, $1.01, $0.01, €1.50 => 1 US dollar, 1 dollar and 1 cent, 1 cent, 1 euro and 50 cents
            2,200 USD and 6.50 EUR and 5€ => 2,200 US dollars and 6 euros and 50 cents and 5 euros
            $2M, $1.5 million, USD 3bn, €5k => 2 million dollars, 1.5 million dollars, 3 billion US dollars, 5 thousand euros
            USD 2,200–2,500 or $5 to $10 => 2,200 to 2,500 US dollars or 5 to 10 dollars
            US$300, S$400, £2.05, ¥500, CHF 12.30 => 300 US dollars, 400 Singapore dollars, 2 pounds and 5 pence, 500 yen, 12 Swiss francs and 30 centimes
            We invoice in USD, EUR and SGD. => We invoice in USD, EUR and SGD.
            -$5 and +€3 => minus 5 dollars and plus 3 euros
            $ alone and 100$ => $ alone and 100 dollars
            USD 1,000.00 exactly => 1,000 US dollars exactly
            It is USD 0.0045 per unit => It is 0.0045 US dollars per unit
            EUR 6.505 or 6,50 EUR or 1.234,56 EUR => 6.505 euros or 6 euros and 50 cents or 1234 euros and 56 cents
        "#]],
    );
}

#[test]
fn ranges_and_units() {
    check(
        "en-US",
        &[
            "Shanghai to Los Angeles takes 18–20 days.",
            "It takes 18-20 days, 18 - 20 days or 18 to 20 days.",
            "18–20-day transit",
            "Open 9-5, 9–18 and 2024-2026.",
            "5 kg, 1 kg, 20kg, 1,000 KG, 3 lbs",
            "30 m³, 30 m3, 33.2 cbm, 12 m², 1 m",
            "A 40 ft container, a 20ft box, 40′",
            "Keep it at 2–8 °C, -18 °C or −20°C.",
            "5% or 12 % more, 10-15%",
            "80 km/h, 3 kg/m³, 24 h, 30 min, 5 mm",
            "120 x 80 x 100 cm, 120×80 cm, 2*3, 5.9 m x 2.4 m",
            "2 × 40-foot containers",
            "More than 65+ countries and 10+ days",
            "at ~**USD 6.50/kg** (~€6)",
            "~20 kg, <5 kg, > 500 kg, ≥ 10 t, ≤5 t, ±2%",
            "Take 5. Then 6, 7 and 8.",
            "Version 1.2.3 of rule 4.1",
            "Numbers like 1,234,567 and 3.14 stay",
            "12 in stock, 9 am I right",
        ],
        expect![[r#"
            Shanghai to Los Angeles takes 18–20 days. => Shanghai to Los Angeles takes 18 to 20 days.
            It takes 18-20 days, 18 - 20 days or 18 to 20 days. => It takes 18 to 20 days, 18 to 20 days or 18 to 20 days.
            18–20-day transit => 18 to 20-day transit
            Open 9-5, 9–18 and 2024-2026. => Open 9 to 5, 9 to 18 and 2024 to 2026.
            5 kg, 1 kg, 20kg, 1,000 KG, 3 lbs => 5 kilograms, 1 kilogram, 20 kilograms, 1,000 kilograms, 3 pounds
            30 m³, 30 m3, 33.2 cbm, 12 m², 1 m => 30 cubic meters, 30 cubic meters, 33.2 cubic meters, 12 square meters, 1 meter
            A 40 ft container, a 20ft box, 40′ => A 40 foot container, a 20 foot box, 40 foot
            Keep it at 2–8 °C, -18 °C or −20°C. => Keep it at 2 to 8 degrees Celsius, minus 18 degrees Celsius or minus 20 degrees Celsius.
            5% or 12 % more, 10-15% => 5 percent or 12 percent more, 10 to 15 percent
            80 km/h, 3 kg/m³, 24 h, 30 min, 5 mm => 80 kilometers per hour, 3 kilograms per cubic meter, 24 hours, 30 minutes, 5 millimeters
            120 x 80 x 100 cm, 120×80 cm, 2*3, 5.9 m x 2.4 m => 120 by 80 by 100 centimeters, 120 by 80 centimeters, 2 by 3, 5.9 meters by 2.4 meters
            2 × 40-foot containers => 2 times 40-foot containers
            More than 65+ countries and 10+ days => More than more than 65 countries and more than 10 days
            at ~**USD 6.50/kg** (~€6) => at about 6 US dollars and 50 cents per kilogram (about 6 euros)
            ~20 kg, <5 kg, > 500 kg, ≥ 10 t, ≤5 t, ±2% => about 20 kilograms, less than 5 kilograms, more than 500 kilograms, at least 10 tonnes, at most 5 tonnes, plus or minus 2 percent
            Take 5. Then 6, 7 and 8. => Take 5. Then 6, 7 and 8.
            Version 1.2.3 of rule 4.1 => Version 1.2.3 of rule 4.1
            Numbers like 1,234,567 and 3.14 stay => Numbers like 1,234,567 and 3.14 stay
            12 in stock, 9 am I right => 12 in stock, 9 AM I right
        "#]],
    );
}

#[test]
fn dates_and_times() {
    check(
        "en-US",
        &[
            "It sails on 2026-11-23.",
            "Between 2026-01-05 and 2026-13-05",
            "12/31/2026 or 1/2 full",
            "Open from 9:00 to 18:00 local time.",
            "Open 9:00–18:00, or 9am–5pm, or 9-5pm.",
            "At 14:30, 9:05, 00:15, 12:00 and 9:00.",
            "We close at 6 p.m. We open at 9 a.m. on Mondays.",
            "The hotline is open 24/7.",
            "Come at 5 PM today, 11:59pm latest",
            "It took 1:30:45 and scored 2:1",
            "Mon–Fri 9:00–17:00",
            "9 a.m. - 5 p.m., 08-12-2026",
        ],
        expect![[r#"
            It sails on 2026-11-23. => It sails on November 23, 2026.
            Between 2026-01-05 and 2026-13-05 => Between January 5, 2026 and 2026-13-05
            12/31/2026 or 1/2 full => 12/31/2026 or 1/2 full
            Open from 9:00 to 18:00 local time. => Open from 9 AM to 6 PM local time.
            Open 9:00–18:00, or 9am–5pm, or 9-5pm. => Open 9 AM to 6 PM, or 9 AM to 5 PM, or 9 to 5 PM.
            At 14:30, 9:05, 00:15, 12:00 and 9:00. => At 2:30 PM, 9:05, 12:15 AM, 12 o'clock and 9 o'clock.
            We close at 6 p.m. We open at 9 a.m. on Mondays. => We close at 6 PM. We open at 9 AM on Mondays.
            The hotline is open 24/7. => The hotline is open twenty-four seven.
            Come at 5 PM today, 11:59pm latest => Come at 5 PM today, 11:59 PM latest
            It took 1:30:45 and scored 2:1 => It took 1:30:45 and scored 2:1
            Mon–Fri 9:00–17:00 => Monday to Friday 9 AM to 5 PM
            9 a.m. - 5 p.m., 08-12-2026 => 9 AM to 5 PM, 08-12-2026
        "#]],
    );
}

#[test]
fn telephone_numbers_and_references() {
    check(
        "en-US",
        &[
            "The hotline is +1-800-555-LOGI. Call any time.",
            "Call +65 6123 4567 or +49 30 1234567 - 24 hours a day.",
            "Call (800) 555-0199, 1-800-555-0199 or 555-0199.",
            "Container MSKU1234567, booking BK-20261123",
            "Booking 4500123456 and airway bill 160-12345675",
            "PIN 0042, room 007, order INV-2026-0042",
            "Zip 90012",
            "Call 0800 123 4567, 030/1234567, 05/06/2026 10:00 or 01 23 45 67 89.",
        ],
        expect![[r#"
            The hotline is +1-800-555-LOGI. Call any time. => The hotline is plus 1, 8 0 0, 5 5 5, L O G I. Call any time.
            Call +65 6123 4567 or +49 30 1234567 - 24 hours a day. => Call plus 6 5, 6 1 2 3, 4 5 6 7 or plus 4 9, 3 0, 1 2 3 4 5 6 7, 24 hours a day.
            Call (800) 555-0199, 1-800-555-0199 or 555-0199. => Call 8 0 0, 5 5 5, 0 1 9 9, 1, 8 0 0, 5 5 5, 0 1 9 9 or 5 5 5, 0 1 9 9.
            Container MSKU1234567, booking BK-20261123 => Container MSKU 1 2 3 4 5 6 7, booking BK 2 0 2 6 1 1 2 3
            Booking 4500123456 and airway bill 160-12345675 => Booking 4 5 0 0 1 2 3 4 5 6 and airway bill 1 6 0, 1 2 3 4 5 6 7 5
            PIN 0042, room 007, order INV-2026-0042 => PIN 0 0 4 2, room 0 0 7, order INV-2026-0042
            Zip 90012 => Zip 90012
            Call 0800 123 4567, 030/1234567, 05/06/2026 10:00 or 01 23 45 67 89. => Call 0 8 0 0, 1 2 3, 4 5 6 7, 0 3 0, 1 2 3 4 5 6 7, 05/06/2026 10 o'clock or 0 1, 2 3, 4 5, 6 7, 8 9.
        "#]],
    );
}

#[test]
fn addresses() {
    check(
        "en-US",
        &[
            "Write to support@supplychainco.com.",
            "Write to john.smith_2@ops-team.example.org, please.",
            "Go to https://portal.supplychainco.com/track.",
            "Go to portal.supplychainco.com or www.example.zz!",
            "See https://example.com/a/?utm=1&x=2#top and <https://example.com/>.",
            "(portal.supplychainco.com/track-and-trace)",
            "The file invoice.pdf is done.Then we ship.",
            "Meet @ noon, tag @ops",
            "mailto:ops@supplychainco.com",
        ],
        expect![[r#"
            Write to support@supplychainco.com. => Write to support at supplychainco dot com.
            Write to john.smith_2@ops-team.example.org, please. => Write to john dot smith underscore 2 at ops dash team dot example dot org, please.
            Go to https://portal.supplychainco.com/track. => Go to portal dot supplychainco dot com slash track.
            Go to portal.supplychainco.com or www.example.zz! => Go to portal dot supplychainco dot com or www dot example dot zz!
            See https://example.com/a/?utm=1&x=2#top and <https://example.com/>. => See example dot com slash a and example dot com.
            (portal.supplychainco.com/track-and-trace) => (portal dot supplychainco dot com slash track dash and dash trace)
            The file invoice.pdf is done.Then we ship. => The file invoice.pdf is done.Then we ship.
            Meet @ noon, tag @ops => Meet at noon, tag at ops
            mailto:ops@supplychainco.com => ops at supplychainco dot com
        "#]],
    );
}

#[test]
fn abbreviations_and_signs() {
    check(
        "en-US",
        &[
            "Perishables, e.g. fruit, i.e. food.",
            "E.g. flowers. Approx. 5 days, incl. customs vs. excl.",
            "Gate No. 5, gate #7, Nos. 1 and 2. No. We cannot.",
            "No. 5 is open",
            "The B/L and the L/C are N/A.",
            "R&D & sales, AT&T",
            "import/export, and/or TCP/IP, he / she",
            "1 + 1 = 2, C++",
            "§ 5 and №7",
            "Shanghai → Rotterdam -> Hamburg => done",
            "w/o customs, w/ insurance, c/o the agent",
            "20° is warm, priced by kg, per kg or per m³, in USD/kg, km/h",
            "snake_case and __init__",
            "tracking, tracing—and more – as ever - fine -- yes",
            "China–Europe rail",
        ],
        expect![[r#"
            Perishables, e.g. fruit, i.e. food. => Perishables, for example fruit, that is food.
            E.g. flowers. Approx. 5 days, incl. customs vs. excl. => for example flowers. approximately 5 days, including customs versus excluding
            Gate No. 5, gate #7, Nos. 1 and 2. No. We cannot. => Gate number 5, gate number 7, numbers 1 and 2. No. We cannot.
            No. 5 is open => No. 5 is open
            The B/L and the L/C are N/A. => The bill of lading and the letter of credit are not available.
            R&D & sales, AT&T => R and D and sales, AT and T
            import/export, and/or TCP/IP, he / she => import or export, and or TCP IP, he or she
            1 + 1 = 2, C++ => 1 plus 1 equals 2, C plus plus
            § 5 and №7 => section 5 and number 7
            Shanghai → Rotterdam -> Hamburg => done => Shanghai to Rotterdam to Hamburg to done
            w/o customs, w/ insurance, c/o the agent => without customs, with insurance, care of the agent
            20° is warm, priced by kg, per kg or per m³, in USD/kg, km/h => 20 degrees is warm, priced by kilograms, per kilogram or per cubic meter, in US dollars per kilogram, kilometers per hour
            snake_case and __init__ => snake case and init
            tracking, tracing—and more – as ever - fine -- yes => tracking, tracing, and more, as ever, fine, yes
            China–Europe rail => China–Europe rail
        "#]],
    );
}
