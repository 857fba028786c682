//! What the configured models cost.

use voicera::digest::price::{self, Prices};

use crate::config::{Kind, Model};

/// The prices by the names that the vendors give the models. Quoting costs nothing.
pub fn of(models: &[Model]) -> Prices {
    let quoting = ("extractive".to_owned(), price::Price::FREE);
    let priced = models.iter().filter_map(|model| {
        let Kind::Vendor(vendor, settings) = &model.kind else {
            return None;
        };
        let price = model.price?;
        let cost = price::Price {
            input: price.input,
            cached_input: price.cached_input.unwrap_or(price.input),
            output: price.output,
        };
        Some((settings.model(*vendor)?.to_owned(), cost))
    });
    priced.chain([quoting]).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use voicera::digest::price::Tokens;

    use super::*;
    use crate::config::{self, Environment, Source};

    #[test]
    fn a_model_costs_what_is_written_and_quoting_costs_nothing() {
        let text = "\
            [[models]]\nkind = \"compatible\"\nmodel = \"m\"\nbase_url = \"http://127.0.0.1/v1\"\n\
            price = { input = 2.0, output = 4.0 }\n\
            [[models]]\nkind = \"compatible\"\nmodel = \"n\"\nbase_url = \"http://127.0.0.1/v1\"\n\
            [[models]]\nkind = \"extractive\"\n";
        let source = Source {
            name: "voicera.toml",
            text,
            folder: Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")),
        };
        let config = config::read(source, &Environment::default());
        let prices = of(&config.unwrap().models);
        let tokens = Some(Tokens {
            prompt: 1_000_000,
            cached: 500_000,
            reply: 250_000,
        });
        assert_eq!(prices.of("m", tokens), Some(3.0));
        assert_eq!(prices.of("n", tokens), None);
        assert_eq!(prices.of("extractive", None), Some(0.0));
    }
}
