//! The one integration binary: whole behaviours of Chimera through its public doors, on real stores, real
//! sockets and real child processes, each test with a data folder of its own.
//!
//! Never here: unit tests (they sit beside their code), a fake of one of our own parts, or the window.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests: a panic is the report, and helpers outside of test functions panic too"
)]

mod support;

mod agents;
mod at_rest;
mod audit;
mod audit_attacks;
mod audit_chain;
mod authorized;
mod bad_answers;
mod bounds;
mod campaign_run;
mod caps;
mod commands;
mod crash;
mod dead_letters;
mod decisions;
mod discovery;
mod disk;
mod done_when;
mod families;
mod figures;
mod flows;
#[cfg(target_os = "linux")]
mod full_disk;
mod hostile_feeds;
mod keyed;
mod kills;
mod labels;
mod late;
mod limits;
mod live_feed;
mod look_alikes;
mod mcp_door;
mod mistyped;
mod networks;
mod new_campaigns;
mod nothing_early;
mod offered_of_many;
mod offered_tools;
mod people;
mod person_over_judge;
mod persons;
mod plans;
mod provider;
mod provider_down;
mod real_questions;
mod real_servers;
mod recordings;
mod redaction;
mod registry;
mod remembering;
mod replanning;
mod retention;
mod server_versions;
mod servers_that_fail;
mod session_attacks;
mod shown;
mod simulations;
mod skills;
mod spending;
mod standing_out;
mod startup;
mod stops;
mod strangers;
mod unreadable;
mod workspaces;
