use super::*;

fn digits(text: &str) -> Vec<u8> {
    text.bytes()
        .filter(u8::is_ascii_digit)
        .map(|b| b - b'0')
        .collect()
}

/// The number passes, and no longer when any digit of it is another one.
fn detects(valid: &str, check: impl Fn(&[u8]) -> bool) {
    let digits = digits(valid);
    assert!(check(&digits), "{valid}");
    for at in 0..digits.len() {
        let mut wrong = digits.clone();
        wrong[at] = (wrong[at] + 1) % 10;
        assert!(!check(&wrong), "{valid} with another digit at {at}");
    }
}

#[test]
fn numbers_with_check_digits_are_told_from_others() {
    detects("4111 1111 1111 1111", luhn);
    detects("3782 822463 10005", luhn);
    detects("305438 3", |digits| container("CSQU", digits));
    detects("2341 2341 2346", aadhaar);
    detects("529 982 247-25", cpf);
    detects("86 095 742 719", steuer_id);
    detects("12345678", |digits| dni(None, digits, 'Z'));
    detects("1234567", |digits| dni(Some('X'), digits, 'L'));
    assert!(nir(&digits("2 55 08 14 168 025 38")));
    assert!(!nir(&digits("2 55 08 14 168 025 39")));
    assert!(waybill(&digits("020-12345675")));
    assert!(!waybill(&digits("020-12345674")));
    assert!(national_insurance("AB", 'c') && !national_insurance("QQ", 'C'));
    assert!(social_security(&digits("123-45-6789")) && !social_security(&digits("666-45-6789")));
}
