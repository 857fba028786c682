use expect_test::{Expect, expect};

use super::{strict, usual};

fn check(lines: &str, expected: Expect) {
    let masked: Vec<_> = lines
        .lines()
        .map(|line| usual().mask(line.trim()).into_owned())
        .collect();
    expected.assert_eq(&masked.join("\n"));
}

#[test]
fn a_card_is_masked_the_same_way_however_it_is_said() {
    check(
        "4111111111111111
        my card is 4111 1111 1111 1111 and it expires 12/27
        4111-1111-1111-1111, 4111.1111.1111.1111
        four one one one one one one one one one one one one one one one
        four triple one one one one one double one double one triple one one
        forty one eleven, uh, eleven eleven 1111 eleven eleven
        it's four thousand one forty one eleven eleven eleven eleven eleven eleven eleven okay
        vier eins eins eins eins eins eins eins elf elf elf elf
        cuarenta y uno once once once once once once once
        quarante et un onze onze onze onze onze onze onze
        4111 1111 1111 1111 12 27 123
        amex 3782 822463 10005",
        expect![[r#"
            [card e0ba]
            my card is [card e0ba] and it expires 12/27
            [card e0ba], [card e0ba]
            [card e0ba]
            [card e0ba]
            [card e0ba]
            it's four thousand one [card e0ba] okay
            [card e0ba]
            [card e0ba]
            [card e0ba]
            [card e0ba] 12 27 123
            amex [card ea70]"#]],
    );
}

#[test]
fn ids_and_digits_that_are_read_out_are_masked() {
    check(
        "my social is 123-45-6789
        social security number one two three four five six seven eight nine
        my NI number is AB 12 34 56 C
        a b one two three four five six c
        el DNI es 12345678Z y el NIE X1234567L
        2 55 08 14 168 025 38
        86 095 742 719 ist meine Steuer-ID
        aadhaar 2341 2341 2346
        cpf 529.982.247-25
        it is five five five oh one double two
        5 5 5 0 1 2 2
        achtundvierzig zwölf dreiunddreißig neun
        soixante-dix-sept quatre-vingt-douze zéro un",
        expect![[r#"
            my social is [id cb9f]
            social security number [id cb9f]
            my NI number is [id b520]
            [id b520]
            el DNI es [id 924f] y el NIE [id 36cf]
            [id 0f93]
            [id dad0] ist meine Steuer-ID
            aadhaar [id 5ff5]
            cpf [id 2e12]
            it is [digits 2755]
            [digits 2755]
            [digits 15bd]
            [digits 8ff7]"#]],
    );
}

#[test]
fn what_a_business_needs_stays_readable() {
    let kept = "container MSKU 907 032 3
        the container is c s q u three oh five four three eight three
        charlie sierra quebec uniform three zero five four three eight three
        air waybill 020-12345675
        my booking number is one two three four five six seven eight
        one two three four five six seven is my booking
        USD 2,200 or USD 1,600, then EUR 6.50 per kilogram
        two thousand two hundred dollars
        on november twenty third twenty twenty six at ten thirty
        2026-11-23 10:00 to 2026-11-24 18:30
        between 18 and 20 days, 21 to 24 days, 10 to 12 days
        call me on +44 20 7946 0958
        (212) 555-0100
        twenty, thirty, forty, fifty pallets
        one moment please, one of the ones from the other one
        in 2024, 2025 and 2026
        from 5, 10, 15, 20, 25 kilos
        24/7 under ISO 9001 and ISPM-15
        one hundred, two hundred, three hundred boxes
        invoice 4500123987, PO 4400998877
        john dot smith at example dot com
        write to john.smith@example.com";
    for line in kept.lines().map(str::trim) {
        assert_eq!(usual().mask(line), line);
    }
}

#[test]
fn phones_and_addresses_are_masked_where_that_is_wanted_but_never_our_own() {
    let lines = "call me on +44 20 7946 0958 or (212) 555-0123
        my mobile is oh seven seven double oh nine hundred one two three
        write to John.Smith@example.com or john dot smith at example dot com please
        it's j o h n seven seven at my company dot co dot uk
        our hotline is +1 800 555 0100 and the address is support@supplychainco.com
        support at supplychainco dot com
        i am at the port";
    let masked: Vec<_> = lines
        .lines()
        .map(|line| strict().mask(line.trim()).into_owned())
        .collect();
    expect![[r#"
        call me on [phone a53d] or [phone 1876]
        my mobile is [phone 72f3]
        write to [email edd9] or [email edd9] please
        it's [email 1bfc]
        our hotline is +1 800 555 0100 and the address is support@supplychainco.com
        support at supplychainco dot com
        i am at the port"#]]
    .assert_eq(&masked.join("\n"));
}
