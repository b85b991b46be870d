//! The router: every handler at its address, with everything that stands around it.
//!
//! Never here: a handler.

use std::sync::Arc;

use axum::Router;
use chimera_authz::NoRule;
use chimera_door::{
    around_endpoints, around_everything,
    beside::for_token_holders,
    options::Options,
    state::{Api, Inner},
    ui,
};
use chimera_runtime::Runtime;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    docs, operations,
    resources::{
        agents, api_keys, audit, authorizations, campaigns, chain, content, dead_letters, effects,
        events, feeds, home, keychain, memories, model, personas, persons, places, plans, policy,
        preferences, prices, prompts, questions, registry, retention, reviews, sandbox,
        server_resources, servers, session, setup, spending, status, swarm, tasks, tenant_form,
        tenants, traces, users,
    },
};

/// The whole API over a running runtime, ready to be served: by a socket (with
/// `into_make_service_with_connect_info::<SocketAddr>()`, so that attempts to sign in are counted by
/// address) or in process by the window's door.
pub fn router(runtime: Runtime, options: Options) -> Router {
    let ui_dir = options.ui_dir.clone();
    let programs = options.beside.clone();
    let api: Api = Arc::new(Inner::new(runtime, options));
    let endpoints: Router<Api> = endpoints().into();
    let router = around_endpoints(endpoints, &api)
        .merge(operations::routes().router)
        .merge(docs::routes().router)
        .with_state(api.clone());
    let router = match programs {
        Some(beside) => {
            let api_alone = around_everything(router.clone(), &api);
            router.merge(for_token_holders(&beside, api_alone, &api))
        }
        None => router,
    };
    around_everything(ui::beside(router, ui_dir.as_deref()), &api)
}

/// Every address that the router answers (`GET /healthz`), with those that stand beside it; the files of the console,
/// which are the same for everybody, have none of their own.
#[must_use]
pub fn addresses(beside: &[&str]) -> Vec<String> {
    let described = endpoints().into_openapi();
    let mut addresses: Vec<String> = described
        .paths
        .paths
        .iter()
        .flat_map(|(path, item)| {
            [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
                ("HEAD", &item.head),
                ("OPTIONS", &item.options),
                ("TRACE", &item.trace),
            ]
            .into_iter()
            .filter(|(_, operation)| operation.is_some())
            .map(move |(method, _)| format!("{method} {path}"))
        })
        .collect();
    addresses.extend(operations::routes().addresses);
    addresses.extend(docs::routes().addresses);
    addresses.extend(beside.iter().map(|path| format!("ANY {path}")));
    addresses
}

/// Checks that every address has its rule in the policy text: without one nothing may be served.
///
/// # Errors
/// Each address without a rule, and each rule without an address.
pub fn check_rules(beside: &[&str]) -> Result<(), Vec<NoRule>> {
    chimera_authz::check(&addresses(beside))
}

/// The endpoints of the contract.
pub(crate) fn endpoints() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .merge(people())
        .merge(fleet())
        .merge(campaign_routes())
        .merge(review_routes())
        .merge(persona_routes())
        .merge(watching())
        .merge(connections())
}

fn people() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(setup::get_setup, setup::set_up))
        .routes(routes!(
            session::sign_in,
            session::get_session,
            session::sign_out
        ))
        .routes(routes!(session::change_password))
        .routes(routes!(users::list_users, users::create_user))
        .routes(routes!(users::get_user, users::change_user))
        .routes(routes!(api_keys::list_api_keys, api_keys::make_api_key))
        .routes(routes!(api_keys::revoke_api_key))
        .routes(routes!(tenants::list_tenants, tenants::make_tenant))
        .routes(routes!(places::list_sessions, places::sign_out_everywhere))
        .routes(routes!(
            preferences::get_preferences,
            preferences::put_preferences
        ))
        .routes(routes!(retention::get_retention, retention::put_retention))
        .routes(routes!(persons::export_person))
        .routes(routes!(persons::erase_person))
        .routes(routes!(home::get_home))
        .routes(routes!(events::events))
}

fn fleet() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(swarm::list_agents))
        .routes(routes!(swarm::get_agent))
        .routes(routes!(agents::pause_agent))
        .routes(routes!(agents::resume_agent))
        .routes(routes!(agents::restart_agent))
        .routes(routes!(status::get_status))
        .routes(routes!(swarm::get_gauge))
        .routes(routes!(swarm::stop_everything))
        .routes(routes!(swarm::release_stop))
        .routes(routes!(tenant_form::open_swarm_session))
        .routes(routes!(tenant_form::get_swarm_session))
        .routes(routes!(tenant_form::get_swarm_task))
        .routes(routes!(tenant_form::get_swarm_task_result))
        .routes(routes!(tenant_form::list_swarm_reviews))
        .routes(routes!(tenant_form::decide_swarm_review))
}

