//! Lines of the ledger.

use chimera_contract::{
    scalar::{Id, Time, Usd},
    spending as wire,
};
use chimera_domain::spend::{CallOutcome, CallRole, ModelCall, ToldTokens};

use crate::{ToWire, mirror};

mirror!(CallRole => wire::CallRole { Planner, Researcher, Drafter, Judge, EditCheck, Probe, Embedder });
mirror!(CallOutcome => wire::CallOutcome {
    Answered, Unusable, Refused, Failed, TimedOut, Cut, Stopped, Lost,
});

impl ToWire for ToldTokens {
    type Wire = wire::CallTokens;
    fn wire(&self) -> wire::CallTokens {
        wire::CallTokens {
            input: self.input,
            cached: self.cached,
            output: self.output,
        }
    }
}

impl ToWire for ModelCall {
    type Wire = wire::ModelCall;
    fn wire(&self) -> wire::ModelCall {
        wire::ModelCall {
            id: Id::of(self.id),
            task: self.task.map(Id::of),
            role: self.role.wire(),
            provider: self.provider.clone(),
            model: self.model.clone(),
            rehearsal: self.rehearsal,
            tokens: self.tokens.wire(),
            cost: self.cost.map(Usd::of),
            counted: Usd::of(self.counted),
            outcome: self.outcome.wire(),
            fault: self.fault.clone(),
            started_at: Time::of(self.started_at),
            ended_at: Time::of(self.ended_at),
        }
    }
}
