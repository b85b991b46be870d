//! The contract of the store: what every implementation of `ports::store` must do, whatever its database.
//!
//! Each check takes a store that is empty, or holds other tenants' rows. `store_contract!` makes a test of
//! each. Never here: what only one database can do wrong (a damaged file, a lost connection).

pub mod boards;
pub mod cascades;
pub mod chain;
pub mod contents;
pub mod counters;
pub mod dependents;
pub mod due;
pub mod endings;
pub mod fleet;
pub mod ledger;
pub mod logs;
pub mod memories;
pub mod pages;
pub mod people;
pub mod races;
pub mod registry;
pub mod replanning;
pub mod reviews;
pub mod tenancy;

use chimera_domain::{
    agent::Agent,
    campaign::Campaign,
    change::{Change, ChangeSet, Committed, Expected, NewTask},
    event::Event,
    id::{TaskId, VersionId},
    task::{Task, TaskState},
};
use chimera_ports::store::{Store, User};

use crate::World;

/// A tenant with a person, an agent and a running campaign, all stored.
#[derive(Clone, Debug)]
pub struct Bed {
    /// Clock and ids.
    pub world: World,
    /// Who owns the campaign.
    pub user: User,
    /// Who runs it.
    pub agent: Agent,
    /// The campaign.
    pub campaign: Campaign,
}

/// The set that changes a campaign with no task changed, from its version `expected`.
fn campaign_set(campaign: &Campaign, expected: VersionId, changes: Vec<Change>) -> ChangeSet {
    ChangeSet {
        tenant: campaign.tenant,
        expected: Expected {
            campaign: (campaign.id, expected),
            task: None,
        },
        campaign: Some(campaign.clone()),
        task: None,
        changes,
    }
}

impl Bed {
    /// Makes a bed in `store`.
    pub async fn in_store<S: Store>(store: &S, world: World) -> Self {
        store
            .create_tenant(&world.tenant(), Vec::new())
            .await
            .unwrap();
        let user = world.user("mara");
        store.create_user(&user, Vec::new()).await.unwrap();
        let (agent, persona) = world.agent("mara");
        store
            .create_agent(&agent, &persona, Vec::new())
            .await
            .unwrap();
        let campaign = world.campaign(&agent);
        store.create_campaign(&campaign, Vec::new()).await.unwrap();
        Self {
            world,
            user,
            agent,
            campaign,
        }
    }

    /// A change set on the campaign with no task of its own.
    #[must_use]
    pub fn set(&self, changes: Vec<Change>) -> ChangeSet {
        ChangeSet {
            tenant: self.campaign.tenant,
            expected: Expected {
                campaign: (self.campaign.id, self.campaign.version),
                task: None,
            },
            campaign: None,
            task: None,
            changes,
        }
    }

    /// Stores new tasks, each with what it needs.
    pub async fn add<S: Store>(&self, store: &S, tasks: &[(&Task, &[&Task])]) -> Committed {
        let new = tasks
            .iter()
            .map(|(task, needs)| NewTask {
                task: (*task).clone(),
                needs: needs.iter().map(|need| need.id).collect(),
            })
            .collect();
        store
            .commit(self.set(vec![Change::AddTasks(new)]))
            .await
            .unwrap()
    }

    /// A stored task that is ready.
    pub async fn ready_task<S: Store>(&self, store: &S) -> Task {
        let task = self.world.task(&self.campaign);
        self.add(store, &[(&task, &[])]).await;
        task
    }

    /// The change set that brings `task` to `state`.
    #[must_use]
    pub fn to(&self, task: &Task, state: TaskState, changes: Vec<Change>) -> ChangeSet {
        let after = Task {
            state,
            ..task.clone()
        };
        self.world.step(&self.campaign, task, after, changes)
    }

    /// Brings `task` to `state`, and answers it as it is then.
    pub async fn go<S: Store>(
        &self,
        store: &S,
        task: &Task,
        state: TaskState,
        changes: Vec<Change>,
    ) -> Task {
        let set = self.to(task, state, changes);
        let after = set.task.clone().unwrap();
        store.commit(set).await.unwrap();
        after
    }

    /// The set that completes `task` and lets its dependents go.
    #[must_use]
    pub fn completion(&self, task: &Task) -> ChangeSet {
        self.to(
            task,
            TaskState::Completed,
            vec![Change::ReleaseDependents(task.id)],
        )
    }

    /// The set that changes the campaign, with `changes`; the bed's campaign is brought up to date.
    pub fn change(&mut self, edit: impl FnOnce(&mut Campaign), changes: Vec<Change>) -> ChangeSet {
        let mut set = self.set(changes);
        edit(&mut self.campaign);
        self.campaign.version = self.world.version();
        self.campaign.updated_at = self.world.now();
        set.campaign = Some(self.campaign.clone());
        set
    }

    /// A task as it is stored.
    pub async fn stored<S: Store>(&self, store: &S, task: TaskId) -> Task {
        store.task(self.campaign.tenant, task).await.unwrap()
    }

    /// Every event of the tenant.
    pub async fn events<S: Store>(&self, store: &S) -> Vec<Event> {
        store
            .events_after(self.campaign.tenant, 0, u32::MAX)
            .await
            .unwrap()
    }
}

