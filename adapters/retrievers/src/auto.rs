//! Decides whether the knowledge base goes into every prompt (CAG) or is searched (RAG).

use std::fmt;

use serde::Deserialize;

/// `[retriever.auto]`, with `kind = "auto"`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The most that the documents may take of every prompt, in tokens. Default 30000.
    pub max_tokens: usize,
    /// The most that the documents may cost in every turn, in the currency of the prices. Default
    /// none; it needs a price.
    pub max_cost_per_turn: Option<f64>,
    /// What the model's vendor takes for a million tokens of a prompt. Default none.
    pub price: Option<f64>,
    /// What the vendor takes for a million tokens that it has cached, which the documents are
    /// after a call's first turn. Default `price`.
    pub cached_price: Option<f64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_tokens: 30_000,
            max_cost_per_turn: None,
            price: None,
            cached_price: None,
        }
    }
}

/// What was decided, and why. Displayed, it reads alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub choice: Choice,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The documents are in every prompt.
    Cag,
    /// The documents are searched.
    Rag,
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let choice = match self.choice {
            Choice::Cag => "cag",
            Choice::Rag => "rag",
        };
        write!(f, "{choice}: {}", self.reason)
    }
}

/// Why the settings decide nothing. The message names the setting and the fix.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BadSetting {
    #[error("retriever.auto.{name}: {value} is no amount of money; use 0 or above")]
    Amount { name: &'static str, value: f64 },
    #[error(
        "retriever.auto.max_cost_per_turn: a cost needs a price; set retriever.auto.price to what a million tokens of a prompt cost"
    )]
    NoPrice,
}

impl Settings {
    /// # Errors
    ///
    /// At the first setting that makes no sense.
    pub fn check(&self) -> Result<(), BadSetting> {
        let amounts = [
            ("max_cost_per_turn", self.max_cost_per_turn),
            ("price", self.price),
            ("cached_price", self.cached_price),
        ];
        for (name, value) in amounts {
            if let Some(value) = value.filter(|value| !value.is_finite() || *value < 0.0) {
                return Err(BadSetting::Amount { name, value });
            }
        }
        match (self.max_cost_per_turn, self.price) {
            (Some(_), None) => Err(BadSetting::NoPrice),
            (Some(_), Some(_)) | (None, _) => Ok(()),
        }
    }
}

/// Chooses for documents that take so many tokens, where a prompt has room for so many.
///
/// The cost is that of a turn after a call's first: vendors cache what every prompt begins with.
pub fn decide(tokens: usize, room: usize, settings: &Settings) -> Decision {
    let Settings {
        max_tokens,
        max_cost_per_turn,
        price,
        cached_price,
    } = *settings;
    let takes = format!("the documents take about {} tokens", thousands(tokens));
    let rag = |why: String| Decision {
        choice: Choice::Rag,
        reason: format!("{takes}, {why}"),
    };
    if tokens > max_tokens {
        let most = thousands(max_tokens);
        return rag(format!("more than retriever.auto.max_tokens = {most}"));
    }
    if tokens > room {
        let room = thousands(room);
        return rag(format!(
            "more than the {room} that the model's context has room for"
        ));
    }
    let mut reason = format!(
        "{takes}, within retriever.auto.max_tokens = {}",
        thousands(max_tokens)
    );
    if let (Some(most), Some(price)) = (max_cost_per_turn, cached_price.or(price)) {
        let cost = tokens as f64 / 1e6 * price;
        if cost > most {
            return rag(format!(
                "which cost {cost:.4} a turn, more than retriever.auto.max_cost_per_turn = {most}"
            ));
        }
        reason.push_str(&format!(
            ", and cost {cost:.4} a turn, within retriever.auto.max_cost_per_turn = {most}"
        ));
    }
    Decision {
        choice: Choice::Cag,
        reason,
    }
}

/// `9300` as `9 300`.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests;
