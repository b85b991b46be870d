//! What models cost: a dated snapshot in the shape of models.dev, and the operator's own figures over it.
//!
//! Never here: budgets. A model that is not in the table has no price; it is not free.

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
    prices: BTreeMap<(String, String), Rate>,
    as_of: String,
    /// The operator's own figures, by model; they come first.
    own: RwLock<BTreeMap<String, Rate>>,
}

#[derive(Deserialize)]
struct Snapshot {
    as_of: String,
    providers: BTreeMap<String, ListedProvider>,
}

#[derive(Deserialize)]
struct ListedProvider {
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
            own: RwLock::default(),
        }
    }

    /// The snapshot that ships with Chimera.
    #[must_use]
    pub fn shipped() -> Self {
        // A test reads it; a broken one would leave models without a price, which is safe.
        Self::read(SNAPSHOT).unwrap_or_else(|_| Self::empty())
    }

    /// Reads a table: `{"as_of": …, "providers": {provider: {"models": {model: {"cost": {"input": …,
    /// "output": …}}}}}}`, the providers as models.dev lists them.
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
            own: RwLock::default(),
        };
        for (provider, listed) in snapshot.providers {
            for (model, listed) in listed.models {
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
                    input_per_million: usd(&listed.cost.input)?,
                    output_per_million: usd(&listed.cost.output)?,
                    cached_input_per_million: listed
                        .cost
                        .cache_read
                        .as_ref()
                        .map(usd)
                        .transpose()?,
                };
                table.prices.insert((provider.clone(), model), price);
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

    /// The price of a model, when it is known.
    #[must_use]
    pub fn price(&self, provider: &str, model: &str) -> Option<Rate> {
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        own.get(model).copied().or_else(|| {
            self.prices
                .get(&(provider.to_owned(), model.to_owned()))
                .copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(input: &str, output: &str) -> Rate {
        Rate {
            input_per_million: input.parse().unwrap(),
            output_per_million: output.parse().unwrap(),
            cached_input_per_million: None,
        }
    }

    #[test]
    fn the_shipped_table_reads_is_dated_and_lists_nothing_that_nobody_can_look_up() {
        let table = PriceTable::read(SNAPSHOT).unwrap();
        assert!(
            format!("{}T00:00:00Z", table.as_of())
                .parse::<chimera_domain::time::Timestamp>()
                .is_ok()
        );
        // A model without a price is shown as such, never as free.
        assert_eq!(table.prices, BTreeMap::new());
    }

    #[test]
    fn an_unknown_model_has_no_price_and_the_operator_may_give_one() {
        let table = PriceTable::shipped();
        assert_eq!(table.price("local", "some-model"), None);
        table.take_own(BTreeMap::from([
            ("some-model".to_owned(), price("1", "2")),
            ("gpt-4o-mini".to_owned(), price("9", "9")),
        ]));
        assert_eq!(table.price("local", "some-model"), Some(price("1", "2")));
        assert_eq!(table.price("openai", "gpt-4o-mini"), Some(price("9", "9")));
        table.take_own(BTreeMap::new());
        assert_eq!(table.price("local", "some-model"), None, "taken back");
    }

    #[test]
    fn a_snapshot_may_tell_what_the_cache_costs() {
        let text = r#"{"as_of": "2025-11-01", "providers": {"a": {"models": {"m":
            {"cost": {"input": 2, "output": 8, "cache_read": 0.5}}}}}}"#;
        let rate = PriceTable::read(text).unwrap().price("a", "m").unwrap();
        assert_eq!(rate.cached_input_per_million, Some("0.5".parse().unwrap()));
    }

    #[test]
    fn what_is_no_price_table_is_refused() {
        for text in [
            "",
            "{}",
            r#"{"as_of": "2025-11-01", "providers": {"a": {"models": {"m": {"cost": {"input": -1, "output": 1}}}}}}"#,
            r#"{"as_of": "2025-11-01", "providers": {"a": {"models": {"m": {"cost": {"input": 1e-12, "output": 1}}}}}}"#,
        ] {
            assert!(PriceTable::read(text).is_err(), "{text}");
        }
    }
}
