//! Commands that were mistyped: what is said of a file that is none, and of a figure below nothing.
//!
//! Never here: what the commands do when they can.

use std::time::Duration;

use crate::support::{Daemon, Home, finished};

/// Longest that a command may take that refuses.
const REFUSES_WITHIN: Duration = Duration::from_secs(30);

const GOAL: &str = "A post about cold brew for beginners";

const RUN: [&str; 5] = ["campaign", "run", "--goal", GOAL, "--feed"];

async fn refused(home: &Home, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = home.chimerad();
    command.args(arguments);
    let (code, said, noted) = finished(command, REFUSES_WITHIN).await;
    (code, said + &noted)
}

#[tokio::test]
async fn a_figure_below_nothing_is_refused_in_a_sentence() {
    let home = Home::new();
    let run = ["campaign", "run", "--goal", GOAL, "--feed", "x"];
    let make = ["api-key", "make", "ci", "--role", "viewer"];
    for (command, flag, words) in [
        (
            &run[..],
            "--daily-budget",
            "an amount of US dollars is 0 or more",
        ),
        (&run, "--max-posts-per-day", "give a whole number from 0"),
        (&run, "--port", "a port is a whole number from 0 to 65535"),
        (
            &["serve"],
            "--port",
            "a port is a whole number from 0 to 65535",
        ),
        (&make, "--days", "give a whole number from 0"),
    ] {
        for figure in ["-5", "-5.5", "-", "many"] {
            let arguments: Vec<&str> = command.iter().copied().chain([flag, figure]).collect();
            let (code, said) = refused(&home, &arguments).await;
            assert_eq!(code, Some(2), "{arguments:?}: {said}");
            assert!(
                said.contains(words) && said.contains(flag) && !said.contains("unexpected"),
                "{arguments:?}: {said}"
            );
        }
    }
    assert!(!home.data().exists(), "something was made");
}

/// Everything that takes a file, with one that is not there, a folder, and one that is no text.
#[tokio::test]
async fn a_file_that_is_none_is_named_with_what_to_do() {
    let home = Home::new();
    Daemon::start(&home).await.stop().await;
    let path = |name: &str| home.at(name).display().to_string();
    std::fs::create_dir(home.at("folder")).unwrap();
    home.write("bytes", [0xff, 0xfe, 0x00]);
    let feed = home.write("feed.xml", "x").display().to_string();
    for (name, advice) in [
        ("nowhere", "Look whether its name is right"),
        ("folder", "Name a file"),
        ("bytes", "Name another file"),
    ] {
        let file = path(name);
        let of = |command: &[&str]| -> Vec<String> {
            let words = command.iter().copied();
            words.map(str::to_owned).collect()
        };
        let mut commands = vec![
            of(&["skill", "run", "read_feed", "--input", &file]),
            of(&["skill", "workflow", "--input", &file]),
            of(&["mcp", "import", &file]),
            of(&[&RUN[..], &[&feed, "--persona", &file]].concat()),
        ];
        // What is read as bytes has words of its own for bytes that make no sense.
        if name != "bytes" {
            commands.push(of(&["replay", &file]));
            commands.push(of(&["audit", "verify", "--bundle", &file]));
            commands.push(of(&["audit", "verify", "--anchor", &file]));
        }
        for command in commands {
            let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
            let (code, said) = refused(&home, &arguments).await;
            assert_eq!(code, Some(1), "{arguments:?}: {said}");
            assert!(
                said.contains(&file) && said.contains(advice),
                "{arguments:?}: {said}"
            );
            assert!(said.contains(" cannot be "), "{arguments:?}: {said}");
            assert!(!said.contains("os error"), "{arguments:?}: {said}");
        }
    }
}

/// Everything else that names a file: to be read as a feed, or to be made.
#[tokio::test]
async fn a_place_that_takes_no_file_is_named_with_what_to_do() {
    let home = Home::new();
    Daemon::start(&home).await.stop().await;
    let path = |name: &str| home.at(name).display().to_string();
    std::fs::create_dir(home.at("folder")).unwrap();
    let feed = home.write("feed.xml", "x").display().to_string();
    let read = |feed: &str| -> Vec<String> {
        let words = RUN.iter().copied().chain([feed]);
        words.map(str::to_owned).collect()
    };
    let to = |command: &[&str], file: &str| -> Vec<String> {
        let words = command.iter().copied().chain(["--to", file]);
        words.map(str::to_owned).collect()
    };
    let (person, audit) = (["person", "export", "Jane Doe"], ["audit", "export"]);
    for (command, words) in [
        (
            vec!["--config".to_owned(), path("folder"), "doctor".to_owned()],
            "is no file",
        ),
        (read(&path("folder")), "is a folder; name a file in it"),
        (read(&path("nowhere")), "Look whether its name is right"),
        (to(&person, &feed), "not written over"),
        (
            to(&person, &path("nowhere/x")),
            "Look whether its name is right",
        ),
        (to(&audit, &feed), "not written over"),
        (
            to(&audit, &path("nowhere/x")),
            "Look whether its name is right",
        ),
        (to(&["backup"], &feed), "not written over"),
        (to(&["backup"], &path("feed.xml/x")), "not written over"),
    ] {
        let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        let (code, said) = refused(&home, &arguments).await;
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(
            said.contains(words) && !said.contains("os error"),
            "{arguments:?}: {said}"
        );
    }
}

/// A folder for all state that is a file.
#[tokio::test]
async fn a_state_folder_that_is_a_file_is_named_with_what_to_do() {
    let home = Home::new();
    std::fs::write(home.data(), "x").unwrap();
    let folder = home.data().display().to_string();
    for arguments in [
        &["doctor"][..],
        &["doctor", "--json"],
        &["serve", "--port", "0"],
        &["mcp", "sandbox"],
        &["mcp", "memory"],
        &["mcp", "list"],
        &["backup"],
        &["key", "export"],
    ] {
        let (code, said) = refused(&home, arguments).await;
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(
            said.contains(&folder) && !said.contains("os error"),
            "{arguments:?}: {said}"
        );
        assert!(
            said.contains("Choose another name") || said.contains("Look whether its name"),
            "{arguments:?}: {said}"
        );
    }
}
