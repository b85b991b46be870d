//! Pausing one agent and letting it go on (UI-13, ERR-08).
//!
//! A paused agent begins nothing and nothing of it leaves; what is in hand is finished and judged, and reviews can be
//! decided. Never here: stopping everything (`stop`).

use chimera_domain::{
    agent::{Agent, Control},
    event::Fact,
    id::{AgentId, VersionId},
    task::{Task, TaskState},
    text::written,
    time::Span,
};
use chimera_engine::{Command, Refusal};
use chimera_ports::error::PortError;
use serde_json::{Value, json};
use tracing::debug;

use super::Caller;
use crate::{error::RuntimeError, records::about_agent, runtime::Runtime};

/// Most characters of a reason.
const MAX_REASON_CHARS: usize = 500;
/// Most tasks in hand that a restart takes back.
const MAX_IN_HAND: u32 = 256;

impl Runtime {
    /// Pauses an agent: nothing of it begins, and nothing of it leaves.
    ///
    /// # Errors
    /// When it is paused already, changed since `expected`, or the store refuses; then it goes on.
    pub async fn pause_agent(
        &self,
        who: &Caller,
        id: AgentId,
        expected: Option<VersionId>,
        reason: &str,
    ) -> Result<Agent, RuntimeError> {
        let reason = written("The reason", reason, 0, MAX_REASON_CHARS)?;
        // What is just being dispatched is dispatched first; whatever comes after finds the pause.
        let gate = self.dispatch_gate().lock().await;
        let agent = self.seen_agent(who, id, expected).await?;
        if agent.control == Control::Paused {
            return Err(Refusal::NoChange("paused").into());
        }
        let output = json!({ "agent": id, "reason": reason });
        let paused = self
            .control(who, agent, Control::Paused, "agent.pause", output)
            .await;
        drop(gate);
        paused
    }

    /// Lets a paused agent go on.
    ///
    /// # Errors
    /// When it is not paused, changed since `expected`, or the store refuses.
    pub async fn resume_agent(
        &self,
        who: &Caller,
        id: AgentId,
        expected: Option<VersionId>,
    ) -> Result<Agent, RuntimeError> {
        let agent = self.seen_agent(who, id, expected).await?;
        if agent.control == Control::Running {
            return Err(Refusal::NoChange("running").into());
        }
        let output = json!({ "agent": id });
        self.control(who, agent, Control::Running, "agent.resume", output)
            .await
    }

    /// Takes what the agent has in hand back from its workers and judges, uncounted, and lets it go on: its work
    /// begins anew with fresh workers. What is decided stays decided.
    ///
    /// # Errors
    /// When it changed since `expected`, or the store refuses.
    pub async fn restart_agent(
        &self,
        who: &Caller,
        id: AgentId,
        expected: Option<VersionId>,
    ) -> Result<Agent, RuntimeError> {
        let agent = self.seen_agent(who, id, expected).await?;
        let mut taken_back = 0_u32;
        for work in self
            .parts()
            .store
            .agent_work(who.tenant, &[id], MAX_IN_HAND)
            .await?
        {
            for task in &work.in_hand {
                let Some(command) = take_back(task) else {
                    continue;
                };
                match self.act(who.tenant, task.id, who.actor(), command).await {
                    Ok(_) => taken_back += 1,
                    // It ended by itself meanwhile.
                    Err(error) => debug!(task = %task.id, %error, "not taken back"),
                }
            }
        }
        let output = json!({ "agent": id, "taken_back": taken_back });
        self.control(who, agent, Control::Running, "agent.restart", output)
            .await
    }

    async fn seen_agent(
        &self,
        who: &Caller,
        id: AgentId,
        expected: Option<VersionId>,
    ) -> Result<Agent, RuntimeError> {
        let agent = self.parts().store.agent(who.tenant, id).await?;
        if expected.is_some_and(|expected| expected != agent.version) {
            return Err(PortError::conflict("agent", id).into());
        }
        Ok(agent)
    }

    async fn control(
        &self,
        who: &Caller,
        before: Agent,
        control: Control,
        action: &str,
        output: Value,
    ) -> Result<Agent, RuntimeError> {
        let agent = Agent {
            control,
            version: VersionId::from_uuid(self.parts().ids.uuid()),
            ..before.clone()
        };
        let fact = Fact::SettingsChanged {
            area: "agents".to_owned(),
        };
        let notes = about_agent(self.notes(who, action, output, Some(fact)), agent.id);
        self.parts()
            .store
            .control_agent(&agent, before.version, notes)
            .await?;
        self.announce_newest(who.tenant).await;
        Ok(agent)
    }
}

/// What takes a task back from whoever holds it.
const fn take_back(task: &Task) -> Option<Command> {
    let attempt = match task.state {
        TaskState::Working { attempt, .. } => Some(attempt),
        TaskState::Judging {
            lease_until: Some(_),
            ..
        } => None,
        _ => return None,
    };
    Some(Command::HandBack {
        attempt,
        rest: Span::ZERO,
    })
}
