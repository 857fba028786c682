//! What the benches share: replies as models write them, documents, and what finds them.

pub mod corpus;

pub mod strategies;

/// A reply that is easy to speak.
pub const PROSE: &str = "Ocean freight from Shanghai to Los Angeles takes about three weeks on \
     the water, and then a few more days until the container has cleared customs. If you are in \
     a hurry, our air freight service is faster, though it costs more. Would you like me to \
     explain how to book a shipment?";

/// A reply full of what cannot be spoken as it is written.
pub const SYMBOLS: &str = "## Rates\n\n- **40' HC**: $2,450.00–$2,900.50 (≈ 12 % off), 26 t max\n\
     - *LCL*: €85/m³, min. 2 m³ & docs @ 35 USD\n\n1. Mail `booking@voicera.example` by 5:30 pm\n\
     2. See https://voicera.example/rates?lane=cn-us#fcl or call +1 (415) 555-0100 🚢\n\n\
     Transit: 18-20 days, i.e. ~3 wks; temps of -18 °C to 5 °C for reefers.";

/// Cuts a text into tokens about as models do: a space belongs to the word after it, and long
/// words are several tokens.
pub fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut begin = 0;
    let mut length = 0;
    for (at, c) in text.char_indices() {
        let breaks = c.is_whitespace() || length >= 6;
        if breaks && at > begin {
            tokens.extend(text.get(begin..at));
            (begin, length) = (at, 0);
        }
        length += 1;
    }
    tokens.extend(text.get(begin..));
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_text() {
        for text in [PROSE, SYMBOLS] {
            assert_eq!(tokens(text).concat(), text);
        }
        assert_eq!(tokens("the container\n"), ["the", " conta", "iner", "\n"]);
    }
}
