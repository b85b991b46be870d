//! Where the page may go, and what is opened in the person's own browser instead.
//!
//! Never here: what the page may ask of the API (`door`).

use tauri::Url;

/// What becomes of an address that the page wants to go to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Destination {
    /// The console itself: shown.
    Console,
    /// A page of the web: opened in the person's browser, never in this window.
    Browser,
    /// Anything else: refused.
    Nowhere,
}

/// Decides on `url`; `development` is the address of the development server, while there is one.
pub(crate) fn destination(url: &Url, development: Option<&Url>) -> Destination {
    if development.is_some_and(|page| page.origin() == url.origin()) || is_console(url) {
        return Destination::Console;
    }
    match url.scheme() {
        "http" | "https" if url.host_str().is_some() => Destination::Browser,
        _ => Destination::Nowhere,
    }
}

/// The page inside this program, as each system addresses it, and the blank one that it begins with.
fn is_console(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => url.host_str() == Some("tauri.localhost") && url.port().is_none(),
        "about" => url.path() == "blank",
        _ => false,
    }
}

/// Opens a page of the web in the person's browser.
pub(crate) fn open(url: &Url) {
    if let Err(error) = tauri_plugin_opener::open_url(url.as_str(), None::<&str>) {
        tracing::warn!(%error, "no browser opened the page");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Destination) {
        let development = Url::parse("http://localhost:5173").unwrap();
        assert_eq!(
            destination(&Url::parse(url).unwrap(), Some(&development)),
            expected,
            "{url}"
        );
    }

    #[test]
    fn the_console_is_shown_the_web_goes_to_the_browser_and_nothing_else_goes_anywhere() {
        check("tauri://localhost/index.html#/review", Destination::Console);
        check("http://tauri.localhost/", Destination::Console);
        check("http://localhost:5173/#/", Destination::Console);
        check("about:blank", Destination::Console);
        check("https://example.org/post?id=1", Destination::Browser);
        check("http://localhost:5174/", Destination::Browser);
        check("http://tauri.localhost.evil.example/", Destination::Browser);
        check("http://tauri.localhost:81/", Destination::Browser);
        for nowhere in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,<script>",
            "tauri://evil/index.html",
            "blob:tauri://localhost/1",
            "ssh://host/",
            "about:config",
            "ipc://localhost/api_request",
        ] {
            check(nowhere, Destination::Nowhere);
        }
    }

    #[test]
    fn without_a_development_server_its_address_is_one_like_any_other() {
        let url = Url::parse("http://localhost:5173/").unwrap();
        assert_eq!(destination(&url, None), Destination::Browser);
    }
}
