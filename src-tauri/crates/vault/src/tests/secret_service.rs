//! The vault on a real Secret Service, on a session bus of the test's own: nothing of the machine's own
//! keychain is touched.
//!
//! The library opens the keychain once per process, at the bus that the environment names. So each test
//! starts its bus and then itself again as a child of that environment; the child asserts.

use std::{
    env,
    ffi::OsString,
    io::Write,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use chimera_domain::id::TenantId;
use secrecy::{ExposeSecret, SecretString};
use tempfile::TempDir;
use uuid::Uuid;
use zbus::{
    blocking::{Connection, connection::Builder},
    zvariant::{ObjectPath, OwnedObjectPath},
};

use super::{memory::Uuids, name, not_found, read};
use crate::{
    Act, KeychainChoice, LongName, Place, Survival, Vault, VaultError, VaultOptions, VaultStatus,
    keychain::{self, Keychain, Known},
};

const SERVICE: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const INTERFACE: &str = "org.freedesktop.Secret.Service";
/// Set in the child only.
const CHILD: &str = "CHIMERA_VAULT_TEST_CHILD";
/// What a child is to do, where it is more than one thing.
const PART: &str = "CHIMERA_VAULT_TEST_PART";
/// How long a daemon may take to come up, on the slowest machine.
const UP_WITHIN: Duration = Duration::from_secs(30);

/// A bus with nothing on it and nothing that it would start by itself.
const BUS: &str = include_str!("../../../../../tests/session-bus.conf");

/// A child process that ends with the test.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// A home and a session bus of the test's own.
struct Session {
    home: TempDir,
    daemons: Vec<Daemon>,
}

impl Session {
    /// A home without a bus.
    fn without_bus() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            daemons: Vec::new(),
        }
    }

    fn begin() -> Self {
        let mut session = Self::without_bus();
        let socket = session.socket();
        let config = session.home.path().join("bus.conf");
        std::fs::write(&config, BUS.replace("SOCKET", socket.to_str().unwrap())).unwrap();
        let mut bus = session.command("dbus-daemon");
        bus.arg("--nofork").arg("--config-file").arg(config);
        session.start(&mut bus, "dbus");
        wait_until("the session bus", || {
            socket.exists() && session.connect().is_ok()
        });
        session
    }

    /// GNOME's keyring, made for this test and unlocked.
    fn with_keyring() -> Self {
        let mut session = Self::begin();
        let mut keyring = session.command("gnome-keyring-daemon");
        keyring
            .args(["--foreground", "--unlock", "--components=secrets"])
            .stdin(Stdio::piped());
        session.start(&mut keyring, "gnome-keyring");
        let mut password = session.daemons.last_mut().unwrap().0.stdin.take().unwrap();
        password.write_all(b"password of a test").unwrap();
        drop(password);
        let bus = session.connect().unwrap();
        wait_until("the keyring's default collection", || {
            default_collection(&bus).is_some()
        });
        session
    }

    fn socket(&self) -> std::path::PathBuf {
        self.home.path().join("bus")
    }

    fn address(&self) -> String {
        format!("unix:path={}", self.socket().display())
    }

    fn connect(&self) -> zbus::Result<Connection> {
        Builder::address(self.address().as_str())?.build()
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let home = self.home.path();
        command
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("XDG_DATA_HOME", home.join("data"));
        command
            .env("DBUS_SESSION_BUS_ADDRESS", self.address())
            .env_remove("DISPLAY")
            .env_remove("WAYLAND_DISPLAY");
        command
    }

    fn start(&mut self, command: &mut Command, package: &str) {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap_or_else(|cause| {
            let program = Path::new(command.get_program()).display().to_string();
            panic!("{program} cannot be started ({cause}): install the package {package}, or run `cargo xtask test`, which does")
        });
        self.daemons.push(Daemon(child));
    }

    /// Runs the test `test` of this module again, in this session.
    #[track_caller]
    fn run_again(&self, test: &str) {
        let (ended_well, words) = self.again(test, "");
        assert!(
            ended_well && words.contains("1 passed"),
            "the child failed:\n{words}"
        );
    }

    /// The same, told what its part is: whether it ended well, and what it said.
    fn again(&self, test: &str, part: &str) -> (bool, String) {
        let mut child = self.command(env::current_exe().unwrap());
        // A test runner's own settings are none of the child's.
        let runners: Vec<OsString> = env::vars_os()
            .map(|(name, _)| name)
            .filter(|name| name.to_string_lossy().starts_with("NEXTEST"))
            .collect();
        for name in runners {
            child.env_remove(name);
        }
        child.env(CHILD, test).env(PART, part).args([
            "--exact",
            &format!("tests::secret_service::{test}"),
            "--nocapture",
        ]);
        let output = child.output().unwrap();
        let words = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .concat();
        (output.status.success(), words)
    }
}

