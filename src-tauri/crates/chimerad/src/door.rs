//! The command line's way to the API: the same router as everybody's, with the local token.
//!
//! Never here: what is asked.

use anyhow::{Result, bail};
use chimera_door::inside::{Answer, InsideCaller};
use serde_json::Value;

/// Rows of one page.
const PAGE_ROWS: u32 = 200;

/// Asks the API and turns its errors into ours.
pub(crate) struct Door(InsideCaller);

impl Door {
    pub(crate) const fn new(caller: InsideCaller) -> Self {
        Self(caller)
    }

    /// Reads.
    pub(crate) async fn get(&self, path: &str) -> Result<Value> {
        Ok(self.ask("GET", path, None, None).await?.body)
    }

    /// Writes; `if_match` is the version that the write builds on.
    pub(crate) async fn write(
        &self,
        method: &str,
        path: &str,
        if_match: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Value> {
        Ok(self.ask(method, path, if_match, body).await?.body)
    }

    /// Every row of a paged list.
    pub(crate) async fn all(&self, path: &str) -> Result<Vec<Value>> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut rows = Vec::new();
        let mut after = String::new();
        loop {
            let page = self
                .get(&format!("{path}{joint}limit={PAGE_ROWS}{after}"))
                .await?;
            rows.extend(page["items"].as_array().cloned().unwrap_or_default());
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return Ok(rows),
            }
        }
    }

    async fn ask(
        &self,
        method: &str,
        path: &str,
        if_match: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answer> {
        let answer = self.0.request(method, path, if_match, body).await?;
        if answer.status < 400 {
            return Ok(answer);
        }
        let error = &answer.body["error"];
        let message = error["message"]
            .as_str()
            .unwrap_or("the API refused without a word");
        bail!(
            "{} ({})",
            message,
            error["code"].as_str().unwrap_or("UNKNOWN")
        )
    }
}
