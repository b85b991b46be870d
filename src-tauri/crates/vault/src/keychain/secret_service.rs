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

/// Programs that serve secrets, by the name of their process as the kernel keeps it (15 bytes), and whether they keep
/// every collection but the session's in a file of the person's home. KeePassXC's file lies where the person put it.
const PROGRAMS: [(&str, &str, Survival); 5] = [
    ("gnome-keyring-d", "GNOME Keyring", Survival::Yes),
    ("kwalletd5", "KDE Wallet", Survival::Yes),
    ("kwalletd6", "KDE Wallet", Survival::Yes),
    ("ksecretd", "KDE Wallet", Survival::Yes),
    ("keepassxc", "KeePassXC", Survival::Unknown),
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
    let name = program.as_deref().and_then(in_words).map_or_else(
        || usual.to_owned(),
        |program| format!("{program} ({usual})"),
    );
    let survives_reboot = collection(&bus).map_or(Survival::Unknown, |path| {
        survival(path.as_str(), program.as_deref())
    });
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

/// What is known of an entry in this collection of this program; a program that nobody knows may keep it in memory.
fn survival(path: &str, program: Option<&str>) -> Survival {
    match path {
        SESSION_COLLECTION => Survival::No,
        // No collection is called default, and still the entry was kept somewhere.
        "/" => Survival::Unknown,
        _ => program
            .and_then(known)
            .map_or(Survival::Unknown, |(_, _, survival)| *survival),
    }
}

fn known(process: &str) -> Option<&'static (&'static str, &'static str, Survival)> {
    PROGRAMS.iter().find(|(name, ..)| *name == process)
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
    Ok(Some(name.trim().to_owned()).filter(|name| !name.is_empty()))
}

fn in_words(process: &str) -> Option<String> {
    let plain = !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_graphic());
    known(process)
        .map(|(_, words, _)| *words)
        .or_else(|| plain.then_some(process))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_of_known_programs_is_it_said_that_they_keep() {
        let login = "/org/freedesktop/secrets/collection/login";
        let session = "/org/freedesktop/secrets/collection/session";
        for (path, program, expected) in [
            (login, Some("gnome-keyring-d"), Survival::Yes),
            (login, Some("ksecretd"), Survival::Yes),
            (login, Some("keepassxc"), Survival::Unknown),
            (login, Some("pass-secrets"), Survival::Unknown),
            (login, None, Survival::Unknown),
            (session, Some("gnome-keyring-d"), Survival::No),
            (session, None, Survival::No),
            ("/", Some("gnome-keyring-d"), Survival::Unknown),
        ] {
            assert_eq!(survival(path, program), expected, "{path} {program:?}");
        }
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
