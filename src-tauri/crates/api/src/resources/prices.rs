//! What models cost: the figures that a person entered, over those that ship. Estimates, the ledger and caps use them from
//! the next call on.

use std::collections::BTreeMap;

use chimera_contract::{
    error::request,
    price::{MAX_PRICE_USD, MAX_PRICES, ModelPrice, NewPrices, Prices},
    scalar::Usd as WireUsd,
};
use chimera_domain::{id::TenantId, money::Usd, spend::Rate};
use chimera_door::{
    extract::{Body, IfMatch},
    problem::{Answer, Problem},
    respond::Versioned,
    signed::Desk,
    state::Api,
};
use chimera_ports::{error::PortError, store::Store};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::naming::named;

/// Setting under which the prices are stored, as [`Stored`].
const SETTING: &str = "connections.prices";
/// Most characters of a model's name.
const MAX_NAME_CHARS: usize = 200;

/// The prices in force: those of the first workspace, since one list holds for the whole process.
#[utoipa::path(get, path = "/api/v1/prices", tag = "connections",
    responses((status = 200, body = Prices)))]
pub(crate) async fn get_prices(Desk { api, signed }: Desk) -> Answer<Versioned<Prices>> {
    let tenant = api.first_tenant().await?.unwrap_or(signed.caller.tenant);
    let prices = stored(api.store().as_ref(), tenant).await?;
    Ok(prices.shown(&api))
}

/// Replaces the prices; the next call is reckoned with them.
#[utoipa::path(put, path = "/api/v1/prices", tag = "connections",
    request_body = NewPrices, responses((status = 200, body = Prices)))]
pub(crate) async fn put_prices(
    Desk { api, signed }: Desk,
    seen: IfMatch,
    Body(asked): Body<NewPrices>,
) -> Answer<Versioned<Prices>> {
    let who = &signed.caller;
    let rates = rates(&asked.items)?;
    // Two changes at once: one after the other, so that the second sees that it comes too late.
    let turn = api.setup.lock().await;
    let before = stored(api.store().as_ref(), who.tenant).await?;
    if seen.text() != Some(before.version.to_string().as_str()) {
        return Err(Problem::new(&request::VERSION_MISMATCH));
    }
    let mut prices = Stored {
        version: before.version + 1,
        items: asked.items,
    };
    for price in &mut prices.items {
        price.model = price.model.trim().to_owned();
    }
    prices
        .items
        .sort_by(|one, other| one.model.cmp(&other.model));
    let value = serde_json::to_value(&prices).map_err(|error| Problem::internal(&error))?;
    let output = json!({ "was": before.items, "is": prices.items });
    let notes = api.notes(who, "prices.save", output, "connections");
    api.store()
        .put_setting(who.tenant, SETTING, value, notes)
        .await?;
    if let Some(models) = &api.options.models {
        models.prices_changed(rates);
    }
    drop(turn);
    api.announce();
    Ok(prices.shown(&api))
}

/// What a person entered, as it is stored.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    items: Vec<ModelPrice>,
}

impl Stored {
    fn shown(self, api: &Api) -> Versioned<Prices> {
        let models = api.options.models.as_ref();
        let prices = Prices {
            version: self.version,
            items: self.items,
            shipped: models
                .map(|models| models.shipped_prices())
                .unwrap_or_default(),
        };
        Versioned::of(prices.version, prices)
    }
}

async fn stored(store: &dyn Store, tenant: TenantId) -> Result<Stored, PortError> {
    let Some(value) = store.setting(tenant, SETTING).await? else {
        return Ok(Stored::default());
    };
    serde_json::from_value(value)
        .map_err(|error| PortError::Internal(format!("the stored prices cannot be read: {error}")))
}

/// The prices that a person entered before, by model, for whoever reckons with them.
///
/// # Errors
/// When they cannot be read.
pub async fn stored_rates(
    store: &dyn Store,
    tenant: TenantId,
) -> Result<BTreeMap<String, Rate>, PortError> {
    let prices = stored(store, tenant).await?;
    rates(&prices.items).map_err(|_| {
        PortError::Internal(
            "the stored prices are out of their bounds; enter them again".to_owned(),
        )
    })
}

fn rates(items: &[ModelPrice]) -> Answer<BTreeMap<String, Rate>> {
    if items.len() > MAX_PRICES {
        return Err(Problem::invalid(format!(
            "{} models have a price; {MAX_PRICES} are the most. Nothing was stored.",
            items.len()
        )));
    }
    let mut rates = BTreeMap::new();
    for item in items {
        let model = named("The model's name", item.model.trim(), MAX_NAME_CHARS)
            .map_err(|error| Problem::invalid(format!("{error}. Nothing was stored.")))?;
        let usd = |amount: &WireUsd| price(&model, amount);
        let rate = Rate {
            input_per_million: usd(&item.input_per_million)?,
            output_per_million: usd(&item.output_per_million)?,
            cached_input_per_million: item
                .cached_input_per_million
                .as_ref()
                .map(usd)
                .transpose()?,
        };
        if rates.insert(model.clone(), rate).is_some() {
            return Err(Problem::invalid(format!(
                "'{model}' has two prices. Nothing was stored; leave one of them out."
            )));
        }
    }
    Ok(rates)
}

fn price(model: &str, amount: &WireUsd) -> Answer<Usd> {
    let refuse = |why: String| {
        Problem::invalid(format!(
            "The price of '{model}': {why}. Nothing was stored."
        ))
    };
    let usd: Usd = amount
        .0
        .trim()
        .parse()
        .map_err(|error: chimera_domain::money::InvalidUsd| refuse(error.to_string()))?;
    let most = Usd::from_cents(MAX_PRICE_USD * 100);
    if usd.is_negative() || usd > most {
        return Err(refuse(format!(
            "{usd} USD for a million tokens is not between 0 and {most}"
        )));
    }
    Ok(usd)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(model: &str, input: &str, output: &str, cached: Option<&str>) -> ModelPrice {
        ModelPrice {
            model: model.to_owned(),
            input_per_million: WireUsd::of(input),
            output_per_million: WireUsd::of(output),
            cached_input_per_million: cached.map(WireUsd::of),
        }
    }

    #[test]
    fn prices_are_exact_bounded_and_one_for_each_model() {
        let good = [
            item(" fast ", "0.15", "10000", Some("0.000000001")),
            item("free", "0", "0", None),
        ];
        let rates = rates(&good).unwrap();
        assert_eq!(
            rates
                .get("fast")
                .and_then(|rate| rate.cached_input_per_million),
            Some(Usd::from_nanos(1))
        );
        assert_eq!(rates.get("free"), Some(&Rate::FREE));
        for bad in [
            vec![item("", "1", "1", None)],
            vec![item("m", "-0.1", "1", None)],
            vec![item("m", "1", "10000.01", None)],
            vec![item("m", "1e3", "1", None)],
            vec![item("m", "1", "1", Some("x"))],
            vec![item("m", "1", "1", None), item("m ", "2", "2", None)],
            vec![item(&"m".repeat(201), "1", "1", None)],
            vec![item("m", "1", "1", None); MAX_PRICES + 1],
        ] {
            assert!(super::rates(&bad).is_err(), "{bad:.200?}");
        }
    }
}
