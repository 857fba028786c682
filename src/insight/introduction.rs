//! Whether the agent says who it is: its name, its company or its role.

use regex::Regex;

use super::Place;
use super::lines::{Spoken, plain};
use super::patterns::{Class, Patterns};
use crate::words::Speaker;

/// Finds introductions.
#[derive(Debug)]
pub(super) struct Introduction {
    said: Patterns,
    /// A name by its capital letter, where the recogniser writes one.
    written: Option<Regex>,
}

impl Introduction {
    /// An agent may go by several names, and so may a company; empty ones are none.
    pub(super) fn new(agents: &[String], companies: &[String]) -> Self {
        let (agent, company) = (names(agents), names(companies));
        let mut classes: Vec<Class<'_>> = vec![("agent", &agent), ("company", &company)];
        classes.extend_from_slice(CLASSES);
        let written = Regex::new(WRITTEN);
        debug_assert!(written.is_ok(), "{written:?}");
        Self {
            said: Patterns::new(&classes, INTRODUCTIONS, EXCEPT),
            written: written.ok(),
        }
    }

    pub(super) fn places(&self, lines: &[Spoken<'_>]) -> Vec<Place> {
        let mut places = self.said.places(lines, Speaker::Agent);
        let agent = lines.iter().filter(|line| line.speaker == Speaker::Agent);
        for line in agent {
            let written = self
                .written
                .iter()
                .flat_map(|it| it.captures_iter(line.text));
            for found in written.filter_map(|captures| captures.get(1)) {
                let place = Place {
                    entry: line.entry,
                    start: found.start(),
                    end: found.end(),
                };
                let known = |it: &Place| it.entry == place.entry && it.start < place.end;
                if !places.iter().any(known) && !is_no_name(found.as_str()) {
                    places.push(place);
                }
            }
        }
        places.sort_unstable();
        places
    }
}

/// The names as one alternative of a pattern, or what matches nothing.
fn names(names: &[String]) -> String {
    let names = names.iter().map(|name| {
        let plain = plain(name).0;
        plain.trim_matches([' ', '.']).to_owned()
    });
    let names = names.filter(|name| !name.is_empty());
    let names: Vec<_> = names.map(|name| regex::escape(&name)).collect();
    match names.is_empty() {
        true => NOTHING.to_owned(),
        false => names.join("|"),
    }
}

/// Stands in no plain text, which has no line ends.
const NOTHING: &str = "\n";

/// Capitalised and yet no name: "I'm German", "This is Monday."
fn is_no_name(found: &str) -> bool {
    let last = found.rsplit(char::is_whitespace).next().unwrap_or_default();
    NO_NAMES.contains(&last.to_lowercase().as_str())
}

const NO_NAMES: [&str; 20] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "i",
    "english",
    "german",
    "french",
    "spanish",
    "sorry",
    "incoterms",
    "rotterdam",
    "singapore",
    "dubai",
    "ocean",
    "air",
    "rail",
];

const WRITTEN: &str = r"(?:^|[.,!?]\s+|\b(?:[Hh]ello|[Hh]i|[Yy]es|[Ss]ure)\s+)((?:I['’]m|I am)\s+\p{Lu}[\p{Ll}-]+)\s*(?:[.,!?]|$|\s(?:and|from|with|your|the)\b)";

const CLASSES: &[Class<'_>] = &[
    (
        "iam",
        "(?:i'm|i am|this is|it's|it is|that's)(?: just| only| still| now)?",
    ),
    (
        "assistant",
        "(?:assistant|agent|ai|bot|chatbot|voicebot|robot|computer|computer program|program|machine|representative|voice|advisor|concierge|operator)",
    ),
    (
        "desk",
        "(?:desk|team|department|hotline|helpline|help desk|support|customer service|customer support|customer care|service|office)",
    ),
    (
        "greeting",
        "(?:good (?:morning|afternoon|evening|day)|hello|hi|hey)",
    ),
];

