//! The store with breakpoints around everything that it writes. A method that is new in a port does not compile here
//! until it is said whether it writes, and as which step.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use async_trait::async_trait;
use chimera_domain::{
    action::Effect,
    agent::Agent,
    artifact::Artifact,
    audit::{AuditLink, Beginning, Checkpoint},
    campaign::{Campaign, CampaignStatus, Ending, Progress},
    change::{Alert, Attempt, Board, Change, ChangeSet, Committed, IdempotencyRecord, Incident},
    digest::Digest,
    event::Event,
    id::{
        AgentId, AlertId, ArtifactId, AuditId, CampaignId, EffectId, MemoryId, PersonaVersionId,
        PublicationId, ReviewId, SessionId, TaskId, TenantId, UserId, VersionId,
    },
    memory::{Memory, MemoryKind, Owner},
    person::Identifier,
    persona::PersonaVersion,
    plan::Plan,
    platform::Platform,
    publication::{Content, Engagement, Publication},
    retention::Holding,
    review::{Claim, Review},
    server::RegisteredServer,
    spend::{BudgetStop, ModelCall, Reservation, Settlement, Spending},
    task::Task,
    tenant::Tenant,
    time::Timestamp,
    trend::{Trend, TrendCluster},
    verdict::Verdict,
};
use chimera_ports::{
    error::{PortError, Trouble},
    page::{Page, PageRequest},
    store::{
        AgentPost, AgentWork, AuditEntry, AuditFilter, Boards, CallFilter, Campaigns, Chain,
        ChainHead, ChainReader, ChainRow, Contents, Counted, Cut, Due, Embedded, FleetCounts,
        Found, FoundPerson, Health, IncidentFilter, Kept, Ledger, Log, MakeNotes, Memories,
        MemoryCounts, NumberedRecord, Owned, People, PersonErasure, Personas, Persons,
        PolicyRecord, Pruning, Registry, Reserved, ReviewFilter, Reviews, Session, Settings, Store,
        TaskEdge, TaskFilter, Unrecorded, User, WaitingCounts, WordRows,
    },
};
use serde_json::Value;
use uuid::Uuid;

use super::{Breaking, Point, Step, Transition, Write};

/// Passes a port on: reads as they are, writes between two breakpoints.
macro_rules! passes {
    ($port:ident { $($methods:tt)+ }) => {
        passes! { $port of Store { $($methods)+ } }
    };
    ($port:ident of $bound:ident {
        $($kind:ident $($step:ident)?: $name:ident($($arg:ident: $ty:ty),*) -> $ret:ty;)+
    }) => {
        #[async_trait]
        impl<S: $bound + ?Sized> $port for Breaking<Arc<S>> {
            $(async fn $name(&self, $($arg: $ty),*) -> Result<$ret, PortError> {
                passes!(@ self $kind $($step)?, $name, $($arg),*)
            })+
        }
    };
    (@ $self:ident read, $name:ident, $($arg:ident),*) => {
        $self.inner.$name($($arg),*).await
    };
    (@ $self:ident write $step:ident, $name:ident, $($arg:ident),*) => {{
        $self.tell(Point::Before, Step::Write(Write::$step));
        let written = $self.inner.$name($($arg),*).await?;
        $self.tell(Point::After, Step::Write(Write::$step));
        Ok(written)
    }};
    (@ $self:ident commit, $name:ident, $set:ident) => {{
        let step = Step::Commit(Transition::behind(&$set));
        $self.tell(Point::Before, step);
        let committed = $self.inner.$name($set).await?;
        $self.tell(Point::After, step);
        Ok(committed)
    }};
}

passes! {
    Boards {
        read: board(tenant: TenantId, task: TaskId) -> Board;
        commit: commit(set: ChangeSet) -> Committed;
        read: ready_tasks(now: Timestamp, limit: u32) -> Vec<Due<TaskId>>;
        read: unjudged_tasks(now: Timestamp, limit: u32) -> Vec<Due<TaskId>>;
        read: lapsed_tasks(now: Timestamp, limit: u32) -> Vec<Due<TaskId>>;
        read: overdue_tasks(now: Timestamp, limit: u32) -> Vec<Due<TaskId>>;
        read: expired_reviews(now: Timestamp, limit: u32) -> Vec<Due<ReviewId>>;
        read: due_effects(now: Timestamp, limit: u32) -> Vec<Due<EffectId>>;
        read: stuck_effects(before: Timestamp, limit: u32) -> Vec<Due<EffectId>>;
        read: spent_campaigns(limit: u32) -> Vec<(TenantId, CampaignId)>;
        read: ending(tenant: TenantId, id: CampaignId) -> Ending;
        read: dead_letters(tenant: TenantId, page: PageRequest) -> Page<Task>;
        read: next_due(now: Timestamp) -> Option<Timestamp>;
        read: last_dispatch(tenant: TenantId, platform: Platform, account: &str, until: Timestamp) -> Option<Timestamp>;
        read: fleet_counts(tenant: TenantId, since: Timestamp, planning: &[AgentId]) -> FleetCounts;
        read: waiting_counts(tenant: TenantId, soon: Timestamp) -> WaitingCounts;
        read: agent_work(tenant: TenantId, agents: &[AgentId], in_hand: u32) -> Vec<AgentWork>;
    }
}

