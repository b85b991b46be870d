//! Room for event streams: so many in all, for a workspace and for an account, so that nobody who only watches keeps
//! others from acting.
//!
//! Never here: what a stream tells.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chimera_domain::id::{TenantId, UserId};

/// Most streams at once: half of the connections, so that requests always find some.
pub const MAX_STREAMS: usize = 256;
/// Most streams of one workspace.
const MAX_OF_TENANT: usize = 128;
/// Most streams of one account, over all its sessions and keys.
const MAX_OF_ACCOUNT: usize = 16;

/// What is open, by account.
#[derive(Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<(TenantId, UserId), usize>>>);

/// A place for one stream; it is free again when this goes.
pub struct Place {
    of: Streams,
    account: (TenantId, UserId),
}

/// Why there is no place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Full {
    /// The account has as many as one may have.
    Account,
    /// Its workspace has, or all together have.
    Everybody,
}

impl Streams {
    /// Takes a place for an account's stream.
    ///
    /// # Errors
    /// When there is none.
    pub fn take(&self, tenant: TenantId, user: UserId) -> Result<Place, Full> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let account = (tenant, user);
        if open.get(&account).is_some_and(|own| *own >= MAX_OF_ACCOUNT) {
            return Err(Full::Account);
        }
        let of_tenant: usize = open
            .iter()
            .filter(|((of, _), _)| *of == tenant)
            .map(|(_, count)| count)
            .sum();
        if of_tenant >= MAX_OF_TENANT || open.values().sum::<usize>() >= MAX_STREAMS {
            return Err(Full::Everybody);
        }
        *open.entry(account).or_default() += 1;
        drop(open);
        Ok(Place {
            of: self.clone(),
            account,
        })
    }

    /// How many are open.
    #[must_use]
    pub fn open(&self) -> usize {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.values().sum()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.of.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.account) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn tenant(number: u128) -> TenantId {
        TenantId::from_uuid(Uuid::from_u128(number))
    }

    fn user(number: u128) -> UserId {
        UserId::from_uuid(Uuid::from_u128(number))
    }

    fn many(streams: &Streams, tenant: TenantId, user: UserId) -> (Vec<Place>, Option<Full>) {
        let mut places = Vec::new();
        loop {
            match streams.take(tenant, user) {
                Ok(place) => places.push(place),
                Err(full) => return (places, Some(full)),
            }
        }
    }

    #[test]
    fn one_who_watches_leaves_room_for_all_others() {
        let streams = Streams::default();
        let (mut own, full) = many(&streams, tenant(1), user(1));
        assert_eq!((own.len(), full), (MAX_OF_ACCOUNT, Some(Full::Account)));
        assert!(streams.take(tenant(1), user(2)).is_ok());
        own.pop();
        assert!(streams.take(tenant(1), user(1)).is_ok(), "one was closed");
        drop(own);
        assert_eq!(streams.open(), 0);
    }

    #[test]
    fn one_workspace_leaves_room_for_the_others_and_all_together_for_requests() {
        let streams = Streams::default();
        let mut held = Vec::new();
        for number in 0..20 {
            held.extend(many(&streams, tenant(1), user(number)).0);
        }
        assert_eq!(held.len(), MAX_OF_TENANT);
        for number in 0..20 {
            held.extend(many(&streams, tenant(2), user(number)).0);
        }
        assert_eq!((held.len(), streams.open()), (MAX_STREAMS, MAX_STREAMS));
        assert_eq!(
            streams.take(tenant(3), user(1)).err(),
            Some(Full::Everybody)
        );
    }
}
