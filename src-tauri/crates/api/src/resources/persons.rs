//! A person's data: everything that is kept in one bundle, and erasing it, in two steps.

use std::sync::Arc;

use axum::Json;
use chimera_contract::{
    error::request,
    person::{
        MAX_REASON_CHARS, PersonAccount, PersonBundle as WireBundle, PersonErase, PersonErased,
        PersonPlace, PersonQuery,
    },
    scalar::{Id, Time},
};
use chimera_domain::{person::Identifier, text::written};
use chimera_door::{
    extract::Body,
    problem::{Answer, Problem},
    signed::Desk,
    state::Api,
};
use chimera_ports::{
    persons::{PersonBundle, PersonDesk},
    store::Place,
};

/// Everything that is kept about a person, with where each piece lies and what of it would stay. Handing it out is on
/// record, under a pseudonym.
#[utoipa::path(post, path = "/api/v1/persons/export", tag = "people",
    request_body = PersonQuery, responses((status = 200, body = WireBundle)))]
pub(crate) async fn export_person(
    Desk { api, signed }: Desk,
    Body(asked): Body<PersonQuery>,
) -> Answer<Json<WireBundle>> {
    let who = &signed.caller;
    let desk = desk(&api)?;
    let found = desk
        .find(who.tenant, identifiers(&asked.identifiers)?)
        .await?;
    desk.handed_out(who.tenant, who.user, &found).await?;
    api.announce();
    Ok(Json(bundle(found)))
}

/// Erases what the bundle listed, when `confirm` is what it said: a tombstone takes the place of each identifier. What
/// proves a decision or belongs to the audit chain stays and is listed with its ground.
#[utoipa::path(post, path = "/api/v1/persons/erase", tag = "people",
    request_body = PersonErase, responses((status = 200, body = PersonErased)))]
pub(crate) async fn erase_person(
    Desk { api, signed }: Desk,
    Body(asked): Body<PersonErase>,
) -> Answer<Json<PersonErased>> {
    let who = &signed.caller;
    let reason = written("The reason", asked.reason.trim(), 1, MAX_REASON_CHARS)
        .map_err(|error| Problem::invalid(format!("{error}. Nothing was erased.")))?;
    let wanted = identifiers(&asked.identifiers)?;
    let told = (reason, asked.confirm);
    let erased = desk(&api)?
        .erase(who.tenant, who.user, wanted, told)
        .await?;
    api.announce();
    Ok(Json(PersonErased {
        pseudonym: erased.pseudonym,
        changed: erased.changed,
        kept: erased.kept.into_iter().map(place).collect(),
    }))
}

fn identifiers(texts: &[String]) -> Answer<Vec<Identifier>> {
    Identifier::parse_all(texts)
        .map_err(|error| Problem::invalid(format!("{error}. Nothing was looked for.")))
}

fn desk(api: &Api) -> Answer<&Arc<dyn PersonDesk>> {
    api.options.persons.as_ref().ok_or_else(|| {
        let message = "Nobody in this installation looks for a person's data. Nothing was changed.";
        Problem::saying(&request::UNAVAILABLE, message)
    })
}

fn place(place: Place) -> PersonPlace {
    PersonPlace {
        shelf: place.shelf,
        key: place.key,
        column: place.column,
        text: place.text,
        stays: place.stays,
    }
}

fn bundle(found: PersonBundle) -> WireBundle {
    WireBundle {
        pseudonym: found.pseudonym,
        identifiers: found.identifiers.into_iter().map(|one| one.value).collect(),
        at: Time::of(found.at),
        account: found.account.map(|account| PersonAccount {
            user: Id::of(account.user),
            name: account.name,
            email: account.email,
            roles: account.roles,
            sessions: account.sessions,
            decisions: account.decisions.iter().map(Id::of).collect(),
            acts: account.acts,
            last_admin: account.last_admin,
        }),
        places: found.places.into_iter().map(place).collect(),
        more: found.more,
        confirm: found.confirm,
    }
}