passes! {
    Campaigns {
        write CreateCampaign: create_campaign(campaign: &Campaign, notes: Vec<Change>) -> ();
        read: campaign(tenant: TenantId, id: CampaignId) -> Campaign;
        read: campaigns(tenant: TenantId, status: Option<CampaignStatus>, page: PageRequest) -> Page<Campaign>;
        read: progress(tenant: TenantId, id: CampaignId) -> Progress;
        read: rejected_tasks(tenant: TenantId, id: CampaignId) -> u32;
        write SavePlan: save_plan(plan: &Plan, expected: Option<VersionId>, notes: Vec<Change>) -> ();
        read: plan(tenant: TenantId, campaign: CampaignId) -> Plan;
        read: task(tenant: TenantId, id: TaskId) -> Task;
        read: tasks(tenant: TenantId, filter: TaskFilter, page: PageRequest) -> Page<Task>;
        read: edges(tenant: TenantId, campaign: CampaignId) -> Vec<TaskEdge>;
        read: attempts(tenant: TenantId, task: TaskId) -> Vec<Attempt>;
        read: artifact(tenant: TenantId, id: ArtifactId) -> Artifact;
        read: artifacts(tenant: TenantId, task: TaskId) -> Vec<Artifact>;
        read: verdict(tenant: TenantId, artifact: ArtifactId) -> Option<Verdict>;
        read: inputs(tenant: TenantId, task: TaskId) -> Vec<(Task, Artifact, Option<Verdict>)>;
    }
}

passes! {
    ChainReader {
        read: unsealed(tenant: TenantId, limit: u32) -> Vec<NumberedRecord>;
        read: unsealed_count(tenant: TenantId) -> u64;
        read: chain_head(tenant: TenantId) -> Option<ChainHead>;
        read: last_checkpoint(tenant: TenantId) -> Option<Checkpoint>;
        read: beginning(tenant: TenantId) -> Option<Beginning>;
        read: kept_records(tenant: TenantId, after: u64, limit: u32) -> Vec<ChainRow>;
        read: still_needed(tenant: TenantId, places: &[u64]) -> Vec<u64>;
        read: chain(tenant: TenantId, after: u64, limit: u32) -> Vec<ChainRow>;
        read: audit_records(tenant: TenantId, ids: &[AuditId]) -> HashMap<AuditId, Found>;
        read: unlinked(tenant: TenantId, limit: u32) -> Counted<AuditId>;
        read: unrecorded(tenant: TenantId, limit: u32) -> Counted<Unrecorded>;
    }
}

passes! {
    Chain {
        write Seal: seal(links: Vec<AuditLink>, checkpoint: Checkpoint) -> ();
        write Cut: cut(cut: Cut, notes: Vec<Change>) -> ();
    }
}

passes! {
    Memories of Memories {
        write Remember: keep(owner: Owner, memories: Vec<Memory>, notes: Vec<Change>) -> Vec<u64>;
        read: memory(owner: Owner, id: MemoryId) -> Memory;
        read: kept(owner: Owner, rows: &[u64]) -> Vec<Kept>;
        read: kept_without_vector(owner: Owner, embedder: &str, rows: &[u64]) -> Vec<Kept>;
        read: memories(owner: Owner, kind: Option<MemoryKind>, since: Option<Timestamp>, page: PageRequest) -> Page<Memory>;
        read: rows_with(owner: Owner, words: &[String], most: u32) -> WordRows;
        read: count_all(tenant: TenantId, embedder: &str) -> MemoryCounts;
        write ForgetMemory: forget_memory(owner: Owner, id: MemoryId, notes: Vec<Change>) -> ();
        write KeepVectors: keep_vectors(owner: Owner, embedder: &str, vectors: Vec<(u64, Vec<f32>)>) -> ();
        read: vectors_after(owner: Owner, embedder: &str, dimension: u32, after: u64, limit: u32) -> Vec<Embedded>;
        read: without_vector(tenant: TenantId, embedder: &str, limit: u32) -> Vec<(AgentId, Kept)>;
    }
}