fn is_child() -> bool {
    env::var_os(CHILD).is_some()
}

#[track_caller]
fn wait_until(what: &str, mut there: impl FnMut() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(began.elapsed() < UP_WITHIN, "{what} did not come up");
        thread::sleep(Duration::from_millis(20));
    }
}

fn default_collection(bus: &Connection) -> Option<OwnedObjectPath> {
    let answer = bus
        .call_method(
            Some(SERVICE),
            ROOT,
            Some(INTERFACE),
            "ReadAlias",
            &"default",
        )
        .ok()?;
    let path: OwnedObjectPath = answer.body().deserialize().ok()?;
    (path.as_str() != "/").then_some(path)
}

/// How many entries the service has under this account, asked behind the vault's back.
fn entries(account: &str) -> usize {
    let bus = Connection::session().unwrap();
    let wanted = std::collections::HashMap::from([("service", "chimera"), ("username", account)]);
    let answer = bus
        .call_method(Some(SERVICE), ROOT, Some(INTERFACE), "SearchItems", &wanted)
        .unwrap();
    let (open, locked): (Vec<OwnedObjectPath>, Vec<OwnedObjectPath>) =
        answer.body().deserialize().unwrap();
    open.len() + locked.len()
}

fn system_vault() -> Vault {
    Vault::open(VaultOptions {
        keychain: KeychainChoice::System,
        environment: Vec::new(),
        ids: Arc::new(Uuids::default()),
    })
}

/// What the vault says when the keychain is none: a probe and a write.
async fn problem_and_refusal() -> (VaultStatus, VaultError) {
    let vault = system_vault();
    let status = vault.probe().await;
    (
        status,
        vault
            .set(&name(1, "openai"), SecretString::from("x"))
            .await
            .unwrap_err(),
    )
}

#[tokio::test]
async fn a_real_keyring_keeps_a_secret() {
    if !is_child() {
        return Session::with_keyring().run_again("a_real_keyring_keeps_a_secret");
    }
    let vault = system_vault();
    let expected = VaultStatus {
        backend: "GNOME Keyring (Secret Service)".to_owned(),
        works: true,
        survives_reboot: Survival::Yes,
        problem: None,
    };
    assert_eq!(vault.probe().await, expected);
    assert_eq!(entries("probe/00000000-0000-0000-0000-000000000001"), 0);
    let openai = name(1, "openai");
    assert_eq!(read(&vault, &openai).await, Err(not_found(&openai)));
    vault
        .set(&openai, SecretString::from("sk-first"))
        .await
        .unwrap();
    vault
        .set(&openai, SecretString::from("sk-ключ-✓"))
        .await
        .unwrap();
    assert_eq!(
        read(&vault, &openai).await,
        Ok(("sk-ключ-✓".to_owned(), Place::Keychain))
    );
    assert_eq!(entries("00000000-0000-0000-0000-000000000001/openai"), 1);
    assert_eq!(vault.delete(&openai).await, Ok(()));
    assert_eq!(vault.delete(&openai).await, Err(not_found(&openai)));
    assert_eq!(entries("00000000-0000-0000-0000-000000000001/openai"), 0);
}

#[tokio::test]
async fn a_locked_keyring_says_so_and_takes_nothing() {
    if !is_child() {
        let session = Session::with_keyring();
        let bus = session.connect().unwrap();
        let collection: ObjectPath<'_> = default_collection(&bus).unwrap().into();
        bus.call_method(
            Some(SERVICE),
            ROOT,
            Some(INTERFACE),
            "Lock",
            &vec![collection],
        )
        .unwrap();
        return session.run_again("a_locked_keyring_says_so_and_takes_nothing");
    }
    let (status, refused) = problem_and_refusal().await;
    assert!(matches!(refused, VaultError::Locked { .. }), "{refused:?}");
    let code = status.problem.map(|fault| fault.code);
    assert_eq!(
        (status.works, code),
        (false, Some("KEYCHAIN_LOCKED".to_owned()))
    );
}

#[tokio::test]
async fn without_a_bus_there_is_no_keychain() {
    if !is_child() {
        return Session::without_bus().run_again("without_a_bus_there_is_no_keychain");
    }
    let (status, refused) = problem_and_refusal().await;
    assert!(
        matches!(refused, VaultError::NoBackend { .. }),
        "{refused:?}"
    );
    let code = status.problem.map(|fault| fault.code);
    assert_eq!(
        (status.works, code),
        (false, Some("KEYCHAIN_MISSING".to_owned()))
    );
}

