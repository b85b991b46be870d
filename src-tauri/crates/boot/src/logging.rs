//! One log: lines on standard error, levels by `RUST_LOG` or the verbosity asked for.

use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging; a second call changes nothing.
pub fn init_logging(level: &str) {
    let usual = format!("{level},chimera={level},sqlx=warn,rmcp=warn,hyper=warn");
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let started = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(true)
        .try_init();
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}
