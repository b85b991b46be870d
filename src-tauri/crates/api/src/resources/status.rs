//! Degraded mode: derived from what each part knows of itself at this moment. Nobody is asked for it.

use std::time::Duration;

use axum::Json;
use chimera_contract::{
    scalar::{Id, Time},
    status::{Part, Status, Trouble},
};
use chimera_domain::{
    agent::Agent, breaker::Interruption, fault::Fault, id::TenantId, platform::Platform,
};
use chimera_door::{
    options::Keychain,
    problem::{Answer, trouble_code},
    signed::Desk,
    state::Api,
};
use chimera_ports::{
    error::Trouble as StoreTrouble, model::ModelHealth, questions::Question, tools::ServerStatus,
};

use super::model::ALL_ROLES;

/// Most agents that are named; each is also in the Fleet room.
const MAX_AGENTS: u32 = 20;
/// Longest wait for what trying the keychain out at start will show.
const KEYCHAIN_LOOK: Duration = Duration::from_millis(50);

/// What does not work at the moment, what waits for it, and what goes on.
#[utoipa::path(get, path = "/api/v1/status", tag = "swarm", responses((status = 200, body = Status)))]
pub(crate) async fn get_status(Desk { api, signed }: Desk) -> Answer<Json<Status>> {
    let tenant = signed.caller.tenant;
    let met = api.store().trouble();
    let mut troubles: Vec<Trouble> = met.map(disk).into_iter().chain(model(&api)).collect();
    let servers = api.runtime.tools().servers(tenant).await;
    troubles.extend(servers.iter().filter_map(server));
    let questions = api.options.questions.iter();
    troubles.extend(
        questions
            .flat_map(|desk| desk.waiting(tenant))
            .map(|one| asked(&one)),
    );
    troubles.extend(keychain(&api, tenant).await);
    let paused = match api.store().held_agents(tenant, MAX_AGENTS).await {
        // What a damaged file does not give is no reason to be silent about the damage.
        Err(error) if met.is_some() => {
            tracing::warn!(%error, "the paused agents could not be read");
            Vec::new()
        }
        paused => paused?,
    };
    troubles.extend(paused.iter().map(agent));
    Ok(Json(Status {
        degraded: !troubles.is_empty(),
        troubles,
        at: Time::of(api.now()),
    }))
}

/// A disk in trouble, as the last write met it: it comes first, because everything else waits for it.
fn disk(met: StoreTrouble) -> Trouble {
    let code = trouble_code(met);
    let (what, goes_on) = match met {
        StoreTrouble::Full => (
            "There is no room for the database",
            "Everything that was there can be read, and it goes on by itself when there is room.",
        ),
        StoreTrouble::ReadOnly => (
            "The database cannot be written to",
            "Everything that was there can be read, and it goes on by itself when it can be written again.",
        ),
        StoreTrouble::Damaged => (
            "The database is damaged, or its file was taken away",
            "What can still be read is shown.",
        ),
    };
    Trouble {
        part: Part::Disk,
        code: code.code.to_owned(),
        what: what.to_owned(),
        since: None,
        waits: "Nothing can be stored: planning, drafting, judging, decisions and publishing wait."
            .to_owned(),
        goes_on: goes_on.to_owned(),
        detail: code.hint.to_owned(),
        next_try: None,
        agent: None,
    }
}

fn model(api: &Api) -> Option<Trouble> {
    let model = api.runtime.model();
    ALL_ROLES.into_iter().find_map(|role| {
        let standing_in = model.fallback(role).filter(|standing_in| {
            let refusal = standing_in.health(role).refusal_at(api.now());
            refusal.is_none()
        });
        let name = standing_in.map(|standing_in| {
            let info = standing_in.info(role);
            format!("{}/{}", info.provider, info.model)
        });
        of_model(model.health(role), name.as_deref())
    })
}

