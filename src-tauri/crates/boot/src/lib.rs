//! From settings to a running Chimera.
//!
//! Here: reading settings, opening adapters, putting the runtime and the router together, and taking
//! them down again. Never here: anything that those parts could do themselves.

mod app;
mod at_rest;
mod audit_log;
mod backup;
mod clock;
mod doctor;
mod files;
mod health;
mod late_key;
mod local;
mod logging;
mod mcp_door;
mod memory;
mod model_switch;
mod outgoing;
mod providers;
mod recording;
mod refusing;
mod registry;
mod sample;
mod sealing;
mod secrets;
mod servers;
mod settings;
mod skill_bench;

pub use app::{BootError, Chimera, listen};
pub use at_rest::{AtRest, export_key, rotate_key};
pub use audit_log::{Believed, Verified, export_log, verify_export, verify_log};
pub use backup::{Backup, back_up};
pub use chimera_audit::{
    Exported, Finding as AuditFinding, Report as AuditReport, Standing as AuditStanding,
};
pub use clock::{SystemClock, TimeIds, now};
pub use doctor::{Examined, examine};
pub use local::starter_soul;
pub use logging::init_logging;
pub use recording::{Difference, Played, play_recording};
pub use servers::{Shipped, serve_stdio};
pub use settings::{
    DEFAULT_PORT, EncryptionSetting, HostEnvironment, KeychainSetting, ModelSettings,
    OtherSettings, Settings,
};
pub use skill_bench::SkillBench;