fn campaign_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(
            campaigns::list_campaigns,
            campaigns::create_campaign
        ))
        .routes(routes!(campaigns::get_campaign, campaigns::amend_campaign))
        .routes(routes!(plans::get_plan, plans::make_plan, plans::edit_plan))
        .routes(routes!(campaigns::start_campaign))
        .routes(routes!(campaigns::pause_campaign))
        .routes(routes!(campaigns::resume_campaign))
        .routes(routes!(campaigns::cancel_campaign))
        .routes(routes!(campaigns::get_progress))
        .routes(routes!(tasks::list_tasks))
        .routes(routes!(tasks::get_graph))
        .routes(routes!(effects::list_campaign_effects))
        .routes(routes!(spending::list_campaign_calls))
        .routes(routes!(content::list_campaign_publications))
        .routes(routes!(content::list_campaign_content))
        .routes(routes!(tasks::get_task))
        .routes(routes!(tasks::cancel_task))
        .routes(routes!(plans::list_skills))
}

fn review_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(reviews::list_reviews))
        .routes(routes!(reviews::get_review))
        .routes(routes!(reviews::claim_review, reviews::release_claim))
        .routes(routes!(reviews::check_edit))
        .routes(routes!(reviews::decide_review))
        .routes(routes!(effects::list_effects))
        .routes(routes!(effects::get_effect))
        .routes(routes!(effects::undo_effect))
        .routes(routes!(effects::reconcile_effect))
        .routes(routes!(reviews::approve_task))
        .routes(routes!(reviews::reject_task))
}

fn persona_routes() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(personas::list_personas, personas::create_persona))
        .routes(routes!(personas::lint_soul))
        .routes(routes!(personas::edit_soul_field))
        .routes(routes!(personas::get_persona, personas::save_persona))
        .routes(routes!(personas::list_persona_versions))
        .routes(routes!(personas::get_persona_version))
        .routes(routes!(personas::diff_persona))
        .routes(routes!(memories::list_memories))
        .routes(routes!(memories::search_memories))
        .routes(routes!(memories::forget_memory))
}

fn watching() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(content::list_content))
        .routes(routes!(content::list_publications))
        .routes(routes!(content::list_trends))
        .routes(routes!(sandbox::get_sandbox_feed))
        .routes(routes!(sandbox::get_sandbox_post))
        .routes(routes!(traces::list_traces))
        .routes(routes!(traces::get_trace))
        .routes(routes!(audit::list_audit))
        .routes(routes!(chain::get_audit_chain))
        .routes(routes!(chain::verify_audit_chain))
        .routes(routes!(chain::export_audit))
        .routes(routes!(audit::list_alerts))
        .routes(routes!(audit::acknowledge_alert))
        .routes(routes!(audit::list_incidents))
        .routes(routes!(dead_letters::list_dead_letters))
        .routes(routes!(dead_letters::replay_dead_letter))
}

fn connections() -> OpenApiRouter<Api> {
    OpenApiRouter::default()
        .routes(routes!(model::get_model, model::put_model))
        .routes(routes!(model::test_model))
        .routes(routes!(keychain::get_keychain))
        .routes(routes!(keychain::test_keychain))
        .routes(routes!(keychain::store_key))
        .routes(routes!(keychain::remove_key))
        .routes(routes!(memories::get_memory_connection))
        .routes(routes!(memories::test_memory))
        .routes(routes!(servers::list_servers))
        .routes(routes!(servers::test_server))
        .routes(routes!(servers::list_tools))
        .routes(routes!(
            registry::list_registered,
            registry::register_server
        ))
        .routes(routes!(registry::import_servers))
        .routes(routes!(
            registry::get_registered,
            registry::change_registered,
            registry::remove_registered
        ))
        .routes(routes!(questions::list_questions))
        .routes(routes!(questions::answer_question))
        .routes(routes!(registry::get_server_offer))
        .routes(routes!(server_resources::read_server_resource))
        .routes(routes!(server_resources::follow_server_resource))
        .routes(routes!(prompts::get_server_prompt))
        .routes(routes!(
            authorizations::authorize_server,
            authorizations::unauthorize_server
        ))
        .routes(routes!(registry::trust_server))
        .routes(routes!(registry::roll_back_server))
        .routes(routes!(registry::pin_server))
        .routes(routes!(registry::class_tool))
        .routes(routes!(feeds::list_feeds, feeds::add_feed))
        .routes(routes!(feeds::remove_feed))
        .routes(routes!(feeds::test_feed))
        .routes(routes!(prices::get_prices, prices::put_prices))
        .routes(routes!(policy::get_policy, policy::put_policy))
}
