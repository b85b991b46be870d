//! Who we are to an authorization server: a client that a person entered, else the address of a document about us where
//! one is offered and taken, else one that we register ourselves (RFC 7591). Each belongs to one issuer and is shown to
//! no other.
//!
//! Never here: what a client asks for (`round`, `token`).

use chimera_domain::fault::Fault;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::form_urlencoded::byte_serialize;

use crate::{
    codes::{OAUTH_REGISTRATION_REFUSED, cut, mismatch},
    encode::base64,
    metadata::{Issuer, Showing},
    token::said,
    wire::Wire,
};

/// Longest id or secret of a client, in bytes.
const MAX_CLIENT_BYTES: usize = 2_048;

/// Who we are.
#[derive(Clone, Default, Debug)]
pub struct Identity {
    /// Our name, for the page on which a person agrees.
    pub name: String,
    /// The address of a document about us, where there is one.
    pub document: Option<String>,
    /// What a person entered.
    pub registered: Option<Registered>,
}

/// A client that a person registered and entered.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Its id.
    pub id: String,
    /// Its secret, if it has one.
    pub secret: Option<SecretString>,
    /// To whom it belongs; without it, to whoever speaks for the server when it is first used.
    pub issuer: Option<String>,
}

/// A client of one issuer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Client {
    pub(crate) issuer: String,
    pub(crate) id: String,
    secret: Option<String>,
    showing: Showing,
    /// Where its codes are sent; one that we registered has no other.
    redirect_uri: Option<String>,
}

impl Client {
    /// The one to go on with: `kept` where it fits.
    pub(crate) async fn of(
        wire: &Wire,
        identity: &Identity,
        issuer: &Issuer,
        redirect_uri: &str,
        kept: Option<&Self>,
    ) -> Result<Self, Fault> {
        if let Some(registered) = &identity.registered {
            return Self::entered(registered, issuer);
        }
        if let Some(document) = identity
            .document
            .as_ref()
            .filter(|_| issuer.takes_documents)
        {
            return Ok(Self {
                issuer: issuer.name.clone(),
                id: document.clone(),
                secret: None,
                showing: Showing::None,
                redirect_uri: None,
            });
        }
        let fits = |kept: &&Self| {
            kept.issuer == issuer.name && kept.redirect_uri.as_deref() == Some(redirect_uri)
        };
        if let Some(kept) = kept.filter(fits) {
            return Ok(kept.clone());
        }
        Self::register(wire, identity, issuer, redirect_uri).await
    }

    fn entered(registered: &Registered, issuer: &Issuer) -> Result<Self, Fault> {
        if let Some(owner) = registered
            .issuer
            .as_ref()
            .filter(|owner| **owner != issuer.name)
        {
            return Err(mismatch(format!(
                "the client that was entered belongs to '{}', and the server is now authorized by '{}'",
                cut(owner),
                cut(&issuer.name)
            )));
        }
        let secret = registered.secret.as_ref();
        let takes = |showing| issuer.showings.contains(&showing);
        let showing = match secret {
            None => Showing::None,
            Some(_) if takes(Showing::ClientSecretBasic) => Showing::ClientSecretBasic,
            Some(_) if takes(Showing::ClientSecretPost) => Showing::ClientSecretPost,
            Some(_) => {
                return Err(refused(&format!(
                    "'{}' takes a client's secret in no way that is known here",
                    cut(&issuer.name)
                )));
            }
        };
        Ok(Self {
            issuer: issuer.name.clone(),
            id: registered.id.clone(),
            secret: secret.map(|secret| secret.expose_secret().to_owned()),
            showing,
            redirect_uri: None,
        })
    }

