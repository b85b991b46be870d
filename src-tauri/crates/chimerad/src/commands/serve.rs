//! `chimerad serve`: API and console until a signal.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Result;
use chimera_boot::{Chimera, Settings, listen};
use clap::Args;
use tokio::signal;

use crate::{
    figures,
    words::{note, say},
};

#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// Port to listen on; 0 takes a free one.
    #[arg(long, allow_hyphen_values = true, value_parser = figures::port)]
    port: Option<u16>,
    /// Address to listen on.
    #[arg(long)]
    host: Option<std::net::IpAddr>,
    /// Record everything in this new file, or in a new one in this folder, for `chimerad replay`. It has everything in
    /// it that was said.
    #[arg(long)]
    record: Option<PathBuf>,
}

pub(crate) async fn run(mut settings: Settings, arguments: Arguments) -> Result<ExitCode> {
    settings.port = arguments.port.unwrap_or(settings.port);
    settings.host = arguments.host.unwrap_or(settings.host);
    settings.record = arguments.record.or(settings.record);
    let stop = stop_signal();
    // The port is taken first: when it is not free, nothing else was begun.
    let listener = listen(&settings).await?;
    let address = listener.local_addr()?;
    let chimera = Chimera::open(settings).await?;
    chimera.start().await?;
    say(&format!("http://{address}"));
    note(&format!(
        "State in {}. The token for scripts is in {}.",
        chimera.data_dir().display(),
        chimera.token_file().display()
    ));
    if !address.ip().is_loopback() {
        note(
            "Others can reach this address, and what they send and read is not encrypted: put a server with TLS before it.",
        );
    }
    note("Stop with Ctrl+C.");
    let served = chimera.serve(listener, stop).await;
    note("Finishing what was begun …");
    chimera.shut_down().await;
    served?;
    Ok(ExitCode::SUCCESS)
}

/// Ends at Ctrl+C or SIGTERM. Listens from the call on, and not only from when it is waited for: whoever asks while
/// things still open is heard afterwards.
pub(crate) fn stop_signal() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    let terminate = signal::unix::signal(signal::unix::SignalKind::terminate());
    async move {
        #[cfg(unix)]
        if let Ok(mut terminate) = terminate {
            tokio::select! {
                _ = signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
        let _ = signal::ctrl_c().await;
    }
}
