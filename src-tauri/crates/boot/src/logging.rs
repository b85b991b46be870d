//! One log: lines on standard error, levels by `RUST_LOG` or the verbosity asked for.

use std::{backtrace::Backtrace, panic};

use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging; a second call changes nothing. What panics is written down with its whole way through the code
/// (ERR-04), whatever the environment says.
pub fn init_logging(level: &str) {
    let usual = format!("{level},chimera={level},sqlx=warn,rmcp=warn,hyper=warn");
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let started = fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(true)
        .try_init();
    if started.is_err() {
        return tracing::debug!("logging was started before");
    }
    panic::set_hook(Box::new(|told| {
        let thread = std::thread::current();
        tracing::error!(
            panic = %told,
            thread = thread.name().unwrap_or_default(),
            origin = %Backtrace::force_capture(),
            "a failure that nobody foresaw"
        );
    }));
}
