//! What the system needs to be told, or asked, before a window can be.
//!
//! Never here: anything about Chimera.

/// Why there can be no window.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoWindow {
    /// Nothing to show it on.
    #[error(
        "there is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window can open. Nothing was \
         started. Use `chimerad serve`: it serves the same console at an address for your browser"
    )]
    NoDisplay,
    /// The display does not answer.
    #[error(
        "the display cannot be opened, so no window can. Nothing was started. Check DISPLAY or WAYLAND_DISPLAY, or \
         use `chimerad serve`: it serves the same console at an address for your browser"
    )]
    DisplayRefuses,
    /// The window system failed.
    #[error(
        "the window cannot be opened: {0}. Nothing was started. `chimerad serve` needs no window"
    )]
    Other(#[from] tauri::Error),
}

/// Makes the web view dependable on this system. To be called first, before any thread exists.
pub(crate) fn prepare() -> Result<(), NoWindow> {
    #[cfg(target_os = "linux")]
    {
        use std::env::var_os;
        let is_set = |name: &str| var_os(name).is_some_and(|value| !value.is_empty());
        if !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") {
            return Err(NoWindow::NoDisplay);
        }
        // The web view's fast path shows a blank window on some graphics drivers and virtual displays.
        const SLOW_AND_SURE: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
        if var_os(SLOW_AND_SURE).is_none() {
            #[expect(
                unsafe_code,
                reason = "the web view reads this from the environment only"
            )]
            // SAFETY: no other thread exists yet that could read the environment meanwhile.
            unsafe {
                std::env::set_var(SLOW_AND_SURE, "1");
            }
        }
    }
    Ok(())
}
