//! What models cost: a dated snapshot in the shape of models.dev, and the operator's own figures over it.
//!
//! Never here: budgets. A model that is not in the table has no price; it is not free.

use std::collections::BTreeMap;

use chimera_domain::money::Usd;
use chimera_ports::model::TokenUsage;
use serde::Deserialize;
use serde_json::Number;

/// The snapshot; its `as_of` says when the figures were taken.
const SNAPSHOT: &str = include_str!("prices.json");
/// Tokens that a price is given for.
const PER: i128 = 1_000_000;

/// Price of a million tokens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Price {
    /// Read.
    pub input_per_million: Usd,
    /// Written.
    pub output_per_million: Usd,
}

impl Price {
    /// What `usage` costs, exact to a nano-dollar and rounded up.
    #[must_use]
    pub fn cost(&self, usage: TokenUsage) -> Usd {
        let part = |tokens: u64, price: Usd| i128::from(tokens) * i128::from(price.nanos());
        let sum =
            part(usage.input, self.input_per_million) + part(usage.output, self.output_per_million);
        let nanos = (sum + PER - 1).div_euclid(PER);
        Usd::from_nanos(i64::try_from(nanos).unwrap_or(i64::MAX))
    }
}

/// The table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PriceTable {
    prices: BTreeMap<(String, String), Price>,
    as_of: String,
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
                let price = Price {
                    input_per_million: usd(&listed.cost.input)?,
                    output_per_million: usd(&listed.cost.output)?,
                };
                table.prices.insert((provider.clone(), model), price);
            }
        }
        Ok(table)
    }

    /// The same with the operator's own figures for one model.
    #[must_use]
    pub fn with(mut self, provider: &str, model: &str, price: Price) -> Self {
        self.prices
            .insert((provider.to_owned(), model.to_owned()), price);
        self
    }

    /// When the snapshot was taken, as `YYYY-MM-DD`.
    #[must_use]
    pub fn as_of(&self) -> &str {
        &self.as_of
    }

    /// The price of a model, when it is known.
    #[must_use]
    pub fn price(&self, provider: &str, model: &str) -> Option<Price> {
        self.prices
            .get(&(provider.to_owned(), model.to_owned()))
            .copied()
    }

    /// What `usage` costs; zero for a model without a price, which `ModelInfo` shows as unpriced.
    #[must_use]
    pub fn cost(&self, provider: &str, model: &str, usage: TokenUsage) -> Usd {
        self.price(provider, model)
            .map_or(Usd::ZERO, |price| price.cost(usage))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(input: u64, output: u64) -> TokenUsage {
        TokenUsage {
            input,
            output,
            estimated: false,
        }
    }

    fn price(input: &str, output: &str) -> Price {
        Price {
            input_per_million: input.parse().unwrap(),
            output_per_million: output.parse().unwrap(),
        }
    }

    #[test]
    fn the_shipped_table_reads_and_is_dated() {
        let table = PriceTable::read(SNAPSHOT).unwrap();
        assert!(
            format!("{}T00:00:00Z", table.as_of())
                .parse::<chimera_domain::time::Timestamp>()
                .is_ok()
        );
        // What nobody can look up is not listed; a model without a price is shown as such, never as free.
        assert_eq!(table.price("openai", "gpt-4o-mini"), None);
        for (key, price) in &table.prices {
            assert!(
                price.output_per_million >= price.input_per_million,
                "{key:?}"
            );
            assert!(price.input_per_million > Usd::ZERO, "{key:?}");
        }
    }

    #[test]
    fn cost_is_exact_and_rounded_up_to_a_nano_dollar() {
        assert_eq!(
            price("0.15", "0.60").cost(usage(1_000, 500)),
            "0.00045".parse().unwrap()
        );
        assert_eq!(price("0.000001", "0").cost(usage(1, 0)), Usd::from_nanos(1));
        assert_eq!(price("3", "15").cost(usage(0, 0)), Usd::ZERO);
        assert_eq!(
            price("75", "150").cost(usage(u64::MAX, u64::MAX)),
            Usd::from_nanos(i64::MAX)
        );
    }

    #[test]
    fn an_unknown_model_has_no_price_and_the_operator_may_give_one() {
        let table = PriceTable::shipped();
        assert_eq!(table.price("local", "some-model"), None);
        assert_eq!(
            table.cost("local", "some-model", usage(1_000_000, 0)),
            Usd::ZERO
        );
        let table = table.with("local", "some-model", price("1", "2")).with(
            "openai",
            "gpt-4o-mini",
            price("9", "9"),
        );
        assert_eq!(
            table.cost("local", "some-model", usage(1_000_000, 1_000_000)),
            "3".parse().unwrap()
        );
        assert_eq!(table.price("openai", "gpt-4o-mini"), Some(price("9", "9")));
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
