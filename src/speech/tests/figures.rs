use expect_test::expect;

use super::check;

#[test]
fn powers() {
    check(
        "en-US",
        &[
            "It holds 10^3 kg and 2^10 bytes.",
            "10^-6, 10^{-3} m, 5 × 10^3 kg, 10^3.",
            "2^n, x^2, x^{2} and **2**^3",
            "30 m^2, 5 m^3, USD 2/m^3",
            "a caret ^ alone, word^ or ^_^",
        ],
        expect![[r#"
            It holds 10^3 kg and 2^10 bytes. => It holds 10 to the power of 3 kilograms and 2 to the power of 10 bytes.
            10^-6, 10^{-3} m, 5 × 10^3 kg, 10^3. => 10 to the power of minus 6, 10 to the power of minus 3 meters, 5 times 10 to the power of 3 kilograms, 10 to the power of 3.
            2^n, x^2, x^{2} and **2**^3 => 2 to the power of n, x to the power of 2, x to the power of 2 and 2 to the power of 3
            30 m^2, 5 m^3, USD 2/m^3 => 30 square meters, 5 cubic meters, 2 US dollars per cubic meter
            a caret ^ alone, word^ or ^_^ => a caret alone, word or
        "#]],
    );
    check(
        "de",
        &["10^3 kg und 2^10, x^2"],
        expect![[r#"
        10^3 kg und 2^10, x^2 => 10 hoch 3 Kilogramm und 2 hoch 10, x hoch 2
    "#]],
    );
    check(
        "es",
        &["10^3 kg y 2^10, x^2"],
        expect![[r#"
        10^3 kg y 2^10, x^2 => 10 elevado a 3 kilogramos y 2 elevado a 10, x elevado a 2
    "#]],
    );
    check(
        "fr",
        &["10^3 kg et 2^10, x^2"],
        expect![[r#"
        10^3 kg et 2^10, x^2 => 10 puissance 3 kilogrammes et 2 puissance 10, x puissance 2
    "#]],
    );
    check(
        "sv",
        &["10^3 kg, x^2"],
        expect![[r#"
        10^3 kg, x^2 => 10^3 kg, x^2
    "#]],
    );
}

#[test]
fn thousands_may_be_parted_by_spaces() {
    check(
        "en-US",
        &[
            "It weighs 5 000 kg. It weighs 12 000 kg or 1 234 567 kg.",
            "It costs $5 000, USD 12 000.50, 5 000 EUR or €1 000 000!",
            "5 000 containers, 5 000–6 000 kg, 5 000-6 000 kg, 5 000-6000 kg, 5 000 to 6 000 kg",
            "up to 5 000, over 12 000. Then",
            "(5 000 kg), (12 000 000 kg), +12 000 000 kg, -5 000 kg, ~5 000 kg",
            "5\u{a0}000 kg, 5\u{202f}000 kg, 5&nbsp;000&nbsp;kg",
            "5 000kg, 5 000 x 200 mm, 5 000 kg/m³",
            "Call 555 123 4567, 123 4567, 555 123-4567 or (800) 555 0199.",
            "Call 12 34 567 or 1234 567 890 or 4111 1111 1111 1111.",
            "Call +65 6123 4567, +1 800 555 0199 or 0800 123 456.",
            "500 000-600 000 kg, In 2026 500 kg, 5 00 kg, 0 500 kg and 5  000 kg",
        ],
        expect![[r#"
            It weighs 5 000 kg. It weighs 12 000 kg or 1 234 567 kg. => It weighs 5000 kilograms. It weighs 12000 kilograms or 1234567 kilograms.
            It costs $5 000, USD 12 000.50, 5 000 EUR or €1 000 000! => It costs 5000 dollars, 12000 US dollars and 50 cents, 5000 euros or 1000000 euros!
            5 000 containers, 5 000–6 000 kg, 5 000-6 000 kg, 5 000-6000 kg, 5 000 to 6 000 kg => 5000 containers, 5000 to 6000 kilograms, 5000 to 6000 kilograms, 5000 to 6000 kilograms, 5000 to 6000 kilograms
            up to 5 000, over 12 000. Then => up to 5000, over 12000. Then
            (5 000 kg), (12 000 000 kg), +12 000 000 kg, -5 000 kg, ~5 000 kg => (5000 kilograms), (12000000 kilograms), plus 12000000 kilograms, minus 5000 kilograms, about 5000 kilograms
            5 000 kg, 5 000 kg, 5&nbsp;000&nbsp;kg => 5000 kilograms, 5000 kilograms, 5000 kilograms
            5 000kg, 5 000 x 200 mm, 5 000 kg/m³ => 5000 kilograms, 5000 by 200 millimeters, 5000 kilograms per cubic meter
            Call 555 123 4567, 123 4567, 555 123-4567 or (800) 555 0199. => Call 555 123 4567, 123 4567, 555 1 2 3, 4 5 6 7 or 8 0 0, 5 5 5, 0 1 9 9.
            Call 12 34 567 or 1234 567 890 or 4111 1111 1111 1111. => Call 12 34 567 or 1234 567 890 or 4111 1111 1111 1111.
            Call +65 6123 4567, +1 800 555 0199 or 0800 123 456. => Call plus 6 5, 6 1 2 3, 4 5 6 7, plus 1, 8 0 0, 5 5 5, 0 1 9 9 or 0 8 0 0, 1 2 3, 4 5 6.
            500 000-600 000 kg, In 2026 500 kg, 5 00 kg, 0 500 kg and 5  000 kg => 500000 to 600000 kilograms, In 2026 500 kilograms, 5 0 0 kilograms, 0 500 kilograms and 5 0 0 0 kilograms
        "#]],
    );
    check(
        "de",
        &["5 000 kg, 12 000 €, 555 123 4567"],
        expect![[r#"
        5 000 kg, 12 000 €, 555 123 4567 => 5000 Kilogramm, 12000 Euro, 555 123 4567
    "#]],
    );
    check(
        "es",
        &["5 000 kg, 12 000 €, 555 123 4567"],
        expect![[r#"
        5 000 kg, 12 000 €, 555 123 4567 => 5000 kilogramos, 12000 euros, 555 123 4567
    "#]],
    );
    check(
        "fr",
        &["5 000 kg, 12 000 €, 555 123 4567"],
        expect![[r#"
        5 000 kg, 12 000 €, 555 123 4567 => 5000 kilogrammes, 12000 euros, 555 123 4567
    "#]],
    );
    check(
        "sv",
        &["5 000 kg, 555 123 4567"],
        expect![[r#"
        5 000 kg, 555 123 4567 => 5 000 kg, 555 123 4567
    "#]],
    );
}

#[test]
fn what_is_compared_is_said() {
    check(
        "en-US",
        &[
            "a<b, x<5, 5<x, $5<$6 and a>b",
            "A < b and c > d, if x < 5 or y > 5",
            "a<b and c>d",
            "a<=b, a >= 5 and x <= y, x <= -5",
            "x > -18 °C, x<-5, A < **b**, Settings>Account, $x < (y)",
            "<< Hello >> you, a>>b",
            ">= 5 kg",
            "a &lt; b &gt; c, x&lt;5, &lt;5 kg",
            "<b>bold</b><br/>a<br />b</p><a href=\"x y\" id=z>link</a><!-- note -->",
            "un<b>believ</b>able, <your_name>, <your name>",
            "<https://example.com> and Ann<ann@example.com>, Ann <ann@example.com>",
            "Go to Settings > Account > Billing.",
            "<|im_end|>Hello<|im_start|> there <｜end▁of▁sentence｜><|eot id|>",
            "< nothing, a <, > b << c >> <> <",
        ],
        expect![[r#"
            a<b, x<5, 5<x, $5<$6 and a>b => a less than b, x less than 5, 5 less than x, 5 dollars less than 6 dollars and a greater than b
            A < b and c > d, if x < 5 or y > 5 => A less than b and c greater than d, if x less than 5 or y more than 5
            a<b and c>d => a less than b and c greater than d
            a<=b, a >= 5 and x <= y, x <= -5 => a at most b, a at least 5 and x at most y, x at most minus 5
            x > -18 °C, x<-5, A < **b**, Settings>Account, $x < (y) => x greater than minus 18 degrees Celsius, x less than minus 5, A less than b, Settings Account, $x less than (y)
            << Hello >> you, a>>b => Hello you, a b
            >= 5 kg => at least 5 kilograms
            a &lt; b &gt; c, x&lt;5, &lt;5 kg => a less than b greater than c, x less than 5, less than 5 kilograms
            <b>bold</b><br/>a<br />b</p><a href="x y" id=z>link</a><!-- note --> => bold a b link
            un<b>believ</b>able, <your_name>, <your name> => un believ able,, your name
            <https://example.com> and Ann<ann@example.com>, Ann <ann@example.com> => example dot com and Ann ann at example dot com, Ann ann at example dot com
            Go to Settings > Account > Billing. => Go to Settings Account Billing.
            <|im_end|>Hello<|im_start|> there <｜end▁of▁sentence｜><|eot id|> => Hello there
            < nothing, a <, > b << c >> <> < => less than nothing, a, greater than b c
        "#]],
    );
    check(
        "de",
        &["a<b, A < b und c > d, x<5, <5 kg"],
        expect![[r#"
        a<b, A < b und c > d, x<5, <5 kg => a kleiner als b, A kleiner als b und c größer als d, x kleiner als 5, weniger als 5 Kilogramm
    "#]],
    );
    check(
        "es",
        &["a<b, A < b y c > d, x<5, <5 kg"],
        expect![[r#"
        a<b, A < b y c > d, x<5, <5 kg => a menor que b, A menor que b y c mayor que d, x menor que 5, menos de 5 kilogramos
    "#]],
    );
    check(
        "fr",
        &["a<b, A < b et c > d, x<5, <5 kg"],
        expect![[r#"
        a<b, A < b et c > d, x<5, <5 kg => a inférieur à b, A inférieur à b et c supérieur à d, x inférieur à 5, moins de 5 kilogrammes
    "#]],
    );
    check(
        "sv",
        &["a<b, A < b, x<5 <b>fet</b><|im_end|>"],
        expect![[r#"
            a<b, A < b, x<5 <b>fet</b><|im_end|> => a<b, A < b, x<5 fet
        "#]],
    );
}

#[test]
fn money_may_be_negative() {
    check(
        "en-US",
        &["$-5, -$5, €-5, $ -5.50, USD -5, −$5, $-5 to $10, -5 €, $- and $-a"],
        expect![[r#"
            $-5, -$5, €-5, $ -5.50, USD -5, −$5, $-5 to $10, -5 €, $- and $-a => minus 5 dollars, minus 5 dollars, minus 5 euros, minus 5 dollars and 50 cents, minus 5 US dollars, minus 5 dollars, minus 5 to 10 dollars, minus 5 euros, $, and $, a
        "#]],
    );
    check(
        "fr",
        &["€-5 ou -5 €"],
        expect![[r#"
        €-5 ou -5 € => moins 5 euros ou moins 5 euros
    "#]],
    );
}

#[test]
fn characters_written_as_words_are_read() {
    check(
        "en-US",
        &[
            "Smith &amp; Sons, R&amp;D, AT&amp;T and Q4&amp;Q5",
            "don&#39;t, It&apos;s, &quot;all good&quot;, 5&nbsp;kg&nbsp;net, per&nbsp;kg",
            "&nbsp;Hello&#160;there, a&#60;b, &#38;",
            "&unknown; &amp & &am",
            "https://example.com/a?b=1&amp;c=2, https://example.com&nbsp;now, example.com&nbsp;now",
        ],
        expect![[r#"
            Smith &amp; Sons, R&amp;D, AT&amp;T and Q4&amp;Q5 => Smith and Sons, R and D, AT and T and Q4 and Q5
            don&#39;t, It&apos;s, &quot;all good&quot;, 5&nbsp;kg&nbsp;net, per&nbsp;kg => don't, It's, "all good", 5 kilograms net, per kilogram
            &nbsp;Hello&#160;there, a&#60;b, &#38; => Hello there, a less than b, and
            &unknown; &amp & &am => and unknown; and amp and and am
            https://example.com/a?b=1&amp;c=2, https://example.com&nbsp;now, example.com&nbsp;now => example dot com slash a, example dot com now, example dot com now
        "#]],
    );
    check(
        "sv",
        &["R&amp;D, &quot;hej&quot;&nbsp;du &lt; 5"],
        expect![[r#"
            R&amp;D, &quot;hej&quot;&nbsp;du &lt; 5 => R&D, "hej" du < 5
        "#]],
    );
}

#[test]
fn single_signs_are_said_or_dropped() {
    check(
        "en-US",
        &[
            "50¢, 1¢, 50 ¢ and ¢ alone",
            "∞ and ∞.",
            "¶ 5, §5, §§ 5, (§ 7), № 5",
            "Voicera™ and Acme® and Foo ® ©2026 © 2026 Acme",
        ],
        expect![[r#"
            50¢, 1¢, 50 ¢ and ¢ alone => 50 cents, 1 cent, 50 cents and cents alone
            ∞ and ∞. => infinity and infinity.
            ¶ 5, §5, §§ 5, (§ 7), № 5 => paragraph 5, section 5, section section 5, ( section 7), number 5
            Voicera™ and Acme® and Foo ® ©2026 © 2026 Acme => Voicera and Acme and Foo 2026 2026 Acme
        "#]],
    );
    check(
        "de",
        &["50¢, ∞, ¶ 5, § 5, № 5, A™ ® ©"],
        expect![[r#"
        50¢, ∞, ¶ 5, § 5, № 5, A™ ® © => 50 Cent, unendlich, Absatz 5, Paragraf 5, Nummer 5, A
    "#]],
    );
    check(
        "es",
        &["50¢, ∞, ¶ 5, § 5, № 5, A™ ® ©"],
        expect![[r#"
        50¢, ∞, ¶ 5, § 5, № 5, A™ ® © => 50 centavos, infinito, párrafo 5, sección 5, número 5, A
    "#]],
    );
    check(
        "fr",
        &["50¢, ∞, ¶ 5, § 5, № 5, A™ ® ©"],
        expect![[r#"
        50¢, ∞, ¶ 5, § 5, № 5, A™ ® © => 50 cents, infini, alinéa 5, paragraphe 5, numéro 5, A
    "#]],
    );
}

#[test]
fn a_standard_is_neither_split_nor_a_time() {
    check(
        "en-US",
        &[
            "We hold ISO 9001:2015 and ISO 27001:2022.",
            "ISO/IEC 27001:2013, EN 12:2015: done, 16:9, 2:1, 1:30:45, at 9:30",
        ],
        expect![[r#"
            We hold ISO 9001:2015 and ISO 27001:2022. => We hold ISO 9001:2015 and ISO 27001:2022.
            ISO/IEC 27001:2013, EN 12:2015: done, 16:9, 2:1, 1:30:45, at 9:30 => ISO IEC 27001:2013, EN 12:2015: done, 16:9, 2:1, 1:30:45, at 9:30
        "#]],
    );
    check(
        "fr",
        &["ISO 9001:2015, 14:30"],
        expect![[r#"
        ISO 9001:2015, 14:30 => ISO 9001:2015, 14 heures 30
    "#]],
    );
}