passes! {
    Contents {
        read: contents(tenant: TenantId, campaign: Option<CampaignId>, page: PageRequest) -> Page<Content>;
        read: publications(tenant: TenantId, campaign: Option<CampaignId>, page: PageRequest) -> Page<Publication>;
        read: rehearsed_posts(tenant: TenantId, platform: Platform, posts: &[String]) -> HashSet<String>;
        read: recent_posts(tenant: TenantId, agent: AgentId, limit: u32) -> Vec<AgentPost>;
        read: published_on(tenant: TenantId, campaign: CampaignId, day: Timestamp) -> u32;
        read: figures_due(tenant: TenantId, now: Timestamp, limit: u32) -> Vec<Publication>;
        write ReadFiguresNext: read_figures_next(tenant: TenantId, posts: Vec<(PublicationId, Option<Timestamp>)>) -> ();
        write AddEngagement: add_engagement(rows: Vec<Engagement>) -> ();
        read: latest_engagement(tenant: TenantId, campaign: Option<CampaignId>) -> Vec<Engagement>;
        write SaveTrends: save_trends(tenant: TenantId, trends: Vec<Trend>, fetched_at: Timestamp) -> ();
        write SaveTrendClusters: save_trend_clusters(
            tenant: TenantId, clusters: Vec<TrendCluster>, found_at: Timestamp, forget_before: Timestamp,
            notes: Vec<Change>
        ) -> u64;
        read: trend_clusters(tenant: TenantId, since: Timestamp, most: u32) -> Vec<TrendCluster>;
        read: trends(tenant: TenantId, page: PageRequest) -> Page<Trend>;
    }
}

