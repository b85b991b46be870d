//! The guard at every endpoint: known endpoint, known person, fitting role, own origin, within the rate,
//! naming a version where one is needed. What is not allowed is denied.
//!
//! Never here: whose row it is (the store's queries enforce the tenant).

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chimera_authz as authz;
use chimera_contract::{
    endpoint::{self, Endpoint, Group, Precondition},
    error::{people, request},
};
use chimera_domain::time::{Span, Timestamp};
use chimera_ports::store::{Session, SessionKind};
use chimera_runtime::Caller;
use http::{HeaderMap, Method, header, request::Parts};
use serde_json::json;
use url::Url;

use crate::{
    crossing, host,
    people::token,
    problem::{Answer, Problem},
    signed::Signed,
    state::Api,
};

/// How exactly it is kept when a session was used last.
const USED_EVERY: Span = Span::seconds(60);
const SECONDS_PER_HOUR: u32 = 3_600;

/// Name of the browser's cookie.
pub const COOKIE: &str = "chimera_session";

/// How the token came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Carrier {
    /// In `Authorization`: only who knows the token can send it.
    Header,
    /// In a cookie: the browser sends it whoever asks, so the asking page matters.
    Cookie,
}

/// Lets through who may.
pub(crate) async fn may_pass(State(api): State<Api>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&api, &parts).await {
        Ok((endpoint, signed)) => {
            parts.extensions.insert(*endpoint);
            if let Some(signed) = signed {
                if let Err(problem) = allow(&api, &parts, endpoint, &signed) {
                    // Whoever may not do it at all may still have asked for what is another's.
                    crossing::refused(&api, &signed, endpoint, &parts.uri);
                    return problem.into_response();
                }
                parts.extensions.insert(signed);
            }
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

/// Who asks for which endpoint; nobody, where it is open.
async fn admit(api: &Api, request: &Parts) -> Answer<(&'static Endpoint, Option<Signed>)> {
    let endpoint = endpoint_of(request)?;
    let headers = &request.headers;
    let writes = !matches!(request.method, Method::GET | Method::HEAD);
    if writes {
        same_origin(headers, request, api)?;
    }
    if endpoint.group == Group::Open && authz::is_open(endpoint) {
        return Ok((endpoint, None));
    }
    let (token, carrier) =
        token_in(headers).ok_or_else(|| Problem::new(&people::UNAUTHENTICATED))?;
    if writes && carrier == Carrier::Cookie && !headers.contains_key(header::ORIGIN) {
        // Every browser names the origin of a write. One that does not is none of ours.
        return Err(Problem::new(&request::ORIGIN_REFUSED));
    }
    let signed = signed_in(api, token).await?;
    Ok((endpoint, Some(signed)))
}

/// Whether who is signed in may ask for it now.
fn allow(api: &Api, request: &Parts, endpoint: &Endpoint, signed: &Signed) -> Answer<()> {
    let group = endpoint.group;
    // An open endpoint that the rules do not open is nobody's.
    if group == Group::Open || !signed.seat().may(group) {
        return Err(forbidden(group, signed));
    }
    if let Err(wait) = api.tenants.count(signed.caller.tenant, api.now()) {
        return Err(Problem::new(&request::RATE_LIMITED).after(wait.seconds));
    }
    let headers = &request.headers;
    if endpoint.precondition == Precondition::Required && !headers.contains_key(header::IF_MATCH) {
        return Err(Problem::new(&request::PRECONDITION_REQUIRED));
    }
    Ok(())
}

fn forbidden(group: Group, signed: &Signed) -> Problem {
    let whom = json!({ "roles": authz::who_may(group) });
    if signed.seat().lacks_the_first_workspace(group) {
        // Which one that is, is nobody's business in another.
        let why = "Your role would allow this, and it is for everybody on this installation, so that only its first workspace may do it. Nothing was done. Ask whoever runs this installation.";
        return Problem::saying(&people::FORBIDDEN, why).with(whom);
    }
    match authz::why_no_key(group) {
        Some(why) if signed.seat().key => Problem::saying(
            &people::FORBIDDEN,
            format!("No API key may do this, whatever its roles: {why}. Nothing was done."),
        )
        .with(whom),
        _ => Problem::new(&people::FORBIDDEN).with(whom),
    }
}

/// Lets through who holds a token in the header, for what is no endpoint of the contract. What the token may is found
/// out at each endpoint that is asked with it.
pub(crate) async fn token_holder(api: &Api, request: &Parts) -> Answer<()> {
    same_origin(&request.headers, request, api)?;
    let Some((token, Carrier::Header)) = token_in(&request.headers) else {
        return Err(Problem::new(&people::UNAUTHENTICATED));
    };
    let signed = signed_in(api, token).await?;
    let rate = api.tenants.count(signed.caller.tenant, api.now());
    rate.map_err(|wait| Problem::new(&request::RATE_LIMITED).after(wait.seconds))
}

fn endpoint_of(request: &Parts) -> Answer<&'static Endpoint> {
    let unknown = || Problem::new(&request::NOT_FOUND);
    let path = request
        .extensions
        .get::<MatchedPath>()
        .ok_or_else(unknown)?
        .as_str();
    let method = match request.method {
        Method::HEAD => "GET",
        ref method => method.as_str(),
    };
    endpoint::find(method, path).ok_or_else(|| {
        // The router itself says in `Allow` what the address knows.
        let elsewhere = endpoint::all().any(|one| one.path == path);
        if elsewhere {
            Problem::new(&request::METHOD_NOT_ALLOWED)
        } else {
            unknown()
        }
    })
}

/// A page that writes must be one of ours: its origin's host is the host that was asked for, or an
/// allowed one.
fn same_origin(headers: &HeaderMap, request: &Parts, api: &Api) -> Answer<()> {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(());
    };
    let refused = || Problem::new(&request::ORIGIN_REFUSED);
    let origin = origin.to_str().map_err(|_| refused())?;
    let page = Url::parse(origin).map_err(|_| refused())?;
    let page_host = page.host_str().ok_or_else(refused)?;
    let asked = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok())
        .or_else(|| request.uri.authority().map(|name| name.as_str()))
        .unwrap_or_default();
    let page_authority = match page.port() {
        Some(port) => format!("{page_host}:{port}"),
        None => page_host.to_owned(),
    };
    let allowed = &api.options.allowed_hosts;
    let same = page_authority.eq_ignore_ascii_case(asked);
    // Another port of loopback is another program on this machine, not ours.
    let configured = !host::is_known(page_host, &[]) && host::is_known(page_host, allowed);
    if same || configured {
        Ok(())
    } else {
        Err(refused())
    }
}

