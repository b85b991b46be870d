//! The two documents by which a server and its authorization server tell about themselves (RFC 9728, RFC 8414), and
//! what of them is believed.
//!
//! Never here: fetching them (`discovery`).

use chimera_domain::fault::Fault;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    address::checked,
    codes::{cut, mismatch, unusable},
    scopes::Scopes,
};

/// What a protected resource says about itself.
#[derive(Deserialize)]
pub(crate) struct Resource {
    pub(crate) resource: String,
    #[serde(default)]
    pub(crate) authorization_servers: Vec<String>,
    #[serde(default)]
    pub(crate) scopes_supported: Vec<String>,
}

impl Resource {
    /// Whether it speaks of the server at `url`: the same origin, and its path or one above it. It is sent as it was
    /// published, to the letter.
    pub(crate) fn check(&self, url: &Url) -> Result<(), Fault> {
        let differs = || {
            mismatch(format!(
                "the server's metadata is about '{}', which is not the server at {url}",
                cut(&self.resource)
            ))
        };
        let told = Url::parse(&self.resource).map_err(|_| differs())?;
        let is_above = {
            let above = told.path().trim_end_matches('/');
            url.path()
                .strip_prefix(above)
                .is_some_and(|below| below.is_empty() || below.starts_with('/'))
        };
        let same_query = told.query().is_none() || told.query() == url.query();
        if told.origin() != url.origin() || !is_above || !same_query || told.fragment().is_some() {
            return Err(differs());
        }
        Ok(())
    }
}

/// What an authorization server says about itself.
#[derive(Deserialize)]
pub(crate) struct Document {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) registration_endpoint: Option<String>,
    #[serde(default)]
    scopes_supported: Vec<String>,
    response_types_supported: Option<Vec<String>>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    client_id_metadata_document_supported: bool,
}

/// How we show a token endpoint who we are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Showing {
    /// By our id alone.
    None,
    /// With our secret in the head.
    ClientSecretBasic,
    /// With our secret in the form.
    ClientSecretPost,
}

impl Showing {
    /// By its registered name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::None),
            "client_secret_basic" => Some(Self::ClientSecretBasic),
            "client_secret_post" => Some(Self::ClientSecretPost),
            _ => None,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
        }
    }
}

/// An authorization server whose word was checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Issuer {
    /// What it calls itself; compared sign by sign.
    pub(crate) name: String,
    pub(crate) authorization: Url,
    pub(crate) token: String,
    pub(crate) registration: Option<String>,
    pub(crate) offers_offline: bool,
    pub(crate) showings: Vec<Showing>,
    /// Whether its answers carry its name (RFC 9207).
    pub(crate) names_itself: bool,
    /// Whether a client may be the address of a document.
    pub(crate) takes_documents: bool,
}

impl Document {
    /// What of it is believed, where `expected` was asked.
    pub(crate) fn checked(self, expected: &str) -> Result<Issuer, Fault> {
        // A parser that appends the slash of an empty path is no other issuer.
        let bare = |name: &str| match Url::parse(name) {
            Ok(url) if url.path() == "/" => name.trim_end_matches('/').to_owned(),
            _ => name.to_owned(),
        };
        if bare(&self.issuer) != bare(expected) {
            return Err(mismatch(format!(
                "the metadata of the authorization server '{}' is that of '{}'",
                cut(expected),
                cut(&self.issuer)
            )));
        }
        let has = |list: &Option<Vec<String>>, word: &str| {
            list.as_ref()
                .map(|list| list.iter().any(|held| held == word))
        };
        if has(&self.code_challenge_methods_supported, "S256") != Some(true) {
            return Err(unusable(format!(
                "the authorization server '{}' does not say that it protects codes (PKCE with S256), without which they can be stolen",
                cut(expected)
            )));
        }
        if has(&self.response_types_supported, "code") == Some(false) {
            return Err(unusable(format!(
                "the authorization server '{}' gives no authorization codes",
                cut(expected)
            )));
        }
        let registration = self
            .registration_endpoint
            .map(|url| checked("registration_endpoint", &url))
            .transpose()?;
        // RFC 8414: one that says nothing takes the secret in the head.
        let showings = self.token_endpoint_auth_methods_supported.map_or_else(
            || vec![Showing::ClientSecretBasic],
            |names| {
                names
                    .iter()
                    .filter_map(|name| Showing::named(name))
                    .collect()
            },
        );
        Ok(Issuer {
            authorization: checked("authorization_endpoint", &self.authorization_endpoint)?,
            token: checked("token_endpoint", &self.token_endpoint)?.to_string(),
            registration: registration.map(|url| url.to_string()),
            offers_offline: Scopes::of(self.scopes_supported.iter().map(String::as_str))
                .has("offline_access"),
            showings,
            names_itself: self.authorization_response_iss_parameter_supported,
            takes_documents: self.client_id_metadata_document_supported,
            name: self.issuer,
        })
    }
}

