//! The table of system packages: name, reason, and how to see that it is there.
//! How they are installed is in `debian`; cargo's own tools are in `tools`.

use std::fs;
use std::path::Path;

use crate::install::tools::Tool;
use crate::machine;

/// What a task is about, as far as the machine is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Building Rust code that brings some C along.
    Compile,
    /// Running the Rust tests.
    Test,
    /// Installing other people's MCP servers to test against.
    Servers,
    /// Judging the foreign libraries.
    Deny,
    /// Measuring which lines the tests reach.
    Coverage,
    /// Building the web console.
    Console,
    /// Building the desktop window.
    Window,
    /// Driving the console in a browser.
    Journeys,
    /// Driving the window on a virtual display, with a keychain of its own.
    Smoke,
}

/// How to see that a package is there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Probe {
    /// A program on the path.
    Program(&'static str),
    /// A `.pc` file that pkg-config would find.
    Library(&'static str),
    /// A Python module.
    Python(&'static str),
}

/// One system package.
#[derive(Debug)]
pub(super) struct Need {
    /// Debian's name for it.
    pub(super) package: &'static str,
    /// What its makers call it: what to look for where packages have other names.
    pub(super) upstream: &'static str,
    /// What it is for, to be shown before it is installed.
    pub(super) why: &'static str,
    /// How to see that it is there.
    pub(super) probe: Probe,
}

impl Need {
    pub(super) const fn new(
        package: &'static str,
        upstream: &'static str,
        why: &'static str,
        probe: Probe,
    ) -> Self {
        Self {
            package,
            upstream,
            why,
            probe,
        }
    }

    /// True when the machine has it.
    pub(super) fn is_there(&self) -> bool {
        match self.probe {
            Probe::Program(name) => machine::find_program(name).is_some(),
            Probe::Library(name) => has_library(Path::new("/usr"), name),
            Probe::Python(module) => has_python_module(module),
        }
    }
}

const COMPILE: &[Need] = &[
    Need::new(
        "build-essential",
        "a C compiler that answers to 'cc' (GCC or Clang), with make and the C library's headers",
        "compiles the C parts of SQLite and of the TLS library",
        Probe::Program("cc"),
    ),
    Need::new(
        "libssl-dev",
        "OpenSSL's libcrypto (libcrypto.pc), with headers",
        "encrypts the database on the disk",
        Probe::Library("libcrypto"),
    ),
];

const WINDOW: &[Need] = &[
    Need::new(
        "pkg-config",
        "pkg-config or pkgconf",
        "finds system libraries while building",
        Probe::Program("pkg-config"),
    ),
    Need::new(
        "libwebkit2gtk-4.1-dev",
        "WebKitGTK, API 4.1 (webkit2gtk-4.1.pc), with headers",
        "the web view of the desktop window",
        Probe::Library("webkit2gtk-4.1"),
    ),
    Need::new(
        "librsvg2-dev",
        "librsvg 2 (librsvg-2.0.pc), with headers",
        "draws the icons",
        Probe::Library("librsvg-2.0"),
    ),
];

const TEST: &[Need] = &[DBUS, GNOME_KEYRING];

const SERVERS: &[Need] = &[
    Need::new(
        "python3-venv",
        "Python 3 with venv and ensurepip",
        "installs the Python ones of the MCP servers that the tests are run against",
        Probe::Python("ensurepip"),
    ),
    Need::new(
        "git",
        "git",
        "is what one of those servers reads",
        Probe::Program("git"),
    ),
];

const DBUS: Need = Need::new(
    "dbus",
    "D-Bus, its dbus-daemon",
    "the session bus that a keychain speaks on",
    Probe::Program("dbus-daemon"),
);

const GNOME_KEYRING: Need = Need::new(
    "gnome-keyring",
    "GNOME Keyring, its gnome-keyring-daemon",
    "a real keychain to store a key in",
    Probe::Program("gnome-keyring-daemon"),
);

const JOURNEYS: &[Need] = &[Need::new(
    "chromium",
    "Chromium, a program called chromium",
    "the browser that walks through the console",
    Probe::Program("chromium"),
)];

const SMOKE: &[Need] = &[
    Need::new(
        "xvfb",
        "the X server Xvfb",
        "a virtual display for the window",
        Probe::Program("Xvfb"),
    ),
    DBUS,
    GNOME_KEYRING,
    Need::new(
        "libsecret-tools",
        "libsecret, its secret-tool",
        "looks into the keychain behind the window's back",
        Probe::Program("secret-tool"),
    ),
    Need::new(
        "webkit2gtk-driver",
        "WebKitGTK's WebKitWebDriver",
        "drives the real window",
        Probe::Program("WebKitWebDriver"),
    ),
];

/// Of the LLVM that the pinned compiler is made of (`rustc -vV`): another one misreads its profiles.
const COVERAGE: &[Need] = &[Need::new(
    "llvm-22",
    "LLVM 22 (llvm-cov and llvm-profdata)",
    "reads which lines the tests reached",
    Probe::Program("llvm-cov-22"),
)];

impl Purpose {
    /// System packages of this purpose.
    pub(super) fn needs(self) -> &'static [Need] {
        match self {
            Self::Compile => COMPILE,
            Self::Test => TEST,
            Self::Servers => SERVERS,
            Self::Window => WINDOW,
            Self::Journeys => JOURNEYS,
            Self::Smoke => SMOKE,
            Self::Coverage => COVERAGE,
            Self::Deny | Self::Console => &[],
        }
    }

    /// Cargo tools of this purpose.
    pub(super) fn tools(self) -> &'static [Tool] {
        match self {
            Self::Test => &[Tool::Nextest],
            Self::Deny => &[Tool::Deny],
            Self::Coverage => &[Tool::LlvmCov],
            Self::Servers
            | Self::Compile
            | Self::Console
            | Self::Window
            | Self::Journeys
            | Self::Smoke => &[],
        }
    }
}

