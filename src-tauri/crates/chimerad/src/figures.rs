//! Figures on the command line: what is none, or below what it may be, is said in a sentence.
//!
//! Never here: what a figure is for.

use chimera_domain::money::Usd;

/// An amount of US dollars, as the API takes it.
pub(crate) fn dollars(text: &str) -> Result<String, String> {
    match text.parse::<Usd>() {
        Ok(amount) if amount >= Usd::ZERO => Ok(text.to_owned()),
        _ => Err("an amount of US dollars is 0 or more, such as 5 or 2.50".to_owned()),
    }
}

/// A number of things.
pub(crate) fn count(text: &str) -> Result<u32, String> {
    text.parse()
        .map_err(|_| format!("give a whole number from 0 to {}", u32::MAX))
}

/// A port.
pub(crate) fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| {
        format!(
            "a port is a whole number from 0 to {}; 0 takes a free one",
            u16::MAX
        )
    })
}
