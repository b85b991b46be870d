//! What the database has of authorizations: that there may be some, under which id and for which address, who gave them,
//! and as whom we show ourselves; and what is to leave the keychain.
//!
//! Never here: a token, or the keychain (`authorizations`).

use std::collections::{BTreeMap, BTreeSet};

use chimera_domain::time::Timestamp;
use chimera_ports::authorizing::AuthorizationClient;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the database has of a tenant's authorizations.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Marks {
    /// By server.
    #[serde(default)]
    pub(super) servers: BTreeMap<String, Mark>,
    /// What is to be erased from the keychain, as soon as nobody writes it any more.
    #[serde(default)]
    pub(super) leaving: BTreeSet<Uuid>,
}

/// What the database has of one.
#[derive(Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The address that it is for.
    pub(super) url: String,
    /// Under which id there may be tokens.
    #[serde(default)]
    pub(super) kept: Option<Uuid>,
    /// Under which id new ones are being written. Until they are there whole it is one of those that leave.
    #[serde(default)]
    coming: Option<Uuid>,
    /// As whom we show ourselves.
    #[serde(default)]
    pub(super) client: Option<Client>,
    /// Who gave it.
    #[serde(default)]
    pub(super) by: Option<String>,
    /// When.
    #[serde(default)]
    pub(super) at: Option<Timestamp>,
}

/// A client that a person entered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Client {
    pub(super) id: String,
    /// The name of its secret among the keys.
    #[serde(default)]
    pub(super) secret: Option<String>,
    /// To whom it belongs, since it was first used.
    #[serde(default)]
    pub(super) issuer: Option<String>,
}

impl From<AuthorizationClient> for Client {
    fn from(client: AuthorizationClient) -> Self {
        Self {
            id: client.id,
            secret: client.secret,
            issuer: None,
        }
    }
}

impl Marks {
    /// The mark of a server at this address. What was for another one leaves.
    pub(super) fn at(&mut self, server: &str, url: &str) -> &mut Mark {
        let is_other = self.servers.get(server).is_some_and(|mark| mark.url != url);
        if is_other {
            self.forget(server);
        }
        let mark = self.servers.entry(server.to_owned()).or_default();
        url.clone_into(&mut mark.url);
        mark
    }

    /// Tokens are about to be written under this id. Whatever ends that in between, they leave.
    pub(super) fn comes(&mut self, server: &str, url: &str, id: Uuid) {
        self.at(server, url).coming = Some(id);
        self.leaving.insert(id);
    }

    /// Those that were about to be written are there: they take the place of the former ones. False where they were
    /// taken back meanwhile, or others are coming.
    pub(super) fn came(&mut self, server: &str, url: &str, id: Uuid) -> bool {
        let mark = self.servers.get_mut(server);
        let Some(mark) = mark.filter(|mark| mark.url == url && mark.coming == Some(id)) else {
            return false;
        };
        mark.coming = None;
        self.leaving.remove(&id);
        self.leaving.extend(mark.kept.replace(id));
        true
    }

    /// The id under which there may be tokens of a server at this address.
    pub(super) fn kept(&self, server: &str, url: &str) -> Option<Uuid> {
        let mark = self.servers.get(server);
        mark.filter(|mark| mark.url == url)?.kept
    }

    /// Takes an authorization back, and one that is coming; the client stays.
    pub(super) fn take_back(&mut self, server: &str) {
        if let Some(mark) = self.servers.get_mut(server) {
            self.leaving.extend(mark.kept.take());
            mark.coming = None;
            (mark.by, mark.at) = (None, None);
        }
    }

    /// Knows nothing of a server any more.
    pub(super) fn forget(&mut self, server: &str) {
        let gone = self.servers.remove(server);
        self.leaving.extend(gone.and_then(|mark| mark.kept));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(marks: &Marks) -> Vec<(&str, &str, Option<Uuid>)> {
        let all = marks.servers.iter();
        all.map(|(name, mark)| (name.as_str(), mark.url.as_str(), mark.kept))
            .collect()
    }

    fn authorized(marks: &mut Marks, server: &str, url: &str, id: u128) -> Uuid {
        let id = Uuid::from_u128(id);
        let mark = marks.at(server, url);
        mark.kept = Some(id);
        mark.by = Some("Olga".to_owned());
        mark.at = Some(Timestamp::from_seconds(1));
        mark.client = Some(Client {
            id: "ours".to_owned(),
            secret: None,
            issuer: None,
        });
        id
    }

    #[test]
    fn what_was_for_another_address_leaves_with_its_client() {
        let mut marks = Marks::default();
        let one = authorized(&mut marks, "ledger", "https://a", 1);
        assert_eq!(marks.at("ledger", "https://a").kept, Some(one));
        let moved = marks.at("ledger", "https://b");
        assert!(moved.kept.is_none() && moved.client.is_none() && moved.by.is_none());
        assert_eq!(kept(&marks), [("ledger", "https://b", None)]);
        assert_eq!(marks.leaving, [one].into());
    }

    #[test]
    fn what_is_taken_back_leaves_and_its_client_stays_until_the_server_goes() {
        let mut marks = Marks::default();
        let one = authorized(&mut marks, "ledger", "https://a", 1);
        let other = authorized(&mut marks, "beside", "https://a", 2);
        marks.take_back("ledger");
        marks.take_back("ledger");
        let mark = marks.servers.get("ledger").unwrap();
        assert!(mark.kept.is_none() && mark.by.is_none() && mark.at.is_none());
        assert!(mark.client.is_some());
        marks.forget("ledger");
        marks.forget("unknown");
        assert_eq!(kept(&marks), [("beside", "https://a", Some(other))]);
        assert_eq!(marks.leaving, [one].into());
    }

    #[test]
    fn what_comes_is_leaving_until_it_came_and_what_is_taken_back_comes_no_more() {
        let mut marks = Marks::default();
        let former = authorized(&mut marks, "ledger", "https://a", 1);
        let (one, other) = (Uuid::from_u128(2), Uuid::from_u128(3));
        marks.comes("ledger", "https://a", one);
        assert_eq!(kept(&marks), [("ledger", "https://a", Some(former))]);
        assert_eq!(marks.leaving, [one].into());
        marks.comes("ledger", "https://a", other);
        assert!(
            !marks.came("ledger", "https://a", one),
            "another follows it"
        );
        assert!(!marks.came("ledger", "https://b", other));
        assert!(marks.came("ledger", "https://a", other));
        assert_eq!(kept(&marks), [("ledger", "https://a", Some(other))]);
        assert_eq!(marks.leaving, [former, one].into());
        assert!(!marks.came("ledger", "https://a", other), "it came already");
        let third = Uuid::from_u128(4);
        marks.comes("ledger", "https://a", third);
        marks.take_back("ledger");
        assert!(!marks.came("ledger", "https://a", third));
        marks.comes("ledger", "https://a", third);
        marks.forget("ledger");
        assert!(!marks.came("ledger", "https://a", third));
        assert_eq!(marks.leaving, [former, one, other, third].into());
    }

    #[test]
    fn marks_of_a_version_that_knew_less_are_read() {
        let marks: Marks =
            serde_json::from_str(r#"{ "servers": { "ledger": { "url": "https://a" } } }"#).unwrap();
        assert_eq!(kept(&marks), [("ledger", "https://a", None)]);
    }
}
