//! People, roles, sessions, tenants.

use chimera_contract::{
    access, people as wire,
    scalar::{Id, Time},
};
use chimera_domain::{role::Role, tenant::Tenant};
use chimera_ports::store::{Session, User};

use crate::{ToWire, mirror};

mirror!(Role => wire::Role { Admin, Operator, Moderator, BrandOwner, Finance, Viewer } and back);

impl ToWire for User {
    type Wire = wire::User;
    fn wire(&self) -> wire::User {
        wire::User {
            id: Id::of(self.id),
            kind: if self.is_service() {
                wire::AccountKind::Service
            } else {
                wire::AccountKind::Person
            },
            name: self.name.clone(),
            email: self.email.clone(),
            roles: self.roles.wire(),
            created_at: Time::of(self.created_at),
            disabled_at: self.disabled_at.map(Time::of),
        }
    }
}

impl ToWire for Tenant {
    type Wire = wire::Tenant;
    fn wire(&self) -> wire::Tenant {
        wire::Tenant {
            id: Id::of(self.id),
            slug: self.slug.to_string(),
            name: self.name.clone(),
        }
    }
}

impl ToWire for Session {
    type Wire = wire::Session;
    fn wire(&self) -> wire::Session {
        wire::Session {
            id: Id::of(self.id),
            label: self.label.clone(),
            created_at: Time::of(self.created_at),
            expires_at: Time::of(self.expires_at),
        }
    }
}

/// An API key as lists show it, with its account.
#[must_use]
pub fn api_key(key: &Session, account: &User) -> access::ApiKey {
    access::ApiKey {
        id: Id::of(key.id),
        account: Id::of(account.id),
        name: account.name.clone(),
        prefix: key.prefix.clone(),
        roles: account.roles.wire(),
        created_at: Time::of(key.created_at),
        expires_at: Time::of(key.expires_at),
        last_used_at: key.last_used_at.map(Time::of),
        revoked_at: key.revoked_at.map(Time::of),
    }
}

/// A workspace among others.
#[must_use]
pub fn workspace(tenant: &Tenant) -> access::Workspace {
    access::Workspace {
        id: Id::of(tenant.id),
        slug: tenant.slug.to_string(),
        name: tenant.name.clone(),
        created_at: Time::of(tenant.created_at),
    }
}

/// A place where a person is signed in; `here` when it is the one that asks.
#[must_use]
pub fn place(session: &Session, here: bool) -> access::SignedInPlace {
    access::SignedInPlace {
        id: Id::of(session.id),
        label: session.label.clone(),
        created_at: Time::of(session.created_at),
        expires_at: Time::of(session.expires_at),
        last_used_at: session.last_used_at.map(Time::of),
        here,
    }
}
