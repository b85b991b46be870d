//! Signing in and out, and the own account.

use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chimera_authz::{self as authz, Seat};
use chimera_contract::{
    error::people,
    people::{Me, PasswordChange, SessionOpened, SignIn},
};
use chimera_domain::{
    audit::{AuditRecord, AuditStatus},
    change::Change,
    id::{SessionId, TenantId},
    role::{Actor, Role},
    time::Span,
};
use chimera_door::{
    address::Peer,
    counters::Counters,
    extract::Body,
    guard::COOKIE,
    people::{password, token},
    problem::{Answer, Problem},
    signed::Desk,
    state::Api,
    throttle::Wait,
};
use chimera_ports::store::{Session, SessionKind, User};
use chimera_runtime::Caller;
use chimera_wire::ToWire;
use serde_json::json;

/// Most characters of a session's label.
const MAX_LABEL_CHARS: usize = 40;
const SECONDS_PER_DAY: u32 = 86_400;

/// Signs in. Attempts are counted by address and by account; a success forgives the account's.
#[utoipa::path(post, path = "/api/v1/session", tag = "people",
    request_body = SignIn, responses((status = 201, body = SessionOpened)))]
pub(crate) async fn sign_in(
    State(api): State<Api>,
    Peer(peer): Peer,
    Body(asked): Body<SignIn>,
) -> Answer<Response> {
    let throttled = |wait: Wait| {
        Counters::add(&api.counters.sign_ins_throttled);
        Problem::new(&people::SIGN_IN_THROTTLED).after(wait.seconds)
    };
    let account = asked.email.trim().to_lowercase();
    api.addresses.count(peer, api.now()).map_err(throttled)?;
    // Counted before the password is looked at, so that attempts side by side count like any others.
    api.accounts
        .count(account.clone(), api.now())
        .map_err(throttled)?;
    let user = api
        .store()
        .user_by_email(&account)
        .await?
        .filter(|user| user.disabled_at.is_none());
    let hash = user.as_ref().map(|user| user.password_hash.as_str());
    let fits = api.passwords.verify(&asked.password, hash).await?;
    let user = match user {
        Some(user) if fits => user,
        refused => {
            Counters::add(&api.counters.sign_ins_failed);
            record_refusal(&api, refused.as_ref()).await?;
            return Err(Problem::new(&people::SIGN_IN_FAILED));
        }
    };
    api.accounts.forgive(&account);
    let label: String = asked
        .label
        .as_deref()
        .unwrap_or("browser")
        .chars()
        .take(MAX_LABEL_CHARS)
        .collect();
    let opened = open(&api, user, &label).await?;
    Ok((StatusCode::CREATED, with_cookie(&api, opened)).into_response())
}

/// Records a refused attempt under the account that it was for. An address without an account is recorded too,
/// without the address, in the installation's first workspace: so both take the same time, and nobody learns from
/// the clock who has an account. Attempts are throttled before they come here, which bounds these records.
async fn record_refusal(api: &Api, account: Option<&User>) -> Answer<()> {
    let tenant = match account {
        Some(user) => Some(user.tenant),
        None => api.store().tenants().await?.first().map(|first| first.id),
    };
    let Some(tenant) = tenant else { return Ok(()) };
    let output = json!({ "user": account.map(|user| user.id) });
    let record = AuditRecord {
        status: AuditStatus::Failure,
        ..api
            .runtime
            .record(tenant, Actor::system("door"), "session.refuse", output)
    };
    let notes = vec![Change::Audit(record)];
    api.store().append(tenant, notes).await?;
    Ok(())
}

/// Who is signed in, and where that person may go.
#[utoipa::path(get, path = "/api/v1/session", tag = "people", responses((status = 200, body = Me)))]
pub(crate) async fn get_session(Desk { api, signed }: Desk) -> Answer<Json<Me>> {
    me(&api, &signed.user, &signed.session, signed.seat())
        .await
        .map(Json)
}

/// Signs out: the token is worth nothing from here on.
#[utoipa::path(delete, path = "/api/v1/session", tag = "people", responses((status = 204)))]
pub(crate) async fn sign_out(Desk { api, signed }: Desk) -> Answer<Response> {
    let who = &signed.caller;
    let notes = api.notes(
        who,
        "session.end",
        json!({ "session": signed.session.id }),
        "session",
    );
    api.store()
        .revoke_session(who.tenant, signed.session.id, api.now(), notes)
        .await?;
    api.announce();
    let mut response = StatusCode::NO_CONTENT.into_response();
    forget_cookie(&api, &mut response);
    Ok(response)
}

/// Changes the own password.
#[utoipa::path(put, path = "/api/v1/session/password", tag = "people",
    request_body = PasswordChange, responses((status = 204)))]
