use expect_test::expect;

use super::check;

#[test]
fn marks_within_a_line_are_dropped() {
    check(
        "en",
        &[
            "It is **very** important, *really* and ~~not~~ `now`.",
            "un**believ**able, ***all*** of it, __bold__ and _soft_",
            "It costs **USD 2,200** for **18–20 days**.",
            "**Note:** call **+1-800-555-LOGI**.",
            "See [the portal](https://portal.supplychainco.com/track) today.",
            "[**Bold** link](https://x.com \"Title\"), [ref][1], [wiki](https://x.com/a_(b)).",
            "![A container ship](ship.png) arrives!",
            "It is documented [1][2], see [^3] and [^note].",
            "An array[0] and [sic] and ](nothing here",
            "H<sub>2</sub>O is <b>wet</b>.<br>Next",
            "Escaped \\*stars\\* and 5 \\> 3",
            "a | b | c",
        ],
        expect![[r#"
            It is **very** important, *really* and ~~not~~ `now`. => It is very important, really and not now.
            un**believ**able, ***all*** of it, __bold__ and _soft_ => unbelievable, all of it, bold and soft
            It costs **USD 2,200** for **18–20 days**. => It costs 2,200 US dollars for 18 to 20 days.
            **Note:** call **+1-800-555-LOGI**. => Note: call plus 1, 8 0 0, 5 5 5, L O G I.
            See [the portal](https://portal.supplychainco.com/track) today. => See the portal today.
            [**Bold** link](https://x.com "Title"), [ref][1], [wiki](https://x.com/a_(b)). => Bold link, ref, wiki.
            ![A container ship](ship.png) arrives! => A container ship arrives!
            It is documented [1][2], see [^3] and [^note]. => It is documented, see and.
            An array[0] and [sic] and ](nothing here => An array and sic and (nothing here
            H<sub>2</sub>O is <b>wet</b>.<br>Next => H 2 O is wet. Next
            Escaped \*stars\* and 5 \> 3 => Escaped stars and 5 more than 3
            a | b | c => a, b, c
        "#]],
    );
}

#[test]
fn blocks_become_sentences() {
    check(
        "en",
        &[
            "# Rates\n\nOcean is cheap.\n\n## Air ##\nAir is fast",
            "We offer:\n\n- Air\n- Ocean freight.\n- Rail,\n- Road",
            "We offer\n* **Air**: fast\n* Ocean\n  is slow\n\nAnything else?",
            "1. Enter the route.\n2. Describe the goods\n10) Upload",
            "- [ ] open\n- [x] done\n• bullet\n– dash",
            "> Quoted\n> text\n\nnot quoted",
            "One\n\n---\n\nTwo\n***\nThree",
            "Title\n=====\nText",
            "First line\nsame sentence\n\nNew paragraph",
            "Hard  \nbreak",
            "Run:\n```bash\ncargo run\ncargo test\n```\nDone",
            "```inline``` code",
            "| Route | Time |\n|---|:---:|\n| Shanghai to Los Angeles | 18–20 days |\n| Dubai | |\n\nThat is all.",
            "5 kg\n-5 kg\n2026 was good",
        ],
        expect![[r#"
            # Rates⏎⏎Ocean is cheap.⏎⏎## Air ##⏎Air is fast => Rates. Ocean is cheap. Air. Air is fast
            We offer:⏎⏎- Air⏎- Ocean freight.⏎- Rail,⏎- Road => We offer: Air. Ocean freight. Rail, Road.
            We offer⏎* **Air**: fast⏎* Ocean⏎  is slow⏎⏎Anything else? => We offer, Air: fast. Ocean is slow. Anything else?
            1. Enter the route.⏎2. Describe the goods⏎10) Upload => 1, Enter the route. 2, Describe the goods. 10, Upload.
            - [ ] open⏎- [x] done⏎• bullet⏎– dash => open. done. bullet. dash.
            > Quoted⏎> text⏎⏎not quoted => Quoted text. not quoted
            One⏎⏎---⏎⏎Two⏎***⏎Three => One. Two. Three
            Title⏎=====⏎Text => Title. Text
            First line⏎same sentence⏎⏎New paragraph => First line same sentence. New paragraph
            Hard  ⏎break => Hard, break
            Run:⏎```bash⏎cargo run⏎cargo test⏎```⏎Done => Run: cargo run, cargo test, Done
            ```inline``` code => inline code
            | Route | Time |⏎|---|:---:|⏎| Shanghai to Los Angeles | 18–20 days |⏎| Dubai | |⏎⏎That is all. => Route, Time. Shanghai to Los Angeles, 18 to 20 days. Dubai. That is all.
            5 kg⏎-5 kg⏎2026 was good => 5 kilograms minus 5 kilograms 2026 was good
        "#]],
    );
}

#[test]
fn emoji_and_stray_symbols_are_dropped() {
    check(
        "en",
        &[
            "Great 🎉! Ship 🚢 it👍🏽now 👨‍👩‍👧 ✅",
            "🚚 Delivery ❤️ is on its way 🇸🇬.",
            "1️⃣ First, ™ and © 2026 ®",
            "** * ~ # | ^ {curly} \\ ` •",
            "zero\u{200b}width and soft\u{ad}hyphen \u{feff}end",
            "😀",
            "",
        ],
        expect![[r#"
            Great 🎉! Ship 🚢 it👍🏽now 👨‍👩‍👧 ✅ => Great! Ship it now
            🚚 Delivery ❤️ is on its way 🇸🇬. => Delivery is on its way.
            1️⃣ First, ™ and © 2026 ® => 1 First, and 2026
            ** * ~ # | ^ {curly} \ ` • => curly
            zero\u{200b}width and soft\u{ad}hyphen \u{feff}end => zerowidth and softhyphen end
            😀 => 
             => 
        "#]],
    );
}
