//! What models cost, as a person entered it and as it ships.
//!
//! Never here: what was spent (`campaign`, `swarm`).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::scalar::Usd;

/// Most models with a price.
pub const MAX_PRICES: usize = 200;
/// Highest price of a million tokens, in whole US dollars: above it somebody meant another unit.
pub const MAX_PRICE_USD: i64 = 10_000;

/// The price of one model, in US dollars for a million tokens.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ModelPrice {
    /// The model's name as the provider knows it, 1 to 200 characters.
    pub model: String,
    /// Read.
    pub input_per_million: Usd,
    /// Written.
    pub output_per_million: Usd,
    /// Read again from the provider's cache; the full price when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input_per_million: Option<Usd>,
}

/// Prices to store, in place of those before.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPrices {
    /// At most 200, each model once. A model that is listed neither here nor among those that ship has no price; it is not
    /// free.
    pub items: Vec<ModelPrice>,
}

/// The prices in force: a person's, and behind them those that ship.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Counts up with every change; 0 before the first.
    pub version: u32,
    /// What a person entered, by model, wherever it answers. These go first.
    pub items: Vec<ModelPrice>,
    /// What ships.
    pub shipped: ShippedPrices,
}

/// A dated list of prices that ships with Chimera.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShippedPrices {
    /// When its figures were taken, as `YYYY-MM-DD`; empty when there is no list.
    pub as_of: String,
    /// Where they can be looked up.
    pub source: String,
    /// By host and model.
    pub items: Vec<ShippedPrice>,
}

/// What a model costs where its maker offers it. The same name at another host has another price.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShippedPrice {
    /// Where it answers, for example `api.openai.com`.
    pub host: String,
    /// Its name there.
    pub model: String,
    /// Read.
    pub input_per_million: Usd,
    /// Written.
    pub output_per_million: Usd,
    /// Read again from the provider's cache; the full price when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input_per_million: Option<Usd>,
}