pub(crate) async fn change_password(
    Desk { api, signed }: Desk,
    Body(asked): Body<PasswordChange>,
) -> Answer<StatusCode> {
    let mut user = signed.user;
    if user.is_service() {
        return Err(Problem::saying(
            &people::FORBIDDEN,
            "The account of a program has no password. Nothing was changed.",
        ));
    }
    let account = user.email.to_lowercase();
    api.accounts
        .count(account.clone(), api.now())
        .map_err(|wait| Problem::new(&people::SIGN_IN_THROTTLED).after(wait.seconds))?;
    if !api
        .passwords
        .verify(&asked.current, Some(&user.password_hash))
        .await?
    {
        return Err(Problem::saying(
            &people::SIGN_IN_FAILED,
            "The current password is not right. Nothing was changed.",
        ));
    }
    api.accounts.forgive(&account);
    password::check(&asked.new, &user.name, &user.email)?;
    user.password_hash = api.passwords.hash(&asked.new).await?;
    let notes = api.notes(
        &signed.caller,
        "user.password",
        json!({ "user": user.id }),
        "people",
    );
    api.store().update_user(&user, notes).await?;
    // Whoever came in with the password so far is out, but for the one who changed it.
    let this = Some(signed.session.id);
    api.store()
        .end_sessions(user.tenant, user.id, this, api.now(), Vec::new())
        .await?;
    api.announce();
    Ok(StatusCode::NO_CONTENT)
}

/// Opens a session for a person who proved who it is.
pub(crate) async fn open(api: &Api, user: User, label: &str) -> Answer<SessionOpened> {
    let token = token::mint()?;
    let digest =
        token::digest(&token).ok_or_else(|| Problem::internal(&"a minted token is no token"))?;
    let now = api.now();
    let session = Session {
        id: SessionId::from_uuid(api.runtime.ids().uuid()),
        tenant: user.tenant,
        user: user.id,
        token: digest,
        label: label.to_owned(),
        created_at: now,
        expires_at: now + Span::seconds(api.options.session_days.saturating_mul(SECONDS_PER_DAY)),
        kind: SessionKind::Person,
        prefix: String::new(),
        revoked_at: None,
        last_used_at: None,
    };
    let who = Caller {
        tenant: user.tenant,
        user: user.id,
        roles: user.roles.clone(),
    };
    let notes = api.notes(
        &who,
        "session.begin",
        json!({ "session": session.id, "label": label }),
        "session",
    );
    api.store().create_session(&session, notes).await?;
    api.announce();
    let seat = Seat {
        here_first: api.first_tenant().await? == Some(user.tenant),
        ..Seat::person(&user.roles)
    };
    Ok(SessionOpened {
        token,
        me: me(api, &user, &session, seat).await?,
        starter_agent: None,
    })
}

/// The answer with the token as a cookie that no script can read and no other site can use.
pub(crate) fn with_cookie(api: &Api, opened: SessionOpened) -> Response {
    let token = opened.token.clone();
    let mut response = Json(opened).into_response();
    set_cookie(
        api,
        &mut response,
        &token,
        api.options.session_days.saturating_mul(SECONDS_PER_DAY),
    );
    response
}

/// Takes the cookie out of the browser.
pub(crate) fn forget_cookie(api: &Api, response: &mut Response) {
    set_cookie(api, response, "", 0);
}

fn set_cookie(api: &Api, response: &mut Response, token: &str, max_age: u32) {
    let secure = if api.options.secure_cookies {
        "; Secure"
    } else {
        ""
    };
    let line =
        format!("{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={max_age}{secure}");
    if let Ok(value) = HeaderValue::from_str(&line) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

async fn me(api: &Api, user: &User, session: &Session, seat: Seat<'_>) -> Answer<Me> {
    let everybody = api.store().users(user.tenant).await?;
    // The account of this machine has no password: nobody signs in to it, so nobody shares the work there.
    let active = everybody
        .iter()
        .filter(|one| one.disabled_at.is_none() && !one.is_service())
        .count();
    let solo = active == 1 && Role::ALL.iter().all(|role| user.roles.contains(role));
    Ok(Me {
        user: user.wire(),
        tenant: tenant(api, user.tenant).await?.wire(),
        rooms: authz::rooms(&user.roles),
        may: seat.groups(),
        solo,
        session: session.wire(),
    })
}

/// The tenant of that key.
pub(crate) async fn tenant(api: &Api, id: TenantId) -> Answer<chimera_domain::tenant::Tenant> {
    let tenants = api.store().tenants().await?;
    tenants
        .into_iter()
        .find(|tenant| tenant.id == id)
        .ok_or_else(|| Problem::not_found("workspace", &id.to_string()))
}