    async fn register(
        wire: &Wire,
        identity: &Identity,
        issuer: &Issuer,
        redirect_uri: &str,
    ) -> Result<Self, Fault> {
        let Some(place) = &issuer.registration else {
            return Err(refused(&format!(
                "'{}' lets no client register itself; register one there by hand and enter its id",
                cut(&issuer.name)
            )));
        };
        // A program on a person's machine keeps no secret of its makers: it shows none where that is taken.
        let wanted = [
            Showing::None,
            Showing::ClientSecretBasic,
            Showing::ClientSecretPost,
        ];
        let wanted = wanted
            .into_iter()
            .find(|showing| issuer.showings.contains(showing))
            .ok_or_else(|| {
                refused(&format!(
                    "'{}' wants to be shown who we are in no way that is known here",
                    cut(&issuer.name)
                ))
            })?;
        let request = json!({
            "client_name": identity.name,
            "application_type": "native",
            "redirect_uris": [redirect_uri],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": wanted.name(),
        });
        let answer = wire.json(place, &request).await?;
        if !answer.status.is_success() {
            return Err(refused(&format!(
                "'{}' refused to register us: {}",
                cut(&issuer.name),
                said(&answer, &[])
            )));
        }
        let given: Given = serde_json::from_slice(&answer.body).map_err(|_| {
            refused(&format!(
                "'{}' registered us and did not say as whom",
                cut(&issuer.name)
            ))
        })?;
        given.client(issuer, wanted, redirect_uri)
    }

    /// Its secret, if it has one.
    pub(crate) fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }

    /// What stands in the head of a request of this client.
    pub(crate) fn credentials(&self) -> Option<HeaderValue> {
        let secret = self.secret.as_ref()?;
        if self.showing != Showing::ClientSecretBasic {
            return None;
        }
        let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let both = format!("{}:{}", encoded(&self.id), encoded(secret));
        let mut value =
            HeaderValue::from_str(&format!("Basic {}", base64(both.as_bytes()))).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// What stands in the form of a request of this client.
    pub(crate) fn fields(&self) -> Vec<(&str, &str)> {
        match (self.showing, &self.secret) {
            (Showing::ClientSecretBasic, _) => Vec::new(),
            (Showing::ClientSecretPost, Some(secret)) => {
                vec![("client_id", &self.id), ("client_secret", secret)]
            }
            _ => vec![("client_id", &self.id)],
        }
    }
}

#[derive(Deserialize)]
struct Given {
    client_id: String,
    client_secret: Option<String>,
    token_endpoint_auth_method: Option<String>,
}

impl Given {
    fn client(self, issuer: &Issuer, wanted: Showing, redirect: &str) -> Result<Client, Fault> {
        let named = self.token_endpoint_auth_method.as_deref();
        let showing = match named {
            None => wanted,
            Some(name) => Showing::named(name).ok_or_else(|| {
                refused(&format!(
                    "'{}' wants to be shown who we are by '{}', which is not known here",
                    cut(&issuer.name),
                    cut(name)
                ))
            })?,
        };
        let secret = self.client_secret.filter(|secret| !secret.is_empty());
        let fits = |text: &str| (1..=MAX_CLIENT_BYTES).contains(&text.len());
        if !fits(&self.client_id) || secret.as_deref().is_some_and(|secret| !fits(secret)) {
            return Err(refused(&format!(
                "'{}' registered us under an id or a secret that is empty or too long",
                cut(&issuer.name)
            )));
        }
        if showing != Showing::None && secret.is_none() {
            return Err(refused(&format!(
                "'{}' wants a secret from us and gave none",
                cut(&issuer.name)
            )));
        }
        Ok(Client {
            issuer: issuer.name.clone(),
            id: self.client_id,
            secret: secret.filter(|_| showing != Showing::None),
            showing,
            redirect_uri: Some(redirect.to_owned()),
        })
    }
}

fn refused(why: &str) -> Fault {
    Fault::of(
        OAUTH_REGISTRATION_REFUSED,
        format!("{why}; nothing was authorized"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(showing: Showing) -> Client {
        Client {
            issuer: "https://auth.example".to_owned(),
            id: "an id".to_owned(),
            secret: Some("a:b".to_owned()),
            showing,
            redirect_uri: None,
        }
    }

    #[test]
    fn a_secret_is_shown_in_the_way_that_was_agreed_on() {
        let basic = client(Showing::ClientSecretBasic);
        // Both are encoded before they are joined (RFC 6749 §2.3.1).
        assert_eq!(
            basic.credentials().unwrap(),
            format!("Basic {}", base64(b"an+id:a%3Ab"))
        );
        assert!(basic.fields().is_empty());
        let post = client(Showing::ClientSecretPost);
        assert_eq!(post.credentials(), None);
        assert_eq!(
            post.fields(),
            [("client_id", "an id"), ("client_secret", "a:b")]
        );
        let none = client(Showing::None);
        assert_eq!(none.credentials(), None);
        assert_eq!(none.fields(), [("client_id", "an id")]);
    }
}