/// What a provider's health means for the work; `standing_in` is the model that answers while it is left alone.
fn of_model(health: ModelHealth, standing_in: Option<&str>) -> Option<Trouble> {
    let goes_on = "Reviews, approvals and publishing go on.".to_owned();
    if let Some(open) = health.interruption {
        let (what, waits, goes_on) = match standing_in {
            None => (
                "No model answers".to_owned(),
                "Planning, drafting and judging wait.".to_owned(),
                goes_on,
            ),
            Some(name) => (
                format!("The AI provider does not answer; {name} stands in for it"),
                "Nothing waits.".to_owned(),
                format!("Everything goes on. What {name} makes carries its name."),
            ),
        };
        return Some(Trouble {
            part: Part::Model,
            code: "MODEL_CIRCUIT_OPEN".to_owned(),
            what,
            since: Some(Time::of(open.since)),
            waits,
            goes_on,
            detail: open.cause,
            next_try: Some(Time::of(open.probe_at)),
            agent: None,
        });
    }
    let refused = health.refusal?;
    Some(Trouble {
        part: Part::Model,
        code: refused.fault.code,
        what: "The AI provider refuses what it is asked".to_owned(),
        since: refused.since.map(Time::of),
        waits: "Steps that need a model fail until a person mends it.".to_owned(),
        goes_on,
        detail: refused.fault.message,
        next_try: None,
        agent: None,
    })
}

/// A server that was never needed yet is no trouble, and one whose other tools work is none either.
fn server(status: &ServerStatus) -> Option<Trouble> {
    if let Some(open) = &status.interruption {
        return Some(of_server(
            &status.name,
            "MCP_CIRCUIT_OPEN",
            &open.cause,
            Some(open),
        ));
    }
    let fault: &Fault = status.problem.as_ref().filter(|_| !status.connected)?;
    // It waits for its operator's word, who knows; nothing failed.
    if ["MCP_SERVER_OFF", "MCP_SERVER_UNTRUSTED"].contains(&fault.code.as_str()) {
        return None;
    }
    Some(of_server(&status.name, &fault.code, &fault.message, None))
}

fn of_server(name: &str, code: &str, detail: &str, open: Option<&Interruption>) -> Trouble {
    let (waits, goes_on) = match name.parse::<Platform>() {
        Ok(network) => (
            format!("Posts to {network} stay held, and its figures are not read."),
            "Planning, drafting, reviews and other networks go on.",
        ),
        Err(_) if name == "feeds" => (
            "Steps that read feeds wait.".to_owned(),
            "Drafts from what was read already, reviews and publishing go on.",
        ),
        Err(_) => (
            "Steps that need its tools wait.".to_owned(),
            "Everything else goes on.",
        ),
    };
    Trouble {
        part: Part::Server,
        code: code.to_owned(),
        what: match code {
            "MCP_AUTHORIZATION_NEEDED" => {
                format!("The server \"{name}\" wants to be authorized by a person")
            }
            "MCP_SCOPE_NEEDED" => {
                format!("The server \"{name}\" wants to be authorized for more")
            }
            _ => format!("The server \"{name}\" does not answer"),
        },
        since: open.map(|open| Time::of(open.since)),
        waits,
        goes_on: goes_on.to_owned(),
        detail: detail.to_owned(),
        next_try: open.map(|open| Time::of(open.probe_at)),
        agent: None,
    }
}

/// A call that waits for a person, who may be in any room. What is asked stands where it is answered.
fn asked(question: &Question) -> Trouble {
    Trouble {
        part: Part::Server,
        code: "MCP_INPUT_REQUIRED".to_owned(),
        what: format!("The server \"{}\" asks a person something", question.server),
        since: Some(Time::of(question.asked_at)),
        waits: "Its call waits for the answer, and is cancelled without one.".to_owned(),
        goes_on: "Everything else goes on.".to_owned(),
        detail: "An admin or an operator answers it under Connections.".to_owned(),
        next_try: None,
        agent: None,
    }
}

/// A keychain that does not work is a trouble only where a key lies in it.
async fn keychain(api: &Api, tenant: TenantId) -> Option<Trouble> {
    let keychain: &dyn Keychain = api.options.keychain.as_deref()?;
    let known = tokio::time::timeout(KEYCHAIN_LOOK, keychain.status()).await;
    let fault = known.ok()?.problem?;
    let chosen = super::model::chosen(api, tenant).await.ok()??;
    let is_needed = chosen
        .keys()
        .any(|key| matches!(key, chimera_contract::connection::KeyPlace::Keychain { .. }));
    is_needed.then(|| Trouble {
        part: Part::Keychain,
        code: fault.code,
        what: "The keychain does not give its keys".to_owned(),
        since: None,
        waits: "A model whose key lies there cannot be asked after a restart.".to_owned(),
        goes_on: "Reviews, approvals and publishing go on.".to_owned(),
        detail: fault.message,
        next_try: None,
        agent: None,
    })
}

