//! Which role may use which group of endpoints: one readable table. What is not in it is denied.
//!
//! Never here: whose row it is (the store's queries enforce the tenant).

use chimera_contract::{endpoint::Group, people::Room};
use chimera_domain::role::Role;

use Role::{Admin, BrandOwner, Finance, Moderator, Operator, Viewer};

/// The roles that may use a group.
const fn allowed(group: Group) -> &'static [Role] {
    match group {
        // Anybody, also without signing in: first run and signing in come before any role.
        Group::Open => &[],
        Group::Own => &Role::ALL,
        // Whoever works here may stop everything; going on again is for those who watch the fleet.
        Group::Stop => &[Admin, Operator, Moderator, BrandOwner, Finance],
        Group::Release => &[Admin, Operator],
        Group::FleetRead | Group::TraceRead => &[Admin, Operator, Viewer],
        Group::CampaignRead | Group::PersonaRead | Group::ContentRead | Group::PolicyRead => {
            &[Admin, Operator, BrandOwner, Viewer]
        }
        Group::CampaignWrite => &[Admin, Operator, BrandOwner],
        // Whoever sees a campaign sees what it costs; finance has the ledger, and no other part of it (C20).
        Group::SpendingRead => &[Admin, Operator, BrandOwner, Finance, Viewer],
        Group::ReviewRead => &[Admin, Operator, Moderator, BrandOwner, Viewer],
        Group::ReviewDecide => &[Admin, Operator, Moderator],
        Group::PersonaWrite | Group::PolicyWrite => &[Admin, BrandOwner],
        Group::AlertRead => &[Admin, Operator, BrandOwner, Viewer],
        Group::AlertWrite => &[Admin, Operator],
        Group::AuditVerify => &[Admin, Operator, Finance],
        Group::AuditRead => &[Admin, Operator, Finance, Viewer],
        Group::ConnectionRead => &[Admin, Operator, BrandOwner],
        Group::ConnectionWrite | Group::People => &[Admin],
    }
}

/// Whether one of `roles` may use `group`.
pub(crate) fn may(roles: &[Role], group: Group) -> bool {
    group == Group::Open || roles.iter().any(|role| allowed(group).contains(role))
}

/// The roles that may use `group`, for a refusal that says whom to ask.
pub(crate) fn who_may(group: Group) -> Vec<&'static str> {
    allowed(group).iter().map(|role| role.as_str()).collect()
}

/// Rooms in the order of the sidebar, each with the group that opens it.
const ROOMS: &[(Room, Group)] = &[
    (Room::Home, Group::Own),
    (Room::Review, Group::ReviewRead),
    (Room::Campaigns, Group::CampaignRead),
    (Room::Personas, Group::PersonaRead),
    (Room::Content, Group::ContentRead),
    (Room::Trends, Group::ContentRead),
    (Room::Fleet, Group::FleetRead),
    (Room::Traces, Group::TraceRead),
    (Room::Incidents, Group::AlertRead),
    (Room::Audit, Group::AuditRead),
    (Room::Connections, Group::ConnectionRead),
    (Room::Policies, Group::PolicyRead),
    (Room::Settings, Group::Own),
];

/// The rooms that `roles` open.
pub(crate) fn rooms(roles: &[Role]) -> Vec<Room> {
    ROOMS
        .iter()
        .filter(|(_, group)| may(roles, *group))
        .map(|(room, _)| *room)
        .collect()
}

/// The groups that `roles` open, by name.
pub(crate) fn groups(roles: &[Role]) -> Vec<String> {
    Group::ALL
        .into_iter()
        .filter(|group| *group != Group::Open && may(roles, *group))
        .filter_map(|group| {
            serde_json::to_value(group)
                .ok()?
                .as_str()
                .map(str::to_owned)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_sees_its_own_rooms_only() {
        assert_eq!(
            rooms(&[Moderator]),
            [Room::Home, Room::Review, Room::Settings]
        );
        assert_eq!(rooms(&[Finance]), [Room::Home, Room::Audit, Room::Settings]);
        assert_eq!(rooms(&[Admin]).len(), ROOMS.len());
        assert!(!rooms(&[BrandOwner]).contains(&Room::Traces));
    }

    #[test]
    fn a_viewer_writes_nothing_and_nobody_without_a_role_does_anything() {
        let writes = [
            Group::Stop,
            Group::Release,
            Group::CampaignWrite,
            Group::ReviewDecide,
            Group::PersonaWrite,
            Group::AlertWrite,
            Group::AuditVerify,
            Group::ConnectionWrite,
            Group::PolicyWrite,
            Group::People,
        ];
        for group in writes {
            assert!(!may(&[Viewer], group), "{group:?}");
        }
        for group in Group::ALL {
            assert_eq!(may(&[], group), group == Group::Open, "{group:?}");
        }
    }

    #[test]
    fn several_roles_add_up() {
        assert!(
            !may(&[Moderator], Group::CampaignWrite) && !may(&[BrandOwner], Group::ReviewDecide)
        );
        let both = [Moderator, BrandOwner];
        assert!(may(&both, Group::CampaignWrite) && may(&both, Group::ReviewDecide));
    }
}
