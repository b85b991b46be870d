//! The program: one window at once, Chimera behind it as soon as it is there, and an orderly end.
//!
//! Never here: what a command does, or how Chimera is put together.

use std::{
    process::ExitCode,
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use chimera_boot::Settings;
use tauri::{
    App, AppHandle, Builder, Context, Manager, RunEvent, Runtime, WebviewWindow,
    WebviewWindowBuilder, WindowEvent,
    webview::{NewWindowResponse, PageLoadEvent},
};
use tauri_plugin_window_state::StateFlags;

use crate::{
    boot::Backend,
    commands,
    door::Door,
    events::Subscriptions,
    notices::Notices,
    outside::{self, Destination},
    platform::{self, NoWindow},
    problems::Problems,
};

/// The one window of this step.
pub(crate) const MAIN: &str = "main";
/// What is written to the log when nothing else is asked for.
const LOG_LEVEL: &str = "warn";
/// Exit code when no window can open, as for any failure of the command line.
const NO_WINDOW: u8 = 2;

/// When the program began, and when its page first spoke.
#[derive(Debug)]
pub(crate) struct Began {
    at: Instant,
    spoke: OnceLock<()>,
}

impl Began {
    pub(crate) fn new(at: Instant) -> Self {
        Self {
            at,
            spoke: OnceLock::new(),
        }
    }

    /// Logs once how long it took until the page first asked for something.
    pub(crate) fn page_spoke(&self, now: Instant) {
        if self.spoke.set(()).is_ok() {
            let took = now.duration_since(self.at);
            tracing::info!(milliseconds = took.as_millis(), "the page spoke first");
        }
    }
}

/// How the program ends.
#[derive(Debug, Default)]
struct Leaving {
    /// Being taken down.
    begun: AtomicBool,
    /// Taken down.
    done: AtomicBool,
    /// Somebody started Chimera again meanwhile.
    again: AtomicBool,
}

/// Runs the window until it is closed.
#[must_use]
pub fn main() -> ExitCode {
    let began = Began::new(Instant::now());
    if let Err(problem) = platform::prepare() {
        return no_window(&problem);
    }
    chimera_boot::init_logging(LOG_LEVEL);
    // Read before any thread exists, because reading .env writes to the environment; a later start reads anew.
    let first = Mutex::new(Some(Settings::load(None)));
    let load = move || {
        let read = first.lock().unwrap_or_else(PoisonError::into_inner).take();
        read.unwrap_or_else(|| Settings::load(None))
    };
    let backend = Backend::new(load);
    match platform::on_display(|| desktop(backend, began).build(context())) {
        Ok(app) => {
            let code = app.run_return(on_event);
            u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(problem) => no_window(&problem),
    }
}

#[expect(clippy::print_stderr, reason = "there is no window to say it in")]
fn no_window(problem: &NoWindow) -> ExitCode {
    eprintln!("chimera: {problem}.");
    ExitCode::from(NO_WINDOW)
}

/// Configuration, capabilities and console, as they were built in.
pub(crate) fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// The commands and what they need; the same with and without a real window.
pub(crate) fn with_commands<R: Runtime>(
    builder: Builder<R>,
    backend: Backend,
    began: Began,
) -> Builder<R> {
    builder
        .manage(Door::new(&backend))
        .manage(backend)
        .manage(began)
        .manage(Subscriptions::default())
        .manage(Problems::default())
        .manage(Notices::native())
        .invoke_handler(tauri::generate_handler![
            commands::api_request,
            commands::boot_state,
            commands::events_subscribe,
            commands::events_unsubscribe,
            commands::report_problem,
            commands::save_audit,
        ])
}

fn desktop(backend: Backend, began: Began) -> Builder<tauri::Wry> {
    let place = tauri_plugin_window_state::Builder::default().with_state_flags(
        StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN,
    );
    let builder = Builder::default()
        // First of all, so that a second start ends here.
        .plugin(tauri_plugin_single_instance::init(
            |app, _arguments, _folder| come_forward(app),
        ))
        .plugin(place.build())
        .manage(Leaving::default())
        .setup(|app| {
            open_window(app)?;
            let backend = app.state::<Backend>().inner().clone();
            // The window is there first; whatever goes wrong now is said in it.
            tauri::async_runtime::spawn(async move { backend.start().await });
            #[cfg(unix)]
            end_on_signal(app.handle());
            Ok(())
        });
    with_commands(builder, backend, began)
}

fn open_window<R: Runtime>(app: &App<R>) -> tauri::Result<WebviewWindow<R>> {
    let config = app.config();
    let Some(window) = config
        .app
        .windows
        .iter()
        .find(|window| window.label == MAIN)
    else {
        return Err(tauri::Error::WindowNotFound);
    };
    let development = cfg!(dev).then(|| config.build.dev_url.clone()).flatten();
    WebviewWindowBuilder::from_config(app, window)?
        .on_navigation(
            move |url| match outside::destination(url, development.as_ref()) {
                Destination::Console => true,
                Destination::Browser => {
                    outside::open(url);
                    false
                }
                Destination::Nowhere => false,
            },
        )
        .on_new_window(|url, _| {
            if outside::destination(&url, None) == Destination::Browser {
                outside::open(&url);
            }
            NewWindowResponse::Deny
        })
        .on_page_load(|window, load| {
            // A page that loads anew listens no more to what the one before subscribed to.
            if load.event() == PageLoadEvent::Started {
                window.state::<Subscriptions>().end_all(window.label());
            }
        })
        .build()
}

/// A second start shows the window that is there, or begins anew once this one has ended.
fn come_forward<R: Runtime>(app: &AppHandle<R>) {
    let Some(window) = app.get_webview_window(MAIN) else {
        app.state::<Leaving>().again.store(true, Ordering::SeqCst);
        return;
    };
    for done in [window.unminimize(), window.show(), window.set_focus()] {
        if let Err(error) = done {
            tracing::warn!(%error, "the window did not come forward");
        }
    }
}

fn on_event<R: Runtime>(app: &AppHandle<R>, event: RunEvent) {
    match event {
        RunEvent::WindowEvent {
            label,
            event: WindowEvent::Destroyed,
            ..
        } => {
            app.state::<Subscriptions>().end_all(&label);
        }
        RunEvent::ExitRequested { api, code, .. } => {
            let leaving = app.state::<Leaving>();
            if leaving.done.load(Ordering::SeqCst) {
                return;
            }
            api.prevent_exit();
            if !leaving.begun.swap(true, Ordering::SeqCst) {
                leave(app.clone(), code.unwrap_or_default());
            }
        }
        _ => {}
    }
}

/// Takes Chimera down beside the event loop, then ends the program.
fn leave<R: Runtime>(app: AppHandle<R>, code: i32) {
    let backend = app.state::<Backend>().inner().clone();
    tauri::async_runtime::spawn(async move {
        backend.shut_down().await;
        let leaving = app.state::<Leaving>();
        leaving.done.store(true, Ordering::SeqCst);
        if leaving.again.load(Ordering::SeqCst) {
            app.request_restart();
        } else {
            app.exit(code);
        }
    });
}

/// Ends the program in order when the system or a person at a terminal asks for it.
#[cfg(unix)]
fn end_on_signal<R: Runtime>(app: &AppHandle<R>) {
    use tokio::signal::unix::{SignalKind, signal};

    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let (Ok(mut terminate), Ok(mut interrupt)) = (
            signal(SignalKind::terminate()),
            signal(SignalKind::interrupt()),
        ) else {
            tracing::warn!("signals cannot be heard; close the window to end Chimera in order");
            return;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        app.exit(0);
    });
}