passes! {
    Ledger {
        write Reserve: reserve(asked: &Reservation, if_stopped: MakeNotes<'_>) -> Reserved;
        write Settle: settle(tenant: TenantId, ended: &Settlement) -> bool;
        write SettleLost: settle_lost(at: Timestamp) -> u64;
        read: spending(tenant: TenantId, campaign: Option<CampaignId>, day: Timestamp) -> Spending;
        read: budget_stop(tenant: TenantId, campaign: CampaignId, now: Timestamp) -> Option<BudgetStop>;
        read: model_calls(tenant: TenantId, filter: CallFilter, page: PageRequest) -> Page<ModelCall>;
    }
}

passes! {
    Log {
        write Append: append(tenant: TenantId, notes: Vec<Change>) -> u64;
        read: events_after(tenant: TenantId, after: u64, limit: u32) -> Vec<Event>;
        read: last_event(tenant: TenantId) -> u64;
        read: audit(tenant: TenantId, filter: AuditFilter, page: PageRequest) -> Page<AuditEntry>;
        read: alerts(tenant: TenantId, page: PageRequest) -> Page<Alert>;
        write AcknowledgeAlert: acknowledge_alert(tenant: TenantId, id: AlertId, at: Timestamp, notes: Vec<Change>) -> ();
        read: incidents(tenant: TenantId, filter: IncidentFilter, page: PageRequest) -> Page<Incident>;
        read: answered(tenant: TenantId, key: &str) -> Option<IdempotencyRecord>;
        write BeginAnswer: begin_answer(record: &IdempotencyRecord) -> Option<IdempotencyRecord>;
        write DropKey: drop_key(tenant: TenantId, key: &str) -> ();
        write RememberAnswer: remember_answer(record: &IdempotencyRecord) -> ();
        write Forget: forget(tenant: TenantId, sessions: Timestamp, answers: Timestamp) -> ();
    }
}

passes! {
    People {
        write CreateTenant: create_tenant(tenant: &Tenant, notes: Vec<Change>) -> ();
        read: tenants() -> Vec<Tenant>;
        write RenameTenant: rename_tenant(id: TenantId, name: &str, notes: Vec<Change>) -> ();
        write CreateUser: create_user(user: &User, notes: Vec<Change>) -> ();
        write UpdateUser: update_user(user: &User, notes: Vec<Change>) -> ();
        read: user(tenant: TenantId, id: UserId) -> User;
        read: user_by_email(email: &str) -> Option<User>;
        read: users(tenant: TenantId) -> Vec<User>;
        read: has_users() -> bool;
        write CreateSession: create_session(session: &Session, notes: Vec<Change>) -> ();
        write ReplaceSessions: replace_sessions(session: &Session, notes: Vec<Change>) -> ();
        read: session(token: Digest, now: Timestamp) -> Option<(Session, User)>;
        write RevokeSession: revoke_session(tenant: TenantId, id: SessionId, at: Timestamp, notes: Vec<Change>) -> ();
        read: keys(tenant: TenantId) -> Vec<Session>;
        read: sessions_of(tenant: TenantId, user: UserId, now: Timestamp) -> Vec<Session>;
        write UseSession: use_session(tenant: TenantId, id: SessionId, at: Timestamp) -> ();
        write EndSessions: end_sessions(tenant: TenantId, user: UserId, except: Option<SessionId>, at: Timestamp, notes: Vec<Change>) -> ();
        read: owners(ids: &[Uuid]) -> Vec<Owned>;
    }
}

passes! {
    Personas {
        write CreateAgent: create_agent(agent: &Agent, first: &PersonaVersion, notes: Vec<Change>) -> ();
        write ControlAgent: control_agent(agent: &Agent, expected: VersionId, notes: Vec<Change>) -> ();
        read: held_agents(tenant: TenantId, limit: u32) -> Vec<Agent>;
        write AddPersonaVersion: add_persona_version(agent: &Agent, expected: VersionId, version: &PersonaVersion, notes: Vec<Change>) -> ();
        read: agent(tenant: TenantId, id: AgentId) -> Agent;
        read: agents(tenant: TenantId, page: PageRequest) -> Page<Agent>;
        read: persona(tenant: TenantId, id: PersonaVersionId) -> PersonaVersion;
        read: persona_versions(tenant: TenantId, agent: AgentId) -> Vec<PersonaVersion>;
    }
}

passes! {
    Persons {
        read: find_person(tenant: TenantId, identifiers: &[Identifier], limit: usize) -> FoundPerson;
        // It takes back what it does.
        read: try_erasing(tenant: TenantId, erasure: PersonErasure) -> ();
        write ErasePerson: erase_person(tenant: TenantId, erasure: PersonErasure, notes: Vec<Change>) -> BTreeMap<String, u64>;
    }
}

passes! {
    Pruning {
        write Prune: prune(tenant: TenantId, holding: Holding, before: Timestamp, limit: u32) -> u64;
    }
}

passes! {
    Reviews {
        read: review(tenant: TenantId, id: ReviewId) -> Review;
        read: open_review(tenant: TenantId, task: TaskId) -> Option<Review>;
        read: reviews(tenant: TenantId, filter: ReviewFilter, page: PageRequest) -> Page<Review>;
        read: open_reviews(tenant: TenantId) -> u64;
        write ClaimReview: claim_review(tenant: TenantId, id: ReviewId, by: UserId, claim: Option<Claim>, now: Timestamp, version: VersionId) -> Review;
        read: similar_decisions(tenant: TenantId, review: ReviewId, limit: u32) -> Vec<Review>;
        read: effect(tenant: TenantId, id: EffectId) -> Effect;
        read: effects(tenant: TenantId, campaign: Option<CampaignId>, page: PageRequest) -> Page<Effect>;
        read: rehearsed(tenant: TenantId, artifacts: &[ArtifactId]) -> HashSet<ArtifactId>;
    }
}

passes! {
    Registry {
        read: registered(tenant: TenantId) -> Vec<RegisteredServer>;
        read: registered_server(tenant: TenantId, name: &str) -> RegisteredServer;
        write AddServer: add_server(server: &RegisteredServer, notes: Vec<Change>) -> ();
        write ChangeServer: change_server(server: &RegisteredServer, notes: Vec<Change>) -> ();
        write RemoveServer: remove_server(tenant: TenantId, name: &str, version: u32, notes: Vec<Change>) -> ();
    }
}

passes! {
    Settings {
        read: setting(tenant: TenantId, key: &str) -> Option<Value>;
        write PutSetting: put_setting(tenant: TenantId, key: &str, value: Value, notes: Vec<Change>) -> ();
        read: current_policy(tenant: TenantId) -> Option<PolicyRecord>;
        read: policy(tenant: TenantId, version: u32) -> Option<PolicyRecord>;
        write AddPolicy: add_policy(record: &PolicyRecord, notes: Vec<Change>) -> ();
    }
}

#[async_trait]
impl<S: Store + ?Sized> Health for Breaking<Arc<S>> {
    fn trouble(&self) -> Option<Trouble> {
        self.inner.trouble()
    }

    // It changes nothing.
    async fn try_out(&self) -> Result<(), PortError> {
        self.inner.try_out().await
    }
}
