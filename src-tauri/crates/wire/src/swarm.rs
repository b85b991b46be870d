//! Agents, and S1's AgentTask.

use chimera_contract::{
    scalar::{Id, Time},
    swarm as wire,
};
use chimera_domain::{
    agent::{Agent, Control},
    campaign::CampaignStatus,
    task::{Task, TaskStatus},
};

use crate::{ToWire, initials, mirror};

mirror!(Control => wire::Control { Running, Paused, Stopped });

impl ToWire for Agent {
    type Wire = wire::AgentRef;
    fn wire(&self) -> wire::AgentRef {
        wire::AgentRef {
            id: Id::of(self.id),
            name: self.name.clone(),
            initials: initials(&self.name),
        }
    }
}

/// What an agent has in hand, in a line.
pub fn task_ref(task: &Task) -> wire::TaskRef {
    wire::TaskRef {
        id: Id::of(task.id),
        campaign: Id::of(task.campaign),
        title: task.title.clone(),
        state: task.state.as_str().to_owned(),
        since: Time::of(task.updated_at),
    }
}

/// The S1 form of a task.
pub fn agent_task(task: &Task) -> wire::AgentTask {
    let task = task.to_agent_task();
    let status = match task.status {
        TaskStatus::Pending => wire::AgentTaskStatus::Pending,
        TaskStatus::InProgress => wire::AgentTaskStatus::InProgress,
        TaskStatus::Review => wire::AgentTaskStatus::Review,
        TaskStatus::Completed => wire::AgentTaskStatus::Completed,
        // S1 knows no other end (C46).
        TaskStatus::Failed | TaskStatus::Cancelled | TaskStatus::TimedOut => {
            wire::AgentTaskStatus::Failed
        }
    };
    wire::AgentTask {
        task_id: Id::of(task.task_id),
        parent_goal_id: task.parent_goal_id,
        task_type: task.task_type.wire(),
        payload: task.payload,
        constraints: task.constraints.map(|limits| wire::AgentTaskConstraints {
            max_cost_usd: limits.max_cost_usd,
            voice_ref: limits.voice_ref,
        }),
        status,
        confidence_score: task.confidence_score.wire(),
    }
}

/// A campaign's status under the names of ORC-11.
pub const fn session_status(status: CampaignStatus) -> wire::SwarmSessionStatus {
    match status {
        CampaignStatus::Draft => wire::SwarmSessionStatus::Created,
        CampaignStatus::Active => wire::SwarmSessionStatus::Running,
        CampaignStatus::Paused => wire::SwarmSessionStatus::Paused,
        CampaignStatus::Completed | CampaignStatus::Failed | CampaignStatus::Cancelled => {
            wire::SwarmSessionStatus::Stopped
        }
    }
}