/// Makes a test of every check; `$open` is an async function that answers a store and what keeps it alive.
#[macro_export]
macro_rules! store_contract {
    ($open:path) => {
        $crate::store_contract!(@each $open;
            boards::a_board_shows_the_newest_of_everything
            boards::an_outward_task_shows_what_it_builds_on
            boards::every_state_and_field_comes_back_as_it_went_in
            boards::inputs_are_the_results_that_a_task_builds_on
            boards::an_attempt_keeps_its_start
            cascades::descendants_are_called_off_however_far
            cascades::a_cancelled_campaign_waits_for_what_is_on_its_way_only
            cascades::a_pause_takes_work_back_under_new_versions
            chain::records_wait_in_order_until_they_are_sealed
            chain::of_two_sealers_one_is_first
            chain::each_tenant_has_its_own_chain
            chain::what_no_record_tells_of_is_named
            contents::content_publications_and_figures
            contents::posts_of_the_rehearsal_are_known_by_their_id
            contents::figures_come_due_in_turn
            contents::posts_of_a_day_count_what_left_or_is_leaving
            contents::recent_posts_of_an_agent
            contents::clusters_are_found_strongest_first_and_forgotten
            contents::trends_are_brought_up_to_date
            counters::commits_of_many_tasks_are_counted
            dependents::a_diamond_opens_when_both_sides_are_done
            dependents::a_child_gets_a_new_version_with_every_step_down
            dependents::new_tasks_may_build_on_old_ones
            due::ready_tasks_by_urgency_then_age
            due::nothing_is_ready_while_campaign_or_agent_rests
            due::judging_leases_and_deadlines
            due::reviews_expire_and_effects_come_due
            due::spent_campaigns_can_be_finished
            endings::how_a_campaign_ended_is_counted
            endings::acts_of_the_plan_in_force_are_counted_apart
            due::the_next_time_is_the_earliest_to_come
            due::cooldowns_know_the_last_dispatch
            fleet::the_fleet_is_counted
            fleet::an_agent_that_plans_is_counted_once
            fleet::the_work_of_an_agent_is_counted_however_much_there_is
            fleet::what_waits_is_counted_however_much_there_is
            ledger::a_call_is_reserved_then_has_its_line
            ledger::a_cap_counts_every_attempt_and_what_is_not_known
            ledger::tokens_count_as_they_were_told_or_with_their_bound
            ledger::tokens_bind_calls_at_once_and_those_that_were_lost
            ledger::absurd_tokens_are_counted_and_break_nothing
            ledger::a_used_up_day_holds_until_the_next_or_a_higher_budget
            ledger::sixty_four_calls_at_once_do_not_overspend
            ledger::many_calls_at_once_each_have_their_line
            ledger::caps_of_steps_and_runs_bind_calls_at_once
            ledger::many_that_find_the_day_used_up_tell_of_it_once
            ledger::a_call_that_does_not_fit_fails_alone
            ledger::a_call_asked_for_and_given_up_at_once_ends_once
            ledger::calls_of_a_former_process_are_lost
            ledger::sums_equal_a_recount
            ledger::another_tenant_sees_and_settles_nothing
            logs::events_are_numbered_without_gaps_and_in_order
            logs::events_of_concurrent_commits_stay_whole
            logs::audit_is_filtered_and_newest_first
            logs::records_say_what_they_are_about
            logs::alerts_and_incidents
            logs::the_first_answer_wins
            logs::a_key_is_taken_before_its_write
            logs::notes_are_notes
            memories::a_memory_is_kept_replaced_and_forgotten
            memories::memories_are_found_by_their_words
            memories::memories_page_by_age
            memories::vectors_are_of_one_space
            memories::memories_are_their_owners
            pages::tasks_page_without_gap_or_repeat
            pages::reviews_page_by_urgency_then_age
            pages::campaigns_effects_and_agents_page
            pages::a_foreign_cursor_is_refused
            people::a_tenant_is_renamed
            people::accounts_and_roles
            people::sessions_end
            people::a_session_replaces_those_of_its_label
            people::what_ended_long_ago_is_forgotten
            people::persona_versions_reach_the_campaigns
            people::policies_reach_the_campaigns
            people::settings_are_kept
            people::plans_are_edited_by_one_at_a_time
            races::one_of_two_commits_wins
            races::one_of_sixty_four_commits_wins
            races::a_changed_campaign_refuses_the_set
            races::a_stale_review_or_effect_refuses_the_whole_set
            races::a_refused_set_leaves_its_neighbours_alone
            races::a_set_that_does_not_fit_fails_alone
            races::a_set_of_mixed_tenants_or_campaigns_is_refused
            races::a_campaign_has_one_editor_at_a_time
            registry::a_server_is_added_changed_and_taken_out
            registry::each_tenant_has_its_own_servers
            replanning::a_changed_plan_is_stored_whole
            replanning::what_has_begun_refuses_the_change
            replanning::the_request_and_its_rounds_are_kept
            reviews::a_claim_keeps_others_out_until_it_ends
            reviews::a_decided_review_cannot_be_claimed
            reviews::the_queue_is_filtered
            reviews::a_task_has_one_open_review
            reviews::similar_decisions_are_of_the_same_agent
            reviews::rehearsed_artifacts_are_told_from_others
            tenancy::another_tenants_records_are_not_found
            tenancy::another_tenants_lists_are_empty
            tenancy::another_tenant_cannot_write
        );
    };
    (@each $open:path; $($module:ident::$check:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $check() {
                let (store, _kept) = $open().await;
                $crate::store_contract::$module::$check(&store).await;
                store.close().await.unwrap();
            }
        )*
    };
}
