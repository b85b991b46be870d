//! Which addresses a window may ask for. What is not listed is refused.
//!
//! Never here: whether the person may (the API decides that).

use axum::http::Uri;

use super::Refusal;

/// Longest path with its query, in bytes.
const MAX_PATH_BYTES: usize = 8 * 1024;

/// What one window may ask for.
struct Window {
    label: &'static str,
    /// Everything below these, the slash included.
    below: &'static [&'static str],
    /// These alone.
    exactly: &'static [&'static str],
    /// But for these, which have another way.
    never: &'static [&'static str],
    /// Whether it may hear events.
    watches: bool,
}

/// Every window with a way to the API.
const WINDOWS: &[Window] = &[Window {
    label: "main",
    below: &["/api/v1/"],
    exactly: &["/api/openapi.json", "/healthz"],
    never: &["/api/v1/events"],
    watches: true,
}];

fn window(label: &str) -> Option<&'static Window> {
    WINDOWS.iter().find(|window| window.label == label)
}

/// Whether a window may hear events.
pub(super) fn may_watch(label: &str) -> bool {
    window(label).is_some_and(|window| window.watches)
}

/// A path that means the same to whoever reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Route {
    /// For the router.
    pub(super) uri: Uri,
    /// Its path with every escape taken out, for comparing.
    plain: String,
}

impl Route {
    /// Reads path and query. Whatever two readers could read differently is refused rather than mended:
    /// dots that climb, doubled or escaped slashes, control signs, a host.
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        let readable =
            text.len() <= MAX_PATH_BYTES && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !readable || text.contains(['\\', '#']) {
            return Err(Refusal::Path);
        }
        let path = text.split('?').next().unwrap_or_default();
        let mut plain = String::with_capacity(path.len());
        for segment in path.strip_prefix('/').ok_or(Refusal::Path)?.split('/') {
            let segment = unescape(segment).ok_or(Refusal::Path)?;
            if matches!(segment.as_str(), "" | "." | "..") || segment.contains(['/', '\\']) {
                return Err(Refusal::Path);
            }
            plain.push('/');
            plain.push_str(&segment);
        }
        let uri: Uri = text.parse().map_err(|_| Refusal::Path)?;
        let is_local = uri.scheme().is_none() && uri.authority().is_none() && uri.path() == path;
        if is_local {
            Ok(Self { uri, plain })
        } else {
            Err(Refusal::Path)
        }
    }

    /// Whether `label` may ask for it.
    pub(super) fn is_open_to(&self, label: &str) -> bool {
        let Some(window) = window(label) else {
            return false;
        };
        let path = self.plain.as_str();
        let listed = window.exactly.contains(&path)
            || window.below.iter().any(|place| path.starts_with(place));
        listed && !window.never.contains(&path)
    }
}

/// Takes out `%xx`; `None` for a broken escape, a control sign, or what is no UTF-8.
fn unescape(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, after @ ..] = rest {
        if *first == b'%' {
            let digits = after
                .get(..2)
                .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.chars().any(char::is_control)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(window: &str, path: &str, open: bool) {
        let found = Route::parse(path).map(|route| route.is_open_to(window));
        assert_eq!(found.ok(), Some(open), "{window} {path}");
    }

    #[test]
    fn the_main_window_reaches_the_api_and_nothing_beside_it() {
        for open in [
            "/api/v1/campaigns",
            "/api/v1/campaigns?limit=5&after=a%2Fb",
            "/api/v1/reviews/r%201/decision",
            "/api/v1/reviews/%C3%A9",
            "/api/v1/events-of-the-day",
            "/api/openapi.json",
            "/healthz",
        ] {
            check("main", open, true);
        }
        for shut in [
            "/api",
            "/api/v1",
            "/api/v1x/campaigns",
            "/API/v1/campaigns",
            "/api/v2/campaigns",
            "/api/v1/events",
            "/api/v1/events?after=3",
            "/api/v1/%65vents",
            "/api/openapi.json/x",
            "/api/approve/1",
            "/healthz/x",
            "/metrics",
            "/readyz",
            "/index.html",
        ] {
            check("main", shut, false);
        }
    }

    #[test]
    fn a_window_that_is_not_listed_reaches_nothing() {
        for path in ["/api/v1/campaigns", "/healthz"] {
            check("preview", path, false);
            check("", path, false);
            check("Main", path, false);
        }
        assert_eq!((may_watch("main"), may_watch("preview")), (true, false));
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_read_at_all() {
        for trick in [
            "",
            "/",
            "api/v1/campaigns",
            "//evil.example/api/v1/x",
            "http://evil.example/api/v1/x",
            "/api/v1/../../metrics",
            "/api/v1/..",
            "/api/v1/./x",
            "/api/v1/%2e%2e/%2E%2E/metrics",
            "/api/v1/.%2e/x",
            "/api/v1//campaigns",
            "/api/v1/campaigns/",
            "/api/v1/a%2fb",
            "/api/v1/a%2Fb",
            "/api/v1/a%5cb",
            "/api/v1\\..\\metrics",
            "/api/v1/a%",
            "/api/v1/a%2",
            "/api/v1/a%zz",
            "/api/v1/a%+1",
            "/api/v1/a%00",
            "/api/v1/a%0d%0aHost:evil",
            "/api/v1/a%ff",
            "/api/v1/a b",
            "/api/v1/a\r\nHost: evil",
            "/api/v1/a#b",
            "/api/v1/é",
            &format!("/api/v1/{}", "a".repeat(MAX_PATH_BYTES)),
        ] {
            assert_eq!(Route::parse(trick), Err(Refusal::Path), "{trick:?}");
        }
    }

    #[test]
    fn the_router_gets_the_very_path_that_was_looked_at() {
        let route = Route::parse("/api/v1/reviews/r%201?a=%2F..%2F").unwrap();
        assert_eq!(route.plain, "/api/v1/reviews/r 1");
        assert_eq!(route.uri.to_string(), "/api/v1/reviews/r%201?a=%2F..%2F");
    }
}
