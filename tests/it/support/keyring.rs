//! A keychain of one test: a session bus of its own and GNOME's keyring on it, unlocked. Nothing of the machine's is touched.
//!
//! Never here: what is kept in it.

use std::{
    io::Write,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use super::{
    home::Home,
    wait::{SOON, until},
};

/// A bus with nothing on it and nothing that it would start by itself.
const BUS: &str = include_str!("../../session-bus.conf");

/// Where the service and its entries are.
const PLACE: &str = "/org/freedesktop/secrets";

/// A program that ends with the test.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// The keychain. Dropping it ends it, and what it kept is gone.
pub(crate) struct Keyring {
    folder: TempDir,
    running: Vec<Ends>,
}

impl Keyring {
    /// Starts it, empty.
    pub(crate) async fn start() -> Self {
        let mut keyring = Self {
            folder: TempDir::with_prefix("chimera-ring-").unwrap(),
            running: Vec::new(),
        };
        let (socket, config) = (keyring.socket(), keyring.folder.path().join("bus.conf"));
        std::fs::write(&config, BUS.replace("SOCKET", socket.to_str().unwrap())).unwrap();
        let mut bus = keyring.command("dbus-daemon");
        keyring.run(bus.arg("--nofork").arg("--config-file").arg(config));
        until("the session bus", SOON, || async {
            socket.exists().then_some(())
        })
        .await;
        let mut ring = keyring.command("gnome-keyring-daemon");
        ring.args(["--foreground", "--unlock", "--components=secrets"]);
        keyring.run(ring.stdin(Stdio::piped()));
        let password = keyring.running.last_mut().unwrap().0.stdin.take();
        password.unwrap().write_all(b"password of a test").unwrap();
        until("the keyring", SOON, || async {
            let method = "org.freedesktop.Secret.Service.ReadAlias";
            let asked = keyring.asked(PLACE, method, &["string:default"]);
            asked.filter(|said| said.contains("collection/")).map(drop)
        })
        .await;
        keyring
    }

    /// A home whose programs keep their secrets here.
    pub(crate) fn of(&self, home: Home) -> Home {
        home.with("CHIMERA_KEYCHAIN", "system")
            .with("DBUS_SESSION_BUS_ADDRESS", self.address())
    }

    /// How many entries there are whose account has `part` in it.
    pub(crate) fn entries(&self, part: &str) -> usize {
        let arguments = ["dict:string:string:service,chimera"];
        let found = self.asked(
            PLACE,
            "org.freedesktop.Secret.Service.SearchItems",
            &arguments,
        );
        let found = found.expect("the keyring does not answer");
        let paths = found.split('"').filter(|text| text.starts_with(PLACE));
        let arguments = ["string:org.freedesktop.Secret.Item", "string:Attributes"];
        paths
            .filter_map(|path| self.asked(path, "org.freedesktop.DBus.Properties.Get", &arguments))
            .filter(|attributes| attributes.contains(part))
            .count()
    }

    /// What an object of the service answers to a method with its arguments.
    fn asked(&self, object: &str, method: &str, arguments: &[&str]) -> Option<String> {
        let mut command = self.command("dbus-send");
        command.args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.secrets",
        ]);
        let output = command.args([object, method]).args(arguments).output();
        let output = output.unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        output.status.success().then_some(said)
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("bus")
    }

    fn address(&self) -> String {
        format!("unix:path={}", self.socket().display())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let home = self.folder.path();
        command
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("DBUS_SESSION_BUS_ADDRESS", self.address())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY");
        command
    }

    fn run(&mut self, command: &mut Command) {
        let program = command.get_program().display().to_string();
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.unwrap_or_else(|cause| {
            panic!("{program} cannot be started ({cause}): `cargo xtask test` installs it")
        });
        self.running.push(Ends(child));
    }
}