#[cfg(test)]
mod tests {
    use chimera_domain::fault::FaultClass;
    use serde_json::{Value, json};

    use super::*;
    use crate::codes::{OAUTH_ADDRESS_REFUSED, OAUTH_ANSWER_UNUSABLE, OAUTH_MISMATCH};

    fn document(change: Value) -> Result<Issuer, Fault> {
        let mut whole = json!({
            "issuer": "https://auth.example",
            "authorization_endpoint": "https://auth.example/authorize?tenant=1",
            "token_endpoint": "https://tokens.example/token",
            "code_challenge_methods_supported": ["plain", "S256"],
        });
        for (name, value) in change.as_object().unwrap() {
            whole[name] = value.clone();
        }
        serde_json::from_value::<Document>(whole)
            .unwrap()
            .checked("https://auth.example")
    }

    #[test]
    fn an_authorization_server_is_believed_about_itself() {
        assert_eq!(
            document(json!({})).unwrap(),
            Issuer {
                name: "https://auth.example".to_owned(),
                authorization: Url::parse("https://auth.example/authorize?tenant=1").unwrap(),
                token: "https://tokens.example/token".to_owned(),
                registration: None,
                offers_offline: false,
                showings: vec![Showing::ClientSecretBasic],
                names_itself: false,
                takes_documents: false,
            }
        );
        let slash = document(json!({ "issuer": "https://auth.example/" })).unwrap();
        assert_eq!(slash.name, "https://auth.example/");
    }

    #[test]
    fn what_could_be_turned_against_us_is_refused() {
        for (change, code) in [
            (
                json!({ "issuer": "https://attacker.example" }),
                OAUTH_MISMATCH,
            ),
            (
                json!({ "issuer": "https://auth.example/tenant" }),
                OAUTH_MISMATCH,
            ),
            (json!({ "issuer": "https://AUTH.example" }), OAUTH_MISMATCH),
            (
                json!({ "code_challenge_methods_supported": ["plain"] }),
                OAUTH_ANSWER_UNUSABLE,
            ),
            (
                json!({ "code_challenge_methods_supported": null }),
                OAUTH_ANSWER_UNUSABLE,
            ),
            (
                json!({ "response_types_supported": ["token"] }),
                OAUTH_ANSWER_UNUSABLE,
            ),
            (
                json!({ "authorization_endpoint": "javascript:alert(1)" }),
                OAUTH_ADDRESS_REFUSED,
            ),
            (
                json!({ "authorization_endpoint": "file:///etc/passwd" }),
                OAUTH_ADDRESS_REFUSED,
            ),
            (
                json!({ "token_endpoint": "http://tokens.example/token" }),
                OAUTH_ADDRESS_REFUSED,
            ),
            (
                json!({ "registration_endpoint": "ftp://auth.example" }),
                OAUTH_ADDRESS_REFUSED,
            ),
        ] {
            let fault = document(change.clone()).unwrap_err();
            assert_eq!(
                (fault.code.as_str(), fault.class),
                (code, FaultClass::Permanent),
                "{change}"
            );
        }
    }

    #[test]
    fn metadata_is_about_this_server_or_it_is_refused() {
        let server = Url::parse("https://mcp.example/v1/mcp").unwrap();
        let fits = |resource: &str| {
            let resource = Resource {
                resource: resource.to_owned(),
                authorization_servers: Vec::new(),
                scopes_supported: Vec::new(),
            };
            resource.check(&server).is_ok()
        };
        for good in [
            "https://mcp.example/v1/mcp",
            "https://mcp.example/v1/mcp/",
            "https://mcp.example/v1",
            "https://mcp.example",
            "https://mcp.example:443/",
        ] {
            assert!(fits(good), "{good}");
        }
        for bad in [
            "https://evil.example/v1/mcp",
            "http://mcp.example/v1/mcp",
            "https://mcp.example:8443/v1/mcp",
            "https://mcp.example/v1/mcpx",
            "https://mcp.example/v1/m",
            "https://mcp.example/v1/mcp#x",
            "https://mcp.example/v1/mcp?x=1",
            "mcp",
        ] {
            assert!(!fits(bad), "{bad}");
        }
    }
}
