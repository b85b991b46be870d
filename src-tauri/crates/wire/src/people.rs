//! People, roles, sessions, tenants.

use chimera_contract::{
    people as wire,
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
