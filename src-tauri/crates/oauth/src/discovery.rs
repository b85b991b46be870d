//! Which authorization server speaks for a server, and what it can do: the server's metadata (RFC 9728) from where its
//! refusal says, else from the two well-known places; then the authorization server's (RFC 8414, OpenID Connect).
//!
//! A server without metadata of its own is asked as the revision of March 2025 has it: its own origin is the
//! authorization server, where that says so. Endpoints are never guessed: without metadata nobody knows whether codes
//! are protected.
//!
//! Never here: what is asked for (`round`).

use chimera_domain::fault::Fault;
use url::Url;

use crate::{
    address::{checked, is_loopback, shown},
    challenge::Challenge,
    codes::{OAUTH_ADDRESS_REFUSED, OAUTH_ANSWER_UNUSABLE, cut, mismatch, unusable},
    metadata::{Document, Issuer, Resource},
    scopes::Scopes,
    wire::{Looked, Wire},
};

const RESOURCE: &str = "/.well-known/oauth-protected-resource";
const SERVER: &str = "/.well-known/oauth-authorization-server";
const OPENID: &str = "/.well-known/openid-configuration";

/// Who authorizes for a server.
pub(crate) struct Found {
    /// What the server calls itself: the `resource` of every request.
    pub(crate) resource: String,
    /// What a token may be for, by its own word.
    pub(crate) scopes: Scopes,
    pub(crate) issuer: Issuer,
    /// Whether the server stands inside, so that its authorization server may too.
    pub(crate) from_inside: bool,
}

/// Finds who authorizes for the server at `url`.
pub(crate) async fn discover(
    wire: &Wire,
    url: &Url,
    challenge: Option<&Challenge>,
) -> Result<Found, Fault> {
    let told = challenge.and_then(|challenge| challenge.resource_metadata.as_deref());
    let mut absent = Vec::new();
    for place in resource_places(url, told)? {
        match wire.document::<Resource>(&place).await? {
            Looked::Absent(why) => absent.push(why),
            Looked::There(resource, from_inside) => {
                resource.check(url)?;
                let Some(name) = resource.authorization_servers.first() else {
                    return Err(unusable(format!("{place} names no authorization server")));
                };
                let (issuer, _) = issuer(&wire.onward(from_inside), name).await?;
                check_page(&issuer, from_inside)?;
                return Ok(Found {
                    scopes: Scopes::of(resource.scopes_supported.iter().map(String::as_str)),
                    resource: resource.resource,
                    issuer,
                    from_inside,
                });
            }
        }
    }
    let origin = url.origin().ascii_serialization();
    match issuer(wire, &origin).await {
        Ok((issuer, from_inside)) => {
            check_page(&issuer, from_inside)?;
            let mut resource = url.clone();
            resource.set_fragment(None);
            Ok(Found {
                resource: resource.to_string(),
                scopes: Scopes::default(),
                issuer,
                from_inside,
            })
        }
        Err(fault) if fault.code == OAUTH_ANSWER_UNUSABLE => Err(unusable(format!(
            "the server does not say who authorizes for it: {}",
            absent.join("; ")
        ))),
        Err(fault) => Err(fault),
    }
}

/// Where the server's metadata may be.
fn resource_places(url: &Url, told: Option<&str>) -> Result<Vec<Url>, Fault> {
    if let Some(told) = told {
        let place = checked("resource_metadata", told)?;
        // It is the server's own word about itself: elsewhere, somebody else speaks.
        if place.origin() != url.origin() {
            return Err(mismatch(format!(
                "the server at {url} says that {} speaks for it",
                cut(place.origin().ascii_serialization().as_str())
            )));
        }
        return Ok(vec![place]);
    }
    let path = url.path().trim_end_matches('/');
    let mut places = vec![at(url, &format!("{RESOURCE}{path}"))];
    if !path.is_empty() {
        places.push(at(url, RESOURCE));
    }
    Ok(places)
}

