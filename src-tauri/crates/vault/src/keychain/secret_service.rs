//! Asks the Secret Service who it is, and whether it keeps what it is given.
//!
//! Never here: secrets.

use std::fs;

use zbus::{blocking::Connection, zvariant::OwnedObjectPath};

use super::Known;
use crate::status::Survival;

const SERVICE: &str = "org.freedesktop.secrets";
const SERVICE_PATH: &str = "/org/freedesktop/secrets";
const SERVICE_INTERFACE: &str = "org.freedesktop.Secret.Service";
const BUS: &str = "org.freedesktop.DBus";
const BUS_PATH: &str = "/org/freedesktop/DBus";
/// The collection that the specification keeps in memory only.
const SESSION_COLLECTION: &str = "/org/freedesktop/secrets/collection/session";

/// Programs that serve secrets, by the name of their process as the kernel keeps it (15 bytes).
const PROGRAMS: [(&str, &str); 5] = [
    ("gnome-keyring-d", "GNOME Keyring"),
    ("kwalletd5", "KDE Wallet"),
    ("kwalletd6", "KDE Wallet"),
    ("ksecretd", "KDE Wallet"),
    ("keepassxc", "KeePassXC"),
];

/// Name and memory of the service on the session bus; what it does not tell stays unknown.
pub(super) fn describe(usual: &str) -> Known {
    let Ok(bus) = Connection::session() else {
        return Known {
            name: usual.to_owned(),
            survives_reboot: Survival::Unknown,
        };
    };
    let program = process(&bus).ok().flatten();
    let name = program.map_or_else(
        || usual.to_owned(),
        |program| format!("{program} ({usual})"),
    );
    let survives_reboot =
        collection(&bus).map_or(Survival::Unknown, |path| survival(path.as_str()));
    Known {
        name,
        survives_reboot,
    }
}

/// Where `default` points: the collection that the vault's entries go to.
fn collection(bus: &Connection) -> zbus::Result<OwnedObjectPath> {
    let answer = bus.call_method(
        Some(SERVICE),
        SERVICE_PATH,
        Some(SERVICE_INTERFACE),
        "ReadAlias",
        &"default",
    )?;
    answer.body().deserialize()
}

fn survival(path: &str) -> Survival {
    match path {
        SESSION_COLLECTION => Survival::No,
        // No collection is called default, and still the entry was kept somewhere.
        "/" => Survival::Unknown,
        _ => Survival::Yes,
    }
}

fn process(bus: &Connection) -> zbus::Result<Option<String>> {
    let answer = bus.call_method(
        Some(BUS),
        BUS_PATH,
        Some(BUS),
        "GetConnectionUnixProcessID",
        &SERVICE,
    )?;
    let id: u32 = answer.body().deserialize()?;
    let name = fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
    Ok(in_words(name.trim()))
}

fn in_words(process: &str) -> Option<String> {
    let known = PROGRAMS
        .iter()
        .find(|(name, _)| *name == process)
        .map(|(_, words)| *words);
    let plain = !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_graphic());
    known
        .or_else(|| plain.then_some(process))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_session_collection_forgets() {
        assert_eq!(
            survival("/org/freedesktop/secrets/collection/login"),
            Survival::Yes
        );
        assert_eq!(
            survival("/org/freedesktop/secrets/collection/session"),
            Survival::No
        );
        assert_eq!(survival("/"), Survival::Unknown);
    }

    #[test]
    fn programs_are_named_in_words_and_others_by_themselves() {
        assert_eq!(
            in_words("gnome-keyring-d"),
            Some("GNOME Keyring".to_owned())
        );
        assert_eq!(in_words("pass-secrets"), Some("pass-secrets".to_owned()));
        assert_eq!(in_words(""), None);
        assert_eq!(in_words("a\u{1b}[2J"), None);
    }
}
