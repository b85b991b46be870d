//! What models cost: a dated snapshot in the shape of models.dev, and the operator's own figures over it.
//!
//! The snapshot goes by the host that answers, since the same model has another price elsewhere. Never here: budgets. A
//! model that is not in the table has no price; it is not free.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use chimera_domain::{money::Usd, spend::Rate};
use serde::Deserialize;
use serde_json::Number;

/// The snapshot; its `as_of` says when the figures were taken.
const SNAPSHOT: &str = include_str!("prices.json");
/// The table.
#[derive(Debug)]
pub struct PriceTable {
    /// By host and model.
    prices: BTreeMap<(String, String), Rate>,
    as_of: String,
    source: String,
    /// The operator's own figures, by model; they come first.
    own: RwLock<BTreeMap<String, Rate>>,
}

#[derive(Deserialize)]
struct Snapshot {
    as_of: String,
    source: String,
    providers: BTreeMap<String, ListedProvider>,
}

#[derive(Deserialize)]
struct ListedProvider {
    host: String,
    models: BTreeMap<String, ListedModel>,
}

#[derive(Deserialize)]
struct ListedModel {
    cost: ListedCost,
}

/// As models.dev has it: US dollars for a million tokens, as JSON numbers.
#[derive(Deserialize)]
struct ListedCost {
    input: Number,
    output: Number,
    #[serde(default)]
    cache_read: Option<Number>,
}

/// A snapshot that is no price table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the price table cannot be read: {reason}; correct it or leave it out")]
pub struct InvalidPrices {
    reason: String,
}

