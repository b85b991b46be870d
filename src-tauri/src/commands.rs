//! What the page may call, one function each. Names and shapes are those of `ui/src/ipc/`.
//!
//! Never here: more than passing a call on.

use std::time::Instant;

use tauri::{Manager, Runtime, State, WebviewWindow, ipc::Channel};

use crate::{
    app::Began,
    boot::{Backend, BootState},
    door::{Door, DoorRequest, DoorResponse, Refusal},
    events::{Frame, Subscriptions},
    notices::Notices,
    problems::{Problem, Problems},
};

/// How far Chimera has come.
#[tauri::command]
pub(crate) fn boot_state(backend: State<'_, Backend>) -> BootState {
    backend.state()
}

/// Asks the API. A refusal is an answer too, in the API's envelope.
#[tauri::command]
pub(crate) async fn api_request<R: Runtime>(
    window: WebviewWindow<R>,
    door: State<'_, Door>,
    began: State<'_, Began>,
    request: DoorRequest,
) -> Result<DoorResponse, ()> {
    began.page_spoke(Instant::now());
    Ok(door.ask(window.label(), request).await)
}

/// Subscribes the window to events after the fact numbered `after`, or from now on. Comes back once the
/// stream is open; fails with the API's answer where it is refused. Batches come through `channel`.
#[tauri::command]
pub(crate) async fn events_subscribe<R: Runtime>(
    window: WebviewWindow<R>,
    door: State<'_, Door>,
    subscriptions: State<'_, Subscriptions>,
    notices: State<'_, Notices>,
    after: Option<u64>,
    channel: Channel<Vec<Frame>>,
) -> Result<(), DoorResponse> {
    let stream = door.events(window.label(), after).await?;
    let id = channel.id();
    let (app, label) = (window.app_handle().clone(), window.label().to_owned());
    let notices = notices.inner().clone();
    let carrying = subscriptions.begin(window.label(), id, stream, move |batch| {
        let wanted = notices.wanted(&batch);
        let (app, label, notices) = (app.clone(), label.clone(), notices.clone());
        tauri::async_runtime::spawn(async move {
            notices.tell(&app.state::<Door>(), &label, wanted).await;
        });
        channel.send(batch).is_ok()
    });
    tauri::async_runtime::spawn(carrying);
    Ok(())
}

/// Ends the subscription whose batches come through the channel of that id.
#[tauri::command]
pub(crate) fn events_unsubscribe<R: Runtime>(
    window: WebviewWindow<R>,
    subscriptions: State<'_, Subscriptions>,
    channel: u32,
) {
    subscriptions.end(window.label(), channel);
}

/// Saves the audit log's export in the person's folder for downloads, and says where it is. Fails with the API's answer,
/// or with why it could not be written.
#[tauri::command]
pub(crate) async fn save_audit<R: Runtime>(
    window: WebviewWindow<R>,
    door: State<'_, Door>,
) -> Result<String, DoorResponse> {
    let paths = window.path();
    let folder = paths.download_dir().or_else(|_| paths.home_dir());
    let folder = folder.map_err(|why| Refusal::NotSaved(why.to_string()).answer())?;
    let saved = door.save_audit(window.label(), &folder).await?;
    Ok(saved.display().to_string())
}

/// Logs what broke in the page.
#[tauri::command]
pub(crate) fn report_problem(problems: State<'_, Problems>, problem: Problem) {
    problems.log(&problem);
}
