//! One log: lines on standard error, levels by `RUST_LOG` or the verbosity asked for, each without the secrets and
//! personal data that whoever wrote it may have repeated (SEC-09).

use std::{
    backtrace::Backtrace,
    io::{self, Write},
    panic,
};

use chimera_guard::redact;
use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging; a second call changes nothing. What panics is written down with its whole way through the code
/// (ERR-04), whatever the environment says.
pub fn init_logging(level: &str) {
    let usual = format!("{level},chimera={level},sqlx=warn,rmcp=warn,hyper=warn");
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let started = fmt()
        .with_env_filter(filter)
        // Colours would stand between a name and its value, and hide from the masks what they belong to.
        .with_ansi(false)
        .with_writer(|| Masked(io::stderr()))
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

/// Writes lines without what must not be logged. The subscriber hands over a whole line at once.
struct Masked<W>(W);

impl<W: Write> Write for Masked<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let shown = redact(&String::from_utf8_lossy(line));
        self.0.write_all(shown.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, PoisonError};

    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            lines.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Lines {
        type Writer = Masked<Self>;

        fn make_writer(&'a self) -> Self::Writer {
            Masked(self.clone())
        }
    }

    #[test]
    fn a_line_is_masked_in_its_message_its_fields_and_its_spans() {
        let lines = Lines::default();
        let subscriber = fmt()
            .with_ansi(false)
            .with_writer(lines.clone())
            .with_max_level(tracing::Level::TRACE)
            .finish();
        let key = format!("sk-{}", "abcdef1234567890");
        tracing::subscriber::with_default(subscriber, || {
            let span = tracing::info_span!("request", path = "/u/jane@example.org");
            let _entered = span.enter();
            let error = format!("the far side said: Bearer {key}");
            tracing::error!(%error, password = "hunter2", phone = "+49 30 901820", "call jane@example.org");
        });
        let text = lines.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&text).into_owned();
        for secret in [key.as_str(), "hunter2", "901820", "jane@example.org"] {
            assert!(!text.contains(secret), "{text}");
        }
        for mask in ["[email]", "[phone]", "[secret]", "sk-****"] {
            assert!(text.contains(mask), "{mask}: {text}");
        }
    }
}