#[tokio::test]
async fn a_bus_without_a_secret_service_is_no_keychain() {
    if !is_child() {
        return Session::begin().run_again("a_bus_without_a_secret_service_is_no_keychain");
    }
    let (_, refused) = problem_and_refusal().await;
    assert!(
        matches!(refused, VaultError::NoBackend { .. }),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_service_that_never_answers_hangs_nobody() {
    if !is_child() {
        let session = Session::begin();
        // Owns the name and reads nothing: who calls it waits for ever.
        let _silent = Builder::address(session.address().as_str())
            .unwrap()
            .name(SERVICE)
            .unwrap()
            .build()
            .unwrap();
        return session.run_again("a_service_that_never_answers_hangs_nobody");
    }
    let refused = system_vault()
        .set(&name(1, "openai"), SecretString::from("x"))
        .await;
    assert_eq!(refused, Err(VaultError::Timeout { act: Act::Set }));
}

/// The system's keychain until so many changes were made; then the process is gone, as in a power cut.
struct Fatal {
    inner: Arc<dyn Keychain>,
    left: AtomicUsize,
}

impl Fatal {
    fn step(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) == 0 {
            // Nothing is unwound and nothing put away.
            std::process::abort();
        }
    }
}

impl Keychain for Fatal {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn describe(&self) -> Known {
        self.inner.describe()
    }

    fn set(&self, act: Act, account: &str, secret: &[u8]) -> Result<(), VaultError> {
        self.step();
        self.inner.set(act, account, secret)
    }

    fn get(&self, act: Act, account: &str) -> Result<Option<Vec<u8>>, VaultError> {
        self.inner.get(act, account)
    }

    fn delete(&self, act: Act, account: &str) -> Result<bool, VaultError> {
        self.step();
        self.inner.delete(act, account)
    }
}

#[tokio::test]
async fn a_process_that_dies_between_two_pieces_leaves_one_text_whole() {
    const TEST: &str = "a_process_that_dies_between_two_pieces_leaves_one_text_whole";
    let long = LongName::new(
        TenantId::from_uuid(Uuid::from_u128(1)),
        "oauth",
        Uuid::from_u128(5),
    );
    let (old, new) = (text('o', 3), text('n', 2));
    if !is_child() {
        let session = Session::with_keyring();
        // Two pieces, the head, three pieces of the former text: six changes.
        for steps in 0..6 {
            let (ended_well, words) = session.again(TEST, "keeps the old");
            assert!(ended_well, "{words}");
            let (ended_well, words) = session.again(TEST, &steps.to_string());
            assert!(!ended_well, "it did not die: {words}");
            let whole = if steps <= 2 {
                "reads the old"
            } else {
                "reads the new"
            };
            let (ended_well, words) = session.again(TEST, whole);
            assert!(ended_well, "after {steps} steps: {words}");
        }
        let (ended_well, words) = session.again(TEST, "leaves nothing");
        assert!(ended_well, "{words}");
        return;
    }
    let vault = system_vault();
    let read = async || {
        let text = vault.get_long(&long).await.unwrap();
        text.map(|text| text.expose_secret().to_owned())
    };
    match env::var_os(PART).unwrap().to_str().unwrap() {
        "keeps the old" => {
            // From any ground: what dying left is no hindrance, and the banks take turns.
            vault.delete_long(&long).await.unwrap();
            vault.set_long(&long, old.into()).await.unwrap();
        }
        "reads the old" => assert_eq!(read().await, Some(old)),
        "reads the new" => assert_eq!(read().await, Some(new)),
        "leaves nothing" => {
            vault.delete_long(&long).await.unwrap();
            for account in ["head", "a0", "a1", "a2", "b0", "b1", "b2"] {
                assert_eq!(entries(&format!("{long}/{account}")), 0, "{account}");
            }
        }
        steps => {
            let fatal = Fatal {
                inner: keychain::system(),
                left: AtomicUsize::new(steps.parse().unwrap()),
            };
            let vault = Vault::with(
                Some(Arc::new(fatal)),
                Vec::new(),
                Arc::new(Uuids::default()),
            );
            vault.set_long(&long, new.into()).await.unwrap();
        }
    }
}

/// So many pieces of one letter.
fn text(letter: char, pieces: usize) -> String {
    letter.to_string().repeat(pieces * crate::MAX_SECRET_BYTES)
}