fn token_in(headers: &HeaderMap) -> Option<(&str, Carrier)> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
        return scheme
            .eq_ignore_ascii_case("bearer")
            .then_some((token.trim(), Carrier::Header));
    }
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
        .map(|token| (token, Carrier::Cookie))
}

async fn signed_in(api: &Api, token: &str) -> Answer<Signed> {
    let nobody = || Problem::new(&people::UNAUTHENTICATED);
    let digest = token::digest(token).ok_or_else(nobody)?;
    let now = api.now();
    let (session, user) = api
        .store()
        .session(digest, now)
        .await?
        .filter(|(session, _)| !lies_idle(api, session, now))
        .ok_or_else(nobody)?;
    if session
        .last_used_at
        .is_none_or(|used| used + USED_EVERY <= now)
    {
        note_use(api, &session, now);
    }
    let here_first = api.first_tenant().await? == Some(user.tenant);
    let caller = Caller {
        tenant: user.tenant,
        user: user.id,
        roles: user.roles.clone(),
    };
    Ok(Signed {
        caller,
        user,
        session,
        here_first,
    })
}

/// Whether a person's session has not been used for so long that it counts as ended.
fn lies_idle(api: &Api, session: &Session, now: Timestamp) -> bool {
    let hours = api.options.session_idle_hours;
    let used = session.last_used_at.unwrap_or(session.created_at);
    session.kind == SessionKind::Person
        && used + Span::seconds(hours.saturating_mul(SECONDS_PER_HOUR)) <= now
}

/// Writes down beside the request that a session was used: nobody waits for it, and a disk in trouble refuses no reader.
fn note_use(api: &Api, session: &Session, now: Timestamp) {
    let (api, tenant, id) = (api.clone(), session.tenant, session.id);
    tokio::spawn(async move {
        if let Err(error) = api.store().use_session(tenant, id, now).await {
            tracing::warn!(%error, "the use of a session could not be noted");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn the_header_wins_over_the_cookie_and_other_cookies_are_not_read() {
        let both = headers(&[
            (header::AUTHORIZATION, "bearer abc"),
            (header::COOKIE, "chimera_session=def"),
        ]);
        assert_eq!(token_in(&both), Some(("abc", Carrier::Header)));
        let cookie = headers(&[(header::COOKIE, "a=b; chimera_session=def; c=d")]);
        assert_eq!(token_in(&cookie), Some(("def", Carrier::Cookie)));
        for none in [
            headers(&[]),
            headers(&[
                (header::AUTHORIZATION, "Basic abc"),
                (header::COOKIE, "chimera_session=def"),
            ]),
            headers(&[(header::COOKIE, "chimera_session_old=def")]),
        ] {
            assert_eq!(token_in(&none), None);
        }
    }
}
