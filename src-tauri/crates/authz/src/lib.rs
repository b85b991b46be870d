//! Which role may do what on which resource: the policy text of `access.policy`, read once, and asked for every request.
//! What no line permits is denied, and with a text that cannot be read everything is.
//!
//! Never here: whose row it is (the store's queries enforce the tenant), or which address belongs to which action on
//! which resource (the contract's list of endpoints).

mod text;

use std::sync::LazyLock;

use chimera_contract::{
    endpoint::{self, Endpoint, Group},
    people::Room,
};
use chimera_domain::role::Role;

pub use text::{BadLine, Door, Rules};

/// The policy that ships.
pub const TEXT: &str = include_str!("access.policy");

static RULES: LazyLock<Result<Rules, Vec<BadLine>>> = LazyLock::new(|| Rules::read(TEXT));

/// Who asks: in the first workspace of an installation there is more to do, and a program does less than a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seat<'a> {
    /// The roles.
    pub roles: &'a [Role],
    /// Whether it belongs to the installation's first workspace.
    pub here_first: bool,
    /// Whether an API key asks, and no person.
    pub key: bool,
}

impl<'a> Seat<'a> {
    /// A person with these roles, of any workspace.
    #[must_use]
    pub const fn person(roles: &'a [Role]) -> Self {
        Self {
            roles,
            here_first: false,
            key: false,
        }
    }

    /// Whether it may use `group`.
    #[must_use]
    pub fn may(self, group: Group) -> bool {
        if group == Group::Open {
            return true;
        }
        let Ok(rules) = RULES.as_ref() else {
            return false;
        };
        if self.key && rules.forbidden_to_keys.iter().any(|(one, _)| *one == group) {
            return false;
        }
        rules.permits.iter().any(|permit| {
            permit.group == group
                && self.roles.contains(&permit.role)
                && (self.here_first || !permit.here_first)
        })
    }

    /// Whether it may not use `group` for no other reason than its workspace: in the first one it might.
    #[must_use]
    pub fn lacks_the_first_workspace(self, group: Group) -> bool {
        let there = Self {
            here_first: true,
            ..self
        };
        !self.may(group) && there.may(group)
    }

    /// The groups that it opens, by name.
    #[must_use]
    pub fn groups(self) -> Vec<String> {
        Group::ALL
            .into_iter()
            .filter(|group| *group != Group::Open && self.may(*group))
            .filter_map(|group| {
                serde_json::to_value(group)
                    .ok()?
                    .as_str()
                    .map(str::to_owned)
            })
            .collect()
    }
}

/// Whether a person with one of `roles` may use `group`.
#[must_use]
pub fn may(roles: &[Role], group: Group) -> bool {
    Seat::person(roles).may(group)
}

/// Whether an endpoint is open to whoever comes.
#[must_use]
pub fn is_open(one: &Endpoint) -> bool {
    let address = format!("{} {}", one.method.as_str(), one.path);
    RULES
        .as_ref()
        .is_ok_and(|rules| matches!(rules.doors.get(&address), Some((Door::Open, _))))
}

/// The roles that may use `group`, for a refusal that says whom to ask.
#[must_use]
pub fn who_may(group: Group) -> Vec<&'static str> {
    let Ok(rules) = RULES.as_ref() else {
        return Vec::new();
    };
    let permits = rules.permits.iter().filter(|one| one.group == group);
    permits.map(|one| one.role.as_str()).collect()
}

/// Why no API key may use `group`, whatever its roles.
#[must_use]
pub fn why_no_key(group: Group) -> Option<&'static str> {
    let rules = RULES.as_ref().ok()?;
    let found = rules
        .forbidden_to_keys
        .iter()
        .find(|(one, _)| *one == group);
    found.map(|(_, why)| why.as_str())
}

/// Why an address of the router cannot be served.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoRule {
    /// The text cannot be read.
    #[error(transparent)]
    Unreadable(#[from] BadLine),
    /// No line is about it.
    #[error("{0} has no rule in access.policy: nobody could say who may use it")]
    Unruled(String),
    /// The text says that it is open, and the list of endpoints that it asks for a role; or the other way round.
    #[error("{0} is open in one of access.policy and the list of endpoints, and not in the other")]
    Torn(String),
    /// A line is about an address that is not there.
    #[error("access.policy opens {0}, and there is no such address")]
    Stale(String),
}

/// Checks that every address (`GET /healthz`) has its rule, and every rule of an address its address.
///
/// # Errors
/// Each that has none.
pub fn check(addresses: &[String]) -> Result<(), Vec<NoRule>> {
    check_against(RULES.as_ref().map_err(Clone::clone), addresses)
}