const INTRODUCTIONS: &[&str] = &[
    "my name's? (?:is )?<w>",
    "<iam> (?:the )?(?:<agent>|<company>)",
    "<iam> <w> (?:<w> )?(?:speaking|calling|from (?:the )?<company>|with <company>|at <company>)",
    "<iam> <w> (?:from|with|in|of) (?:the |our )?(?:<w> ){0,2}<desk>",
    "<iam> (?:your|the|an?|<company>'?s?) (?:<w> ){0,3}<assistant>",
    "^(?:<greeting> )?<iam> the (?:<w> ){1,2}<desk>$",
    "^(?:<greeting> )?<iam> the (?:<w> ){1,2}<desk> (?:speaking|how)",
    "(?:you're|you are) (?:now )?(?:speaking|talking|through) (?:to|with) <w>",
    "(?:you're|you are) (?:now )?(?:chatting|connected|in touch) (?:to|with) (?:the )?(?:<agent>|<company>)",
    "as (?:an?|your|the) (?:<w> ){0,2}<assistant> (?:i|of)",
    "i go by <w>",
    "you(?:'ve| have) (?:reached|called|dialled|got through to|come through to) (?:the )?(?:(?:<w> ){0,4}<company>|(?:<w> ){0,3}<desk>)",
    "<agent> (?:on the (?:line|phone)|speaking|calling)",
    "(?:[.,!?]|<greeting>|<company>) <agent> (?:here|again)",
    "(?:i'm|i am) (?:called|named|known as) <w>",
    "(?:thank you|thanks) for (?:calling|contacting|phoning) (?:the )?<company>",
    "welcome to (?:the )?<company>",
    "(?:you can|they|just|people|please) call me <w>",
    "^(?:<greeting> )?<company>(?: (?:<w> )?<desk>)?(?: [.!])? (?:<greeting>|<w> speaking|how (?:can|may) i)",
    "(?:[.,!?]|<greeting>|<desk>|<company>) <w> speaking",
    "(?:[.,!?]|<greeting>|<greeting> there) <w> here (?:from|at|with|how|what)",
    "<agent> (?:from|at|with|of) (?:the )?<company>",
    "<w> (?:from|at|with) (?:the )?<company> (?:here|speaking|calling)",
    "i (?:work|answer calls) (?:for|at) (?:the )?<company>",
    // German
    "mein name ist <w>",
    "hier (?:ist|spricht) (?:die |der |das )?(?:<agent>|<company>|<w> (?:von|vom|aus))",
    "hier spricht <w>",
    "ich bin (?:der|die|das|ihr|ihre|ein|eine) (?:<w> ){0,2}(?:assistent|assistentin|agent|agentin|ansprechpartner|ansprechpartnerin|mitarbeiter|mitarbeiterin|sprachassistent)",
    "ich bin (?:<agent>|<company>|<w> (?:von|vom))",
    "willkommen bei (?:der )?<company>",
    "sie sprechen mit <w>",
    // Spanish
    "mi nombre es <w>",
    "me llamo <w>",
    "le habla <w>",
    "le atiende <w>",
    "habla(?: usted)? con <agent>",
    "soy (?:<agent>|<w> de)",
    "soy (?:su|el|la|una?|tu) (?:<w> ){0,2}(?:asistente|agente|operadora?)",
    "bienvenid(?:o|a|os|as) a <company>",
    // French
    "je m'appelle <w>",
    "mon nom est <w>",
    "vous êtes en (?:ligne|communication|relation) avec <w>",
    "vous parlez (?:à|avec) <w>",
    "ici <w> (?:de|du|chez)",
    "je suis <agent>",
    "je suis (?:l'|votre |une? |la |le )(?:<w> )?(?:assistante?|agente?|conseillère?)",
    "vous êtes bien chez <w>",
    "bienvenue chez <w>",
    // Italian, Portuguese, Dutch
    "mi chiamo <w>",
    "sono <agent>",
    "(?:meu|o meu) nome é <w>",
    "me chamo <w>",
    "(?:aqui é|sou) (?:a |o )?<agent>",
    "mijn naam is <w>",
    "u spreekt met <w>",
];

const EXCEPT: &[&str] = &[
    "my name's? (?:is )?(?:list|on|in|for|not)",
    "<company>s (?:<w> )?(?:rate|price|cut|deadline|policy)",
    "<iam> [^ ]+ing (?:with|in|of) <w>",
    "call me (?:again|back|later|if|at|on|when|tomorrow|any|in)",
    "(?:generally|strictly|roughly|legally|broadly|i|we|they|of|not) speaking",
    "(?:i'm|i am|we're|am|are|is|was|are you) here",
    "soy <w> de (?:ver|hacer|dar)",
    "ich bin <w> (?:von|vom) (?:der|dem|diesem)",
    "not (?:a|an|the) (?:<w> )?<assistant>",
];
