//! What the system needs to be told, or asked, before a window can be.
//!
//! Never here: anything about Chimera.

use std::{
    any::Any,
    panic::{self, AssertUnwindSafe, catch_unwind},
};

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
    /// The window system's library broke.
    #[error("the window cannot be opened: {0}. `chimerad serve` needs no window")]
    Broken(String),
}

/// Builds what needs a display. The window system's library panics where the display does not answer; that
/// is said like any other failure.
pub(crate) fn on_display<T>(build: impl FnOnce() -> tauri::Result<T>) -> Result<T, NoWindow> {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let built = catch_unwind(AssertUnwindSafe(build));
    panic::set_hook(usual);
    match built {
        Ok(built) => Ok(built?),
        Err(panic) => Err(NoWindow::of(&*panic)),
    }
}

impl NoWindow {
    fn of(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let words = text
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("its library panicked");
        // The library's own words for "no answer".
        if words.contains("Failed to initialize gtk") {
            Self::DisplayRefuses
        } else {
            Self::Broken(words.to_owned())
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_display_that_does_not_answer_is_told_from_anything_else_that_breaks() {
        let built = on_display::<()>(|| panic!("Failed to initialize gtk backend!: BoolError"));
        assert!(matches!(built, Err(NoWindow::DisplayRefuses)), "{built:?}");
        let built = on_display::<()>(|| panic!("no fonts"));
        assert!(
            matches!(&built, Err(NoWindow::Broken(words)) if words == "no fonts"),
            "{built:?}"
        );
        assert_eq!(on_display(|| Ok(7)).ok(), Some(7));
    }
}
