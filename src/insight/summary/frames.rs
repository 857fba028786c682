//! The sentences around the quotations of a summary, in the language of the call.

use crate::words::Language;

#[derive(Clone, Copy, Debug)]
pub(super) struct Frames {
    asked: &'static str,
    said: &'static str,
    answered: &'static str,
    /// Before and after the request in a sentence that holds its answer, too.
    to: (&'static str, &'static str),
    /// After the request in a sentence that tells that nothing was known.
    nothing_known: &'static str,
    pub(super) no_answer: &'static str,
    pub(super) nothing: &'static str,
    pub(super) no_ending: &'static str,
    pub(super) hung_up: &'static str,
    pub(super) goodbye: &'static str,
    pub(super) handed_off: &'static str,
    pub(super) silent: &'static str,
    pub(super) exhausted: &'static str,
    pub(super) broken: &'static str,
}

impl Frames {
    /// English where no other language fits.
    pub(super) fn of(language: &Language) -> Self {
        match language.primary().as_str() {
            "de" => GERMAN,
            "es" => SPANISH,
            "fr" => FRENCH,
            _ => ENGLISH,
        }
    }

    pub(super) fn request(&self, text: &str, asks: bool) -> String {
        let frame = if asks { self.asked } else { self.said };
        format!("{frame} “{}”", whole(text))
    }

    pub(super) fn answer(&self, text: &str) -> String {
        format!("{} “{}”", self.answered, whole(text))
    }

    pub(super) fn further(&self, request: &str, answer: &str) -> String {
        let (before, after) = self.to;
        let request = whole(request);
        let request = request.trim_end_matches('.');
        format!("{before} “{request}” {after} “{}”", whole(answer))
    }

    pub(super) fn unanswered(&self, request: &str) -> String {
        let request = whole(request);
        let request = request.trim_end_matches('.');
        format!("{} “{request}” {}", self.to.0, self.nothing_known)
    }
}

/// A sentence with a capital letter and a mark at its end.
fn whole(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    let mut whole: String = first.chain(chars).collect();
    if !whole.ends_with(['.', '!', '?', '。', '？', '！']) {
        let asks = crate::insight::sentiment::begins_question(text);
        whole.push(if asks { '?' } else { '.' });
    }
    whole
}

const ENGLISH: Frames = Frames {
    asked: "The caller asked:",
    said: "The caller said:",
    answered: "The agent answered:",
    to: ("To", "the agent answered:"),
    nothing_known: "the agent had no answer.",
    no_answer: "The agent had no answer.",
    nothing: "The caller asked for nothing.",
    no_ending: "The call has not ended.",
    hung_up: "The caller hung up.",
    goodbye: "The call ended with a goodbye.",
    handed_off: "The caller was passed to a person.",
    silent: "The call ended because the caller was silent.",
    exhausted: "The call ended because it had reached its longest duration.",
    broken: "The call broke off.",
};

const GERMAN: Frames = Frames {
    asked: "Der Anrufer fragte:",
    said: "Der Anrufer sagte:",
    answered: "Der Agent antwortete:",
    to: ("Auf", "antwortete der Agent:"),
    nothing_known: "wusste der Agent keine Antwort.",
    no_answer: "Der Agent wusste keine Antwort.",
    nothing: "Der Anrufer hatte kein Anliegen.",
    no_ending: "Das Gespräch ist nicht beendet.",
    hung_up: "Der Anrufer legte auf.",
    goodbye: "Das Gespräch endete mit einer Verabschiedung.",
    handed_off: "Der Anrufer wurde mit einem Menschen verbunden.",
    silent: "Das Gespräch endete, weil der Anrufer schwieg.",
    exhausted: "Das Gespräch endete, weil es die längste Dauer erreicht hatte.",
    broken: "Das Gespräch brach ab.",
};

const SPANISH: Frames = Frames {
    asked: "El cliente preguntó:",
    said: "El cliente dijo:",
    answered: "El agente respondió:",
    to: ("A", "el agente respondió:"),
    nothing_known: "el agente no tenía respuesta.",
    no_answer: "El agente no tenía respuesta.",
    nothing: "El cliente no pidió nada.",
    no_ending: "La llamada no ha terminado.",
    hung_up: "El cliente colgó.",
    goodbye: "La llamada terminó con una despedida.",
    handed_off: "El cliente fue transferido a una persona.",
    silent: "La llamada terminó porque el cliente no hablaba.",
    exhausted: "La llamada terminó porque alcanzó su duración máxima.",
    broken: "La llamada se cortó.",
};

const FRENCH: Frames = Frames {
    asked: "L'appelant a demandé :",
    said: "L'appelant a dit :",
    answered: "L'agent a répondu :",
    to: ("À", "l'agent a répondu :"),
    nothing_known: "l'agent n'avait pas de réponse.",
    no_answer: "L'agent n'avait pas de réponse.",
    nothing: "L'appelant n'a rien demandé.",
    no_ending: "L'appel n'est pas terminé.",
    hung_up: "L'appelant a raccroché.",
    goodbye: "L'appel s'est terminé par un au revoir.",
    handed_off: "L'appelant a été transféré à une personne.",
    silent: "L'appel s'est terminé parce que l'appelant se taisait.",
    exhausted: "L'appel s'est terminé parce qu'il avait atteint sa durée maximale.",
    broken: "L'appel a été interrompu.",
};