fn agent(agent: &Agent) -> Trouble {
    Trouble {
        part: Part::Agent,
        code: "AGENT_PAUSED".to_owned(),
        what: format!("{} is {}", agent.name, agent.control.as_str()),
        since: None,
        waits: "Nothing of it begins and nothing of it leaves.".to_owned(),
        goes_on: "All other agents go on, and its reviews can be decided.".to_owned(),
        detail: "Let it go on under Fleet when the cause is mended; its alerts say what that was."
            .to_owned(),
        next_try: None,
        agent: Some(Id::of(agent.id)),
    }
}

#[cfg(test)]
mod tests {
    use chimera_domain::{breaker::BreakerState, time::Timestamp};
    use chimera_ports::model::Refused;

    use super::*;

    fn open() -> Interruption {
        Interruption {
            state: BreakerState::Open,
            since: Timestamp::from_seconds(10),
            probe_at: Timestamp::from_seconds(12),
            cause: "status 500".to_owned(),
        }
    }

    #[test]
    fn a_model_that_is_left_alone_says_what_waits_and_what_goes_on() {
        assert_eq!(of_model(ModelHealth::default(), None), None);
        let down = ModelHealth {
            interruption: Some(open()),
            refusal: None,
        };
        let stood_in = of_model(down.clone(), Some("ollama/small")).unwrap();
        assert_eq!(
            (stood_in.what.as_str(), stood_in.waits.as_str()),
            (
                "The AI provider does not answer; ollama/small stands in for it",
                "Nothing waits."
            )
        );
        let down = of_model(down, None).unwrap();
        assert_eq!(
            (
                down.what.as_str(),
                down.waits.as_str(),
                down.goes_on.as_str()
            ),
            (
                "No model answers",
                "Planning, drafting and judging wait.",
                "Reviews, approvals and publishing go on."
            )
        );
        assert_eq!(down.next_try, Some(Time::of(Timestamp::from_seconds(12))));
        let refused = ModelHealth {
            interruption: None,
            refusal: Some(Refused {
                fault: Fault::of("MODEL_AUTH", "Check the key."),
                since: None,
            }),
        };
        let refused = of_model(refused, Some("ollama/small")).unwrap();
        assert_eq!(
            (refused.code.as_str(), refused.next_try),
            ("MODEL_AUTH", None)
        );
    }

    #[test]
    fn a_disk_in_trouble_says_what_to_do_and_never_that_writing_goes_on() {
        for (met, code) in [
            (StoreTrouble::Full, "STORE_FULL"),
            (StoreTrouble::ReadOnly, "STORE_READ_ONLY"),
            (StoreTrouble::Damaged, "STORE_DAMAGED"),
        ] {
            let told = disk(met);
            assert_eq!((told.part, told.code.as_str()), (Part::Disk, code));
            assert_eq!(told.code, met.code(), "one code in every room");
            assert!(told.waits.contains("publishing wait"), "{told:?}");
            assert!(
                told.goes_on.contains("read") && told.detail.contains("`chimerad backup"),
                "a copy is offered: {told:?}"
            );
        }
    }

    #[test]
    fn a_server_is_a_trouble_only_when_it_was_needed_and_is_away() {
        let resting = ServerStatus {
            name: "sandbox".to_owned(),
            transport: "stdio".to_owned(),
            connected: false,
            protocol: None,
            tools: 0,
            problem: None,
            interruption: None,
            group: None,
            under_way: 0,
            stood_in: 0,
            running: Vec::new(),
        };
        assert_eq!(server(&resting), None);
        let partly = ServerStatus {
            connected: true,
            problem: Some(Fault::of("MCP_TOOLS_LEFT_OUT", "x")),
            ..resting.clone()
        };
        assert_eq!(server(&partly), None);
        let strange = ServerStatus {
            problem: Some(Fault::of("MCP_SERVER_UNTRUSTED", "x")),
            ..resting.clone()
        };
        assert_eq!(server(&strange), None);
        let down = ServerStatus {
            interruption: Some(open()),
            ..resting
        };
        let down = server(&down).unwrap();
        assert!(
            down.waits.contains("Posts to sandbox stay held"),
            "{down:?}"
        );
        assert_eq!(down.since, Some(Time::of(Timestamp::from_seconds(10))));
    }
}