/// The authorization server of this name, and whether it stands inside.
async fn issuer(wire: &Wire, name: &str) -> Result<(Issuer, bool), Fault> {
    let url = checked("the authorization server", name)?;
    if url.query().is_some() {
        return Err(mismatch(format!("'{}' can name no issuer", cut(name))));
    }
    let mut absent = Vec::new();
    for place in issuer_places(&url) {
        match wire.document::<Document>(&place).await? {
            Looked::There(document, from_inside) => {
                return Ok((document.checked(name)?, from_inside));
            }
            Looked::Absent(why) => absent.push(why),
        }
    }
    Err(unusable(format!(
        "the authorization server '{}' does not say what it can do: {}",
        cut(name),
        absent.join("; ")
    )))
}

/// A public server opens nothing of this machine in its owner's browser.
fn check_page(issuer: &Issuer, from_inside: bool) -> Result<(), Fault> {
    if from_inside || !is_loopback(&issuer.authorization) {
        return Ok(());
    }
    Err(Fault::of(
        OAUTH_ADDRESS_REFUSED,
        format!(
            "a public server wants '{}' opened, which is an address of this machine; it was not opened and nothing was authorized; do not trust this server",
            shown(issuer.authorization.as_str())
        ),
    ))
}

fn issuer_places(url: &Url) -> Vec<Url> {
    let path = url.path().trim_end_matches('/');
    let mut places = vec![
        at(url, &format!("{SERVER}{path}")),
        at(url, &format!("{OPENID}{path}")),
    ];
    if !path.is_empty() {
        places.push(at(url, &format!("{path}{OPENID}")));
    }
    places
}

fn at(url: &Url, path: &str) -> Url {
    let mut place = url.clone();
    place.set_query(None);
    place.set_fragment(None);
    place.set_path(path);
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(urls: Vec<Url>) -> Vec<String> {
        urls.iter().map(Url::to_string).collect()
    }

    #[test]
    fn a_servers_metadata_is_looked_for_in_this_order() {
        let places = |url: &str| texts(resource_places(&Url::parse(url).unwrap(), None).unwrap());
        assert_eq!(
            places("https://x.example/public/mcp?a=1"),
            [
                "https://x.example/.well-known/oauth-protected-resource/public/mcp",
                "https://x.example/.well-known/oauth-protected-resource",
            ]
        );
        assert_eq!(
            places("https://x.example/"),
            ["https://x.example/.well-known/oauth-protected-resource"]
        );
    }

    #[test]
    fn nobody_else_speaks_for_a_server() {
        let url = Url::parse("https://x.example/mcp").unwrap();
        let told = |place| resource_places(&url, Some(place)).map(texts);
        assert_eq!(
            told("https://x.example/elsewhere").unwrap(),
            ["https://x.example/elsewhere"]
        );
        for place in [
            "https://y.example/",
            "http://x.example/",
            "https://x.example:8443/",
        ] {
            assert!(told(place).is_err(), "{place}");
        }
    }

    #[test]
    fn a_public_server_opens_no_page_of_this_machine() {
        let issuer = |page: &str| {
            let document = serde_json::json!({
                "issuer": "https://a.example",
                "authorization_endpoint": page,
                "token_endpoint": "https://a.example/token",
                "code_challenge_methods_supported": ["S256"],
            });
            let document: Document = serde_json::from_value(document).unwrap();
            document.checked("https://a.example").unwrap()
        };
        for page in [
            "http://localhost:9222/json",
            "https://127.0.0.1/",
            "http://[::1]/",
        ] {
            assert!(check_page(&issuer(page), false).is_err(), "{page}");
            assert!(check_page(&issuer(page), true).is_ok(), "{page}");
        }
        assert!(check_page(&issuer("https://b.example/"), false).is_ok());
    }

    #[test]
    fn an_issuers_metadata_is_looked_for_in_this_order() {
        let places = |url: &str| texts(issuer_places(&Url::parse(url).unwrap()));
        assert_eq!(
            places("https://a.example/tenant1"),
            [
                "https://a.example/.well-known/oauth-authorization-server/tenant1",
                "https://a.example/.well-known/openid-configuration/tenant1",
                "https://a.example/tenant1/.well-known/openid-configuration",
            ]
        );
        assert_eq!(
            places("https://a.example"),
            [
                "https://a.example/.well-known/oauth-authorization-server",
                "https://a.example/.well-known/openid-configuration",
            ]
        );
    }
}
