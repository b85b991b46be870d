//! The policy text, read strictly into the rules that are asked.
//!
//! Never here: asking them.

use std::collections::BTreeMap;

use chimera_contract::endpoint::Group;
use chimera_domain::role::Role;

/// Most bytes of a policy text.
const MAX_TEXT_BYTES: usize = 64 * 1024;

/// What is wrong with a policy text, and where.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("access.policy, line {line}: {what}")]
pub struct BadLine {
    /// Counted from 1.
    pub line: usize,
    /// In words.
    pub what: String,
}

/// Who is permitted something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Permit {
    pub(crate) role: Role,
    pub(crate) group: Group,
    /// In the installation's first workspace only.
    pub(crate) here_first: bool,
}

/// How an address that asks for no role is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Door {
    /// To whoever comes.
    Open,
    /// To whoever holds a token.
    Token,
}

/// The rules.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Rules {
    pub(crate) permits: Vec<Permit>,
    /// What no API key does, with the reason.
    pub(crate) forbidden_to_keys: Vec<(Group, String)>,
    /// Addresses that ask for no role (`GET /healthz`), with the reason.
    pub(crate) doors: BTreeMap<String, (Door, String)>,
}

impl Rules {
    /// Reads a policy text.
    ///
    /// # Errors
    /// Every line that cannot be read, is said twice, or names what is not there.
    pub fn read(text: &str) -> Result<Self, Vec<BadLine>> {
        let mut rules = Self::default();
        let mut bad = Vec::new();
        if text.len() > MAX_TEXT_BYTES {
            let what = format!("the text has more than {MAX_TEXT_BYTES} bytes");
            bad.push(BadLine { line: 1, what });
            return Err(bad);
        }
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Err(what) = rules.take(line) {
                bad.push(BadLine { line: at + 1, what });
            }
        }
        if bad.is_empty() { Ok(rules) } else { Err(bad) }
    }

    fn take(&mut self, line: &str) -> Result<(), String> {
        let (rule, why) = match line.split_once(" because ") {
            Some((rule, why)) if !why.trim().is_empty() => (rule, Some(why.trim().to_owned())),
            Some(_) => return Err("'because' without a reason".to_owned()),
            None => (line, None),
        };
        let words: Vec<&str> = rule.split_whitespace().collect();
        match (words.as_slice(), why) {
            (["permit", role, action, resource], None) => {
                self.permit(role, action, resource, false)
            }
            (["permit", role, action, resource, "here-first"], None) => {
                self.permit(role, action, resource, true)
            }
            (["forbid", "key", action, resource], Some(why)) => {
                let group = group(action, resource)?;
                let twice = self.forbidden_to_keys.iter().any(|(one, _)| *one == group);
                self.forbidden_to_keys.push((group, why));
                said_once(twice, line)
            }
            (["open", method, path], Some(why)) => self.door(Door::Open, method, path, why, line),
            (["token", method, path], Some(why)) => self.door(Door::Token, method, path, why, line),
            (["forbid" | "open" | "token", ..], None) => {
                Err("a reason is missing: '… because WHY'".to_owned())
            }
            _ => Err(format!("'{line}' is no rule")),
        }
    }

    fn permit(
        &mut self,
        role: &str,
        action: &str,
        resource: &str,
        here_first: bool,
    ) -> Result<(), String> {
        let role = Role::ALL
            .into_iter()
            .find(|one| one.as_str() == role)
            .ok_or_else(|| format!("there is no role '{role}'"))?;
        let group = group(action, resource)?;
        let same = |one: &Permit| one.role == role && one.group == group;
        let twice = self.permits.iter().any(same);
        self.permits.push(Permit {
            role,
            group,
            here_first,
        });
        said_once(
            twice,
            &format!("permit {} {action} {resource}", role.as_str()),
        )
    }

    fn door(
        &mut self,
        door: Door,
        method: &str,
        path: &str,
        why: String,
        line: &str,
    ) -> Result<(), String> {
        if !path.starts_with('/') || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
            return Err(format!("'{method} {path}' is no address"));
        }
        let before = self.doors.insert(format!("{method} {path}"), (door, why));
        said_once(before.is_some(), line)
    }
}

fn said_once(twice: bool, line: &str) -> Result<(), String> {
    if twice {
        return Err(format!("'{line}' is said twice"));
    }
    Ok(())
}

fn group(action: &str, resource: &str) -> Result<Group, String> {
    Group::ALL
        .into_iter()
        .find(|group| *group != Group::Open && group.words() == (action, resource))
        .ok_or_else(|| format!("nothing is called '{action} {resource}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_refused_with_its_line() {
        for (text, line, word) in [
            (
                "\npermit admin read fleets",
                2,
                "nothing is called 'read fleets'",
            ),
            ("permit owner read fleet", 1, "no role 'owner'"),
            (
                "permit admin read fleet\npermit  admin read  fleet",
                2,
                "twice",
            ),
            ("permit admin read fleet sometimes", 1, "is no rule"),
            ("forbid key read fleet", 1, "a reason is missing"),
            ("forbid viewer read fleet because no", 1, "is no rule"),
            ("open GET healthz because x", 1, "is no address"),
            ("open GET /healthz", 1, "a reason is missing"),
            ("allow admin read fleet", 1, "is no rule"),
        ] {
            let bad = Rules::read(text).unwrap_err();
            assert_eq!(bad.len(), 1, "{text}");
            assert_eq!(bad[0].line, line, "{text}");
            assert!(bad[0].what.contains(word), "{text}: {}", bad[0].what);
        }
        assert!(Rules::read(&" ".repeat(MAX_TEXT_BYTES + 1)).is_err());
    }
}