fn check_against(
    rules: Result<&Rules, Vec<BadLine>>,
    addresses: &[String],
) -> Result<(), Vec<NoRule>> {
    let rules = rules.map_err(|bad| bad.into_iter().map(NoRule::from).collect::<Vec<_>>())?;
    let mut wrong: Vec<NoRule> = addresses
        .iter()
        .filter_map(|address| wrong_with(rules, address))
        .collect();
    let stale = rules.doors.keys().filter(|door| !addresses.contains(door));
    wrong.extend(stale.cloned().map(NoRule::Stale));
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

fn wrong_with(rules: &Rules, address: &str) -> Option<NoRule> {
    let declared = address
        .split_once(' ')
        .and_then(|(method, path)| endpoint::find(method, path));
    let open = rules.doors.contains_key(address);
    match declared.map(|one| one.group) {
        Some(group) if (group == Group::Open) != open => Some(NoRule::Torn(address.to_owned())),
        Some(group) if group != Group::Open => {
            let ruled = rules.permits.iter().any(|permit| permit.group == group);
            (!ruled).then(|| NoRule::Unruled(address.to_owned()))
        }
        None if !open => Some(NoRule::Unruled(address.to_owned())),
        _ => None,
    }
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
#[must_use]
pub fn rooms(roles: &[Role]) -> Vec<Room> {
    ROOMS
        .iter()
        .filter(|(_, group)| may(roles, *group))
        .map(|(room, _)| *room)
        .collect()
}

#[cfg(test)]
mod tests {
    use Role::{Admin, BrandOwner, Finance, Moderator, Viewer};

    use super::*;

    #[test]
    fn the_text_that_ships_can_be_read_and_rules_every_group() {
        assert_eq!(RULES.as_ref().err(), None);
        for group in Group::ALL.into_iter().filter(|one| *one != Group::Open) {
            assert!(!who_may(group).is_empty(), "nobody may {group:?}");
        }
    }

    #[test]
    fn an_address_without_a_rule_is_refused_and_so_is_a_rule_without_an_address() {
        let rules = Rules::read(
            "permit admin read fleet\nopen GET /healthz because it says nothing\n\
             open GET /api/v1/swarm/gauge because of a slip",
        )
        .unwrap();
        let check = |addresses: &[&str]| {
            let addresses: Vec<String> = addresses.iter().map(|one| (*one).to_owned()).collect();
            check_against(Ok(&rules), &addresses).unwrap_err()
        };
        assert_eq!(
            check(&[
                "GET /api/v1/swarm/agents",
                "GET /api/v1/campaigns",
                "GET /api/v1/swarm/gauge",
                "GET /api/v1/secrets",
                "POST /api/v1/session",
            ]),
            [
                NoRule::Unruled("GET /api/v1/campaigns".into()),
                NoRule::Torn("GET /api/v1/swarm/gauge".into()),
                NoRule::Unruled("GET /api/v1/secrets".into()),
                NoRule::Torn("POST /api/v1/session".into()),
                NoRule::Stale("GET /healthz".into()),
            ]
        );
        let bad = Rules::read("permit").unwrap_err();
        assert_eq!(check_against(Err(bad), &[]).unwrap_err().len(), 1);
    }

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
        for group in Group::ALL {
            let read = matches!(group.words().0, "read" | "use") || group == Group::Open;
            assert!(read || !may(&[Viewer], group), "{group:?}");
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

    #[test]
    fn a_key_decides_nothing_and_only_the_first_workspace_makes_others() {
        let person = Seat {
            here_first: true,
            ..Seat::person(&Role::ALL)
        };
        let key = Seat {
            key: true,
            ..person
        };
        assert!(Group::ALL.into_iter().all(|group| person.may(group)));
        let refused = Group::ALL.into_iter().filter(|group| !key.may(*group));
        assert_eq!(
            refused.collect::<Vec<_>>(),
            [
                Group::Release,
                Group::ReviewDecide,
                Group::PersonaWrite,
                Group::ConnectionWrite,
                Group::ConnectionAnswer,
                Group::Installation,
                Group::PolicyWrite,
                Group::People,
                Group::Data,
                Group::Keys,
                Group::Tenants,
            ]
        );
        assert!(why_no_key(Group::ReviewDecide).is_some() && why_no_key(Group::Own).is_none());
        assert!(!may(&Role::ALL, Group::Tenants) && !may(&Role::ALL, Group::Installation));
    }
}
