//! A person's data: found, handed out, erased.
//!
//! Two stores are gone through, so an erasure is first written down as under way, then done store by store, each in one
//! transaction that changes nothing more when it is done again; the last one takes the note away with its record. A
//! process that dies in between goes on at its next start. Never here: HTTP, SQL, what is a match (`domain::person`).

use std::collections::BTreeMap;

use async_trait::async_trait;
use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    change::Change,
    digest::Digest,
    event::{Event, Fact},
    fault::Fault,
    id::{AuditId, TenantId, UserId},
    person::{Identifier, pseudonym, without},
    role::Actor,
};
use chimera_ports::{
    error::PortError,
    persons::{Erased, PersonBundle, PersonDesk},
    registry::DeskError,
    store::{PersonErasure, Place},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Parts;

/// Most places that are found at once.
const MAX_PLACES: usize = 10_000;
/// Setting under which an erasure is noted while it is under way.
const MARKER: &str = "person.erasing";
/// Tag of what has to be said again.
const FOUND: &str = "chimera.person.found.v1";

/// An erasure that is under way.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
struct UnderWay {
    by: UserId,
    reason: String,
    pseudonym: String,
    identifiers: Vec<Identifier>,
    account: Option<UserId>,
    /// Places that stay, by kind, with the ground.
    kept: BTreeMap<String, (String, u64)>,
}

impl UnderWay {
    fn tombstone(&self) -> String {
        format!("[erased {}]", self.pseudonym)
    }

    fn erasure(&self) -> PersonErasure {
        PersonErasure {
            identifiers: self.identifiers.clone(),
            tombstone: self.tombstone(),
            account: self.account,
            marker: MARKER.to_owned(),
        }
    }
}

/// Goes on with an erasure that a process before this one did not end.
///
/// # Errors
/// When a store refuses; it is tried again.
pub(crate) async fn take_up(parts: &Parts, tenant: TenantId) -> Result<(), PortError> {
    let _turn = parts.erasing.lock().await;
    resume(parts, tenant).await
}

async fn resume(parts: &Parts, tenant: TenantId) -> Result<(), PortError> {
    let Some(noted) = parts.store.setting(tenant, MARKER).await? else {
        return Ok(());
    };
    let under_way: UnderWay = serde_json::from_value(noted)
        .map_err(|error| PortError::Internal(format!("an erasure cannot be read: {error}")))?;
    finish(parts, tenant, &under_way).await.map(drop)
}

async fn finish(
    parts: &Parts,
    tenant: TenantId,
    under_way: &UnderWay,
) -> Result<BTreeMap<String, u64>, PortError> {
    let tombstone = under_way.tombstone();
    let spans = parts
        .span_persons
        .erase_person(tenant, &under_way.identifiers, &tombstone)
        .await?;
    let reason = without(&under_way.reason, &under_way.identifiers, &tombstone)
        .unwrap_or_else(|| under_way.reason.clone());
    let told = json!({
        "person": under_way.pseudonym, "reason": reason, "account": under_way.account, "kept": under_way.kept,
    });
    let notes = notes(parts, tenant, under_way.by, "person.erase", told);
    let mut changed = parts
        .store
        .erase_person(tenant, under_way.erasure(), notes)
        .await?;
    if spans > 0 {
        changed.insert("spans".to_owned(), spans);
    }
    Ok(changed)
}

fn notes(parts: &Parts, tenant: TenantId, by: UserId, action: &str, output: Value) -> Vec<Change> {
    let at = parts.clock.now();
    let actor = Actor::Person(by);
    vec![
        Change::Audit(AuditRecord {
            id: AuditId::from_uuid(parts.ids.uuid()),
            tenant,
            actor: actor.clone(),
            action: action.to_owned(),
            agent: None,
            campaign: None,
            task: None,
            trace: None,
            skill: None,
            input: Value::Null,
            output,
            status: AuditStatus::Success,
            at,
        }),
        Change::Event(Event {
            seq: 0,
            tenant,
            actor,
            at,
            fact: Fact::SettingsChanged {
                area: "people".to_owned(),
            },
        }),
    ]
}

fn unspeakable(error: impl std::fmt::Display) -> DeskError {
    DeskError::Store(PortError::Internal(format!(
        "what was found has no form: {error}"
    )))
}

fn refused(code: &str, message: &str) -> DeskError {
    DeskError::Refused(Fault::of(code, message))
}

#[async_trait]
impl PersonDesk for Parts {
    async fn find(
        &self,
        tenant: TenantId,
        identifiers: Vec<Identifier>,
    ) -> Result<PersonBundle, DeskError> {
        let pseudonym = pseudonym(tenant, &identifiers).map_err(unspeakable)?;
        let mut found = self
            .store
            .find_person(tenant, &identifiers, MAX_PLACES)
            .await?;
        let left = MAX_PLACES.saturating_sub(found.places.len());
        let spans = self
            .span_persons
            .find_person(tenant, &identifiers, left)
            .await?;
        found.places.extend(spans);
        let keys: Vec<_> = found
            .places
            .iter()
            .map(|place| (&place.shelf, &place.key, &place.column))
            .collect();
        let account = found.account.as_ref().map(|account| account.user);
        let confirm = Digest::of(FOUND, &(&pseudonym, keys, account)).map_err(unspeakable)?;
        Ok(PersonBundle {
            pseudonym,
            identifiers,
            at: self.clock.now(),
            account: found.account,
            places: found.places,
            more: found.more,
            confirm: confirm.to_hex()[..8].to_owned(),
        })
    }

    async fn handed_out(
        &self,
        tenant: TenantId,
        by: UserId,
        bundle: &PersonBundle,
    ) -> Result<(), DeskError> {
        let told = json!({ "person": bundle.pseudonym, "places": bundle.places.len() });
        let notes = notes(self, tenant, by, "person.export", told);
        self.store.append(tenant, notes).await?;
        Ok(())
    }

    async fn erase(
        &self,
        tenant: TenantId,
        by: UserId,
        identifiers: Vec<Identifier>,
        (reason, confirm): (String, String),
    ) -> Result<Erased, DeskError> {
        let _turn = self.erasing.lock().await;
        // One that a process before this one did not end goes first: there is one note.
        resume(self, tenant).await?;
        let found = self.find(tenant, identifiers).await?;
        if found.confirm != confirm {
            return Err(refused(
                "SHOWN_CHANGED",
                "Something else is kept about this person than what was shown. Nothing was erased; look again, and \
                 confirm what is shown then.",
            ));
        }
        let account = found.account.as_ref();
        if account.is_some_and(|account| account.last_admin) {
            return Err(refused(
                "LAST_ADMIN",
                "This is the last account that can do everything. Nothing was erased; give somebody else the role first.",
            ));
        }
        let stays = |place: &Place| place.stays.is_some();
        let kept: Vec<Place> = found.places.into_iter().filter(stays).collect();
        let mut grounds: BTreeMap<String, (String, u64)> = BTreeMap::new();
        for place in &kept {
            let ground = place.stays.clone().unwrap_or_default();
            grounds.entry(place.shelf.clone()).or_insert((ground, 0)).1 += 1;
        }
        let under_way = UnderWay {
            by,
            reason,
            pseudonym: found.pseudonym.clone(),
            identifiers: found.identifiers,
            account: account.map(|account| account.user),
            kept: grounds,
        };
        // Once it is noted it is done to its end: what cannot be, is refused before.
        self.store.try_erasing(tenant, under_way.erasure()).await?;
        let noted = serde_json::to_value(&under_way).map_err(unspeakable)?;
        self.store
            .put_setting(tenant, MARKER, noted, Vec::new())
            .await?;
        let changed = finish(self, tenant, &under_way).await?;
        Ok(Erased {
            pseudonym: found.pseudonym,
            changed,
            kept,
        })
    }
}
