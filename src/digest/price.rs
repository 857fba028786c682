//! What calls cost.

use std::collections::BTreeMap;

use crate::ports::language_model::Usage;

/// What a model costs, in a currency of the operator's, for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Price {
    /// Of the prompt.
    pub input: f64,
    /// Of the prompt, for what the vendor has in its cache.
    pub cached_input: f64,
    /// Of the reply, reasoning included.
    pub output: f64,
}

impl Price {
    /// For a model that nobody is paid for.
    pub const FREE: Self = Self {
        input: 0.0,
        cached_input: 0.0,
        output: 0.0,
    };
}

/// How many tokens a model has read and written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Of prompts, those from the vendor's cache included.
    pub prompt: u64,
    pub cached: u64,
    pub reply: u64,
}

/// The prices of models, by the names that vendors give them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prices(BTreeMap<String, Price>);

impl Prices {
    /// What the tokens of a model cost; nothing where that is not known.
    pub fn of(&self, model: &str, tokens: Option<Tokens>) -> Option<f64> {
        const MILLION: f64 = 1_000_000.0;
        let price = self.price(model)?;
        let Some(tokens) = tokens else {
            return (*price == Price::FREE).then_some(0.0);
        };
        let fresh = tokens.prompt.saturating_sub(tokens.cached);
        let parts = [
            (fresh, price.input),
            (tokens.cached, price.cached_input),
            (tokens.reply, price.output),
        ];
        let parts = parts.map(|(count, price)| count as f64 * price / MILLION);
        Some(parts.iter().fold(0.0, |sum, part| sum + part))
    }

    /// What a call cost: nothing is known of the whole where it is not known of a part.
    pub fn of_call(&self, usage: &[Usage]) -> Option<f64> {
        let mut parts = usage.iter();
        parts.try_fold(0.0, |sum, usage| {
            Some(sum + self.of(&usage.model, Tokens::of(usage))?)
        })
    }

    /// Vendors add the date of a version to the name that was asked for: `gpt-4.1-mini-2025-04-14`.
    fn price(&self, model: &str) -> Option<&Price> {
        let undated = model.match_indices('-').filter_map(|(at, _)| {
            let (name, rest) = model.split_at_checked(at)?;
            let digits = rest.chars().filter(char::is_ascii_digit).count();
            let dashes = rest.chars().filter(|c| *c == '-').count();
            (digits >= 4 && digits + dashes == rest.len()).then_some(name)
        });
        let mut names = std::iter::once(model).chain(undated);
        names.find_map(|name| self.0.get(name))
    }
}

impl FromIterator<(String, Price)> for Prices {
    fn from_iter<I: IntoIterator<Item = (String, Price)>>(prices: I) -> Self {
        Self(prices.into_iter().collect())
    }
}

impl Tokens {
    /// Nothing where the vendor did not say both what it read and what it wrote.
    pub fn of(usage: &Usage) -> Option<Self> {
        Some(Self {
            prompt: usage.prompt_tokens?.into(),
            cached: usage.cached_tokens.unwrap_or_default().into(),
            reply: usage.reply_tokens?.into(),
        })
    }
}

#[cfg(test)]
mod tests;
