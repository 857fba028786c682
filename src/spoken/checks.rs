//! Check digits. The digits of a number are values from 0 to 9.

/// Of cards (ISO/IEC 7812).
pub(crate) fn luhn(digits: &[u8]) -> bool {
    let doubled = |d: u8| if d > 4 { 2 * d - 9 } else { 2 * d };
    let sum = |(place, d): (usize, &u8)| u32::from(if place % 2 == 1 { doubled(*d) } else { *d });
    let sum: u32 = digits.iter().rev().enumerate().map(sum).sum();
    sum.is_multiple_of(10)
}

/// Of containers (ISO 6346): four letters and seven digits.
pub(crate) fn container(letters: &str, digits: &[u8]) -> bool {
    let [serial @ .., check] = digits else {
        return false;
    };
    let category = letters.bytes().last().map(|b| b.to_ascii_uppercase());
    if letters.len() != 4 || serial.len() != 6 || !matches!(category, Some(b'U' | b'J' | b'Z')) {
        return false;
    }
    let Some(letters) = letters.bytes().map(letter).collect::<Option<Vec<u32>>>() else {
        return false;
    };
    let values = letters
        .into_iter()
        .chain(serial.iter().map(|d| u32::from(*d)));
    let sum: u32 = values
        .zip(0u32..)
        .map(|(value, place)| value << place)
        .sum();
    sum % 11 % 10 == u32::from(*check)
}

/// The value of a letter in a container's number: from 10, without the multiples of 11.
fn letter(letter: u8) -> Option<u32> {
    let place = u32::from(letter.to_ascii_uppercase().checked_sub(b'A')?);
    (place < 26).then_some(10 + place + place.div_ceil(10))
}

/// Of air waybills (IATA): an airline's three digits, then a serial whose last digit is the
/// remainder of the others by seven.
pub(crate) fn waybill(digits: &[u8]) -> bool {
    let [_, _, _, serial @ .., check] = digits else {
        return false;
    };
    digits.len() == 11 && remainder(serial, 7) == u64::from(*check)
}

/// Of American social security numbers: they have no check digit, but parts that are never given.
pub(crate) fn social_security(digits: &[u8]) -> bool {
    let [a, b, c, d, e, serial @ ..] = digits else {
        return false;
    };
    let area = remainder(&[*a, *b, *c], 1000);
    serial.len() == 4
        && !matches!(area, 0 | 666)
        && (*d, *e) != (0, 0)
        && serial.iter().any(|digit| *digit != 0)
}

/// Of British national insurance numbers: two letters, six digits and a letter.
pub(crate) fn national_insurance(prefix: &str, suffix: char) -> bool {
    let prefix = prefix.to_ascii_uppercase();
    let mut letters = prefix.chars();
    let (Some(first), Some(second), None) = (letters.next(), letters.next(), letters.next()) else {
        return false;
    };
    let never = |c: char| !c.is_ascii_uppercase() || "DFIQUV".contains(c);
    !never(first)
        && !never(second)
        && second != 'O'
        && !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(&prefix.as_str())
        && matches!(suffix.to_ascii_uppercase(), 'A'..='D')
}

/// Of Spanish DNI (eight digits) and NIE (`X`, `Y` or `Z` and seven digits).
pub(crate) fn dni(prefix: Option<char>, digits: &[u8], letter: char) -> bool {
    let number = remainder(digits, 1_000_000_000);
    let number = match (prefix.map(|c| c.to_ascii_uppercase()), digits.len()) {
        (None, 8) | (Some('X'), 7) => number,
        (Some('Y'), 7) => number + 10_000_000,
        (Some('Z'), 7) => number + 20_000_000,
        _ => return false,
    };
    let letters = "TRWAGMYFPDXBNJZSQVHLCKE".chars();
    let expected = letters.zip(0..).find(|(_, place)| *place == number % 23);
    expected.is_some_and(|(expected, _)| expected == letter.to_ascii_uppercase())
}

/// Of French social security numbers (NIR): thirteen digits and a key; not those of Corsica with
/// a letter.
pub(crate) fn nir(digits: &[u8]) -> bool {
    let [sex, _, _, m, n, ..] = digits else {
        return false;
    };
    let month = 10 * m + n;
    let Some((number, key)) = digits.split_at_checked(13) else {
        return false;
    };
    key.len() == 2
        && matches!(sex, 1 | 2)
        && matches!(month, 1..=12 | 20..=42 | 50..=99)
        && 97 - remainder(number, 97) == remainder(key, 100)
}

/// Of German tax numbers (Steuer-ID): ISO 7064 mod 11,10, and among the first ten digits exactly
/// one is there twice or three times.
pub(crate) fn steuer_id(digits: &[u8]) -> bool {
    let [number @ .., check] = digits else {
        return false;
    };
    if number.len() != 10 || number.first() == Some(&0) {
        return false;
    }
    let times = |digit: u8| number.iter().filter(|d| **d == digit).count();
    let repeated: Vec<_> = (0..10).map(times).filter(|times| *times > 1).collect();
    let product = number.iter().fold(10u32, |product, digit| {
        let sum = (u32::from(*digit) + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    matches!(repeated.as_slice(), [2 | 3]) && (11 - product) % 10 == u32::from(*check)
}

/// Of Brazilian tax numbers (CPF).
pub(crate) fn cpf(digits: &[u8]) -> bool {
    let check = |digits: &[u8]| {
        let sum: u32 = digits
            .iter()
            .rev()
            .zip(2u32..)
            .map(|(d, weight)| u32::from(*d) * weight)
            .sum();
        let rest = sum * 10 % 11 % 10;
        u8::try_from(rest).unwrap_or_default()
    };
    let [number @ .., first, second] = digits else {
        return false;
    };
    let all_but_last = digits.get(..10).unwrap_or_default();
    number.len() == 9
        && number.iter().any(|d| d != first)
        && check(number) == *first
        && check(all_but_last) == *second
}

/// Of Indian Aadhaar numbers (Verhoeff); they begin with 2 to 9.
pub(crate) fn aadhaar(digits: &[u8]) -> bool {
    // The group D5: rotations below 5, reflections from 5 on.
    let times = |a: u8, b: u8| match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b) % 5,
        (false, true) => 5 + (a - b + 5) % 5,
        (false, false) => (a + 5 - b) % 5,
    };
    let moved = |digit: &u8| {
        [1u8, 5, 7, 6, 2, 8, 3, 0, 9, 4]
            .get(usize::from(*digit))
            .copied()
    };
    let permute = |digit: u8, place: usize| (0..place % 8).try_fold(digit, |d, _| moved(&d));
    let mut sum = Some(0);
    for (place, digit) in digits.iter().rev().enumerate() {
        sum = sum.and_then(|sum| Some(times(sum, permute(*digit, place)?)));
    }
    digits.len() == 12 && matches!(digits.first(), Some(2..=9)) && sum == Some(0)
}

fn remainder(digits: &[u8], by: u64) -> u64 {
    digits
        .iter()
        .fold(0, |rest, digit| (rest * 10 + u64::from(*digit)) % by)
}

#[cfg(test)]
mod tests;