impl PriceTable {
    /// A table without a single price.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            prices: BTreeMap::new(),
            as_of: String::new(),
            source: String::new(),
            own: RwLock::default(),
        }
    }

    /// The snapshot that ships with Chimera.
    #[must_use]
    pub fn shipped() -> Self {
        // A test reads it; a broken one would leave models without a price, which is safe.
        Self::read(SNAPSHOT).unwrap_or_else(|_| Self::empty())
    }

    /// Reads a table: `{"as_of": …, "source": …, "providers": {provider: {"host": …, "models": {model: {"cost":
    /// {"input": …, "output": …}}}}}}`, the models as models.dev lists them.
    ///
    /// # Errors
    /// When it is not of that shape, or a figure is no amount in dollars.
    pub fn read(text: &str) -> Result<Self, InvalidPrices> {
        let invalid = |reason: String| InvalidPrices { reason };
        let snapshot: Snapshot =
            serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?;
        let mut table = Self {
            prices: BTreeMap::new(),
            as_of: snapshot.as_of,
            source: snapshot.source,
            own: RwLock::default(),
        };
        for (provider, listed) in snapshot.providers {
            for (model, ListedModel { cost }) in listed.models {
                // The number's own decimal text, so that no floating point comes near money.
                let usd = |number: &Number| {
                    number
                        .to_string()
                        .parse::<Usd>()
                        .ok()
                        .filter(|usd| !usd.is_negative())
                        .ok_or_else(|| invalid(format!("{provider}/{model} costs {number}")))
                };
                let price = Rate {
                    input_per_million: usd(&cost.input)?,
                    output_per_million: usd(&cost.output)?,
                    cached_input_per_million: cost.cache_read.as_ref().map(usd).transpose()?,
                };
                table.prices.insert((listed.host.clone(), model), price);
            }
        }
        Ok(table)
    }

    /// Takes the operator's own figures, by model, in place of those before. They hold from the next question on.
    pub fn take_own(&self, own: BTreeMap<String, Rate>) {
        // A poisoned lock holds whole figures all the same: they are replaced, never edited.
        *self.own.write().unwrap_or_else(PoisonError::into_inner) = own;
    }

    /// When the snapshot was taken, as `YYYY-MM-DD`.
    #[must_use]
    pub fn as_of(&self) -> &str {
        &self.as_of
    }

    /// Where the snapshot's figures can be looked up.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The snapshot's figures: host, model, price.
    pub fn listed(&self) -> impl Iterator<Item = (&str, &str, Rate)> {
        self.prices
            .iter()
            .map(|((host, model), rate)| (host.as_str(), model.as_str(), *rate))
    }

    /// The price of a model that answers at this host, when it is known.
    #[must_use]
    pub fn price(&self, host: &str, model: &str) -> Option<Rate> {
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        own.get(model).copied().or_else(|| {
            self.prices
                .get(&(host.to_owned(), model.to_owned()))
                .copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Family;

    fn price(input: &str, output: &str) -> Rate {
        Rate {
            input_per_million: input.parse().unwrap(),
            output_per_million: output.parse().unwrap(),
            cached_input_per_million: None,
        }
    }

    #[test]
    fn the_shipped_table_reads_is_dated_and_says_where_its_figures_are_from() {
        let table = PriceTable::read(SNAPSHOT).unwrap();
        assert!(
            format!("{}T00:00:00Z", table.as_of())
                .parse::<chimera_domain::time::Timestamp>()
                .is_ok()
        );
        assert!(table.source().starts_with("models.dev"));
        assert!(table.listed().count() > 50);
        for (host, model, rate) in table.listed() {
            let read = rate.input_per_million;
            assert!(read > Usd::ZERO, "{host} {model} is listed as free");
            let again = rate.cached_input_per_million.unwrap_or(read);
            assert!(Usd::ZERO < again && again <= read, "{host} {model}");
        }
        let small = table.price("api.openai.com", "gpt-4o-mini");
        assert_eq!(
            small.map(|rate| rate.input_per_million),
            Some("0.15".parse().unwrap())
        );
        let hosts = [Family::OpenAi, Family::Anthropic, Family::Gemini]
            .map(|family| family.usual_address().split('/').nth(2).unwrap_or_default());
        for host in hosts {
            assert!(
                table.listed().any(|(listed, _, _)| listed == host),
                "{host}"
            );
        }
    }

    #[test]
    fn an_unknown_model_has_no_price_and_the_operator_may_give_one() {
        let (table, host) = (PriceTable::shipped(), "api.openai.com");
        assert_eq!(table.price("127.0.0.1", "some-model"), None);
        assert_eq!(
            table.price("127.0.0.1", "gpt-4o-mini"),
            None,
            "the same name elsewhere is another model, or has another price"
        );
        let listed = table.price(host, "gpt-4o-mini");
        table.take_own(BTreeMap::from([
            ("some-model".to_owned(), price("1", "2")),
            ("gpt-4o-mini".to_owned(), price("9", "9")),
        ]));
        assert_eq!(
            table.price("127.0.0.1", "some-model"),
            Some(price("1", "2"))
        );
        assert_eq!(table.price(host, "gpt-4o-mini"), Some(price("9", "9")));
        table.take_own(BTreeMap::new());
        assert_eq!(table.price("127.0.0.1", "some-model"), None, "taken back");
        assert_eq!(table.price(host, "gpt-4o-mini"), listed);
    }

    #[test]
    fn a_snapshot_may_tell_what_the_cache_costs() {
        let text = r#"{"as_of": "2025-11-01", "source": "s", "providers": {"a": {"host": "a.example", "models": {"m":
            {"cost": {"input": 2, "output": 8, "cache_read": 0.5}}}}}}"#;
        let table = PriceTable::read(text).unwrap();
        let rate = table.price("a.example", "m").unwrap();
        assert_eq!(rate.cached_input_per_million, Some("0.5".parse().unwrap()));
    }

    #[test]
    fn what_is_no_price_table_is_refused() {
        for text in [
            "",
            "{}",
            r#"{"as_of": "2025-11-01", "source": "s", "providers": {"a": {"host": "h", "models": {"m": {"cost": {"input": -1, "output": 1}}}}}}"#,
            r#"{"as_of": "2025-11-01", "source": "s", "providers": {"a": {"host": "h", "models": {"m": {"cost": {"input": 1e-12, "output": 1}}}}}}"#,
        ] {
            assert!(PriceTable::read(text).is_err(), "{text}");
        }
    }
}