/// Looks where Debian and others put `.pc` files: `lib/<triplet>/pkgconfig`,
/// `lib/pkgconfig`, `lib64/pkgconfig`, `share/pkgconfig`.
fn has_library(usr: &Path, name: &str) -> bool {
    let file = format!("{name}.pc");
    let plain = ["lib", "lib64", "share"].map(|folder| usr.join(folder).join("pkgconfig"));
    let triplets = fs::read_dir(usr.join("lib"))
        .into_iter()
        .flatten()
        .flatten();
    plain
        .into_iter()
        .chain(triplets.map(|entry| entry.path().join("pkgconfig")))
        .any(|folder| folder.join(&file).is_file())
}

fn has_python_module(module: &str) -> bool {
    let mut python = std::process::Command::new("python3");
    python.args(["-c", &format!("import {module}")]);
    python.output().is_ok_and(|output| output.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_found_where_the_distributions_put_it() {
        let usr = tempfile::tempdir().unwrap();
        for folder in ["lib/x86_64-linux-gnu/pkgconfig", "share/pkgconfig"] {
            fs::create_dir_all(usr.path().join(folder)).unwrap();
        }
        fs::write(
            usr.path()
                .join("lib/x86_64-linux-gnu/pkgconfig/webkit2gtk-4.1.pc"),
            "",
        )
        .unwrap();
        fs::write(usr.path().join("share/pkgconfig/dbus.pc"), "").unwrap();
        assert!(has_library(usr.path(), "webkit2gtk-4.1"));
        assert!(has_library(usr.path(), "dbus"));
        assert!(!has_library(usr.path(), "libxdo"));
    }

    #[test]
    fn a_program_that_nobody_has_is_missing() {
        let need = Need::new("x", "x", "y", Probe::Program("no-such-program-as-this"));
        assert!(!need.is_there());
        assert!(Need::new("x", "x", "y", Probe::Program("sh")).is_there());
    }
}
