//! Spans of the work, opened and ended by hand so that open ones are seen live.
//!
//! Never here: where spans are kept.

mod progress;
mod recorded;

use std::{mem, sync::Arc};

use chimera_domain::{
    action::{Effect, EffectState},
    attributes::Attributes,
    change::{Change, ChangeSet},
    id::TenantId,
    provenance::{Label, Provenance},
    review::Review,
    task::Task,
    time::Timestamp,
    trace::{SpanId, SpanKind, SpanStatus, TraceContext, TraceSpan},
};
use chimera_guard::{redact, redact_json};
use chimera_ports::{
    clock::Clock,
    ids::IdSource,
    model::{ChatReply, ChatRequest},
    spans::SpanSink,
};
use serde_json::{Number, Value, json};
use uuid::Uuid;

use progress::Calls;
use recorded::Answer;
pub use recorded::{Conversation, Recorded};

/// Room for the attributes of a span as most have them, in bytes of JSON.
const ROOM_BYTES: usize = 768;

/// Opens the spans of one process. A copy of it costs nothing.
#[derive(Clone)]
pub struct Tracer(Arc<Inner>);

struct Inner {
    sink: Arc<dyn SpanSink>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    recorded: Recorded,
    calls: Calls,
}

/// A span that is open. Ending it is the holder's duty; a dropped one is recorded as cancelled.
///
/// What it is told is kept small until it ends, because every agent that waits holds one or two of these.
pub struct OpenSpan {
    /// Without its attributes.
    span: TraceSpan,
    /// In the order in which they were told.
    told: Vec<(&'static str, Told)>,
    tracer: Tracer,
    ended: bool,
}

/// An attribute of an open span.
enum Told {
    Flag(bool),
    Number(Number),
    Text(Box<str>),
    /// Anything else, as it is recorded.
    Value(Box<Value>),
    /// The system prompt of a conversation, written out at the end.
    System(Conversation),
    /// The turns of a conversation, written out at the end.
    Input(Conversation),
    /// What a model answered, written out at the end.
    Output(Box<Answer>),
}

impl Told {
    fn write(&self, name: &str, attributes: &mut Attributes) {
        match self {
            Self::Flag(flag) => attributes.tell(name, flag),
            Self::Number(number) => attributes.tell(name, number),
            Self::Text(text) => attributes.tell(name, text),
            Self::Value(value) => attributes.tell(name, value),
            Self::System(conversation) => attributes.tell(name, &conversation.system()),
            Self::Input(conversation) => attributes.tell(name, &conversation.input()),
            Self::Output(answer) => attributes.tell(name, &answer.output()),
        }
    }
}

impl From<Value> for Told {
    fn from(value: Value) -> Self {
        match value {
            Value::Bool(flag) => Self::Flag(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text.into_boxed_str()),
            other => Self::Value(Box::new(other)),
        }
    }
}

impl OpenSpan {
    /// Its place, for what is done below it.
    #[must_use]
    pub const fn context(&self) -> TraceContext {
        TraceContext {
            trace: self.span.trace,
            span: self.span.span,
        }
    }

    /// Sets an attribute by its name in the conventions, or `chimera.…`. What a text must not show is masked.
    pub fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        self.set_masked(name, redact_json(value.into()));
    }

    /// Sets what was masked already.
    fn set_masked(&mut self, name: &'static str, value: Value) {
        if self.span.kind == SpanKind::Tool {
            self.tracer.0.calls.set(self.context(), name, &value);
        }
        self.tell(name, value.into());
    }

    /// What is told again under the same name takes the place of what was told before.
    fn tell(&mut self, name: &'static str, told: Told) {
        match self.told.iter_mut().find(|(known, _)| *known == name) {
            Some((_, before)) => *before = told,
            None => self.told.push((name, told)),
        }
    }

    /// Keeps what a model is asked; `kept` remembers what was asked before in the same conversation.
    pub fn asked(&mut self, request: &ChatRequest, kept: &mut Conversation) {
        let recorded = self.tracer.0.recorded;
        if recorded.is_on() {
            recorded.follow(request, kept);
            self.tell("gen_ai.system_instructions", Told::System(kept.clone()));
            self.tell("gen_ai.input.messages", Told::Input(kept.clone()));
        }
    }

    /// Keeps what a model answered.
    pub fn answered(&mut self, reply: &ChatReply) {
        let recorded = self.tracer.0.recorded;
        if recorded.is_on() {
            let answer = Box::new(recorded.output(reply));
            self.tell("gen_ai.output.messages", Told::Output(answer));
        }
    }

    /// Keeps what a tool is given.
    pub fn given(&mut self, arguments: &Value) {
        let recorded = self.tracer.0.recorded;
        if recorded.is_on() {
            self.set_masked("gen_ai.tool.call.arguments", recorded.value(arguments));
        }
    }

    /// Keeps what a tool returned.
    pub fn returned(&mut self, content: &str) {
        self.set("chimera.result.chars", content.chars().count());
        let recorded = self.tracer.0.recorded;
        if recorded.is_on() {
            let text = recorded.text(content);
            self.set_masked("gen_ai.tool.call.result", Value::String(text));
        }
    }

    /// Tells what flowed into what was made: strangers' words and private data, by name.
    pub fn carries(&mut self, provenance: &Provenance) {
        let named = |labels: &mut dyn Iterator<Item = &Label>| -> String {
            let names: Vec<&str> = labels.map(|label| label.name.as_str()).collect();
            names.join("; ")
        };
        self.set("chimera.tainted", provenance.is_tainted());
        self.set("chimera.taint.sources", named(&mut provenance.untrusted()));
        self.set("chimera.private.sources", named(&mut provenance.private()));
    }

    /// Ends it now.
    pub fn end(mut self, status: SpanStatus) {
        self.finish(status);
    }

    /// Ends it with the code and the words of a fault.
    pub fn fail(mut self, code: &str, message: &str) {
        self.set("error.type", code);
        self.set("error.message", message);
        self.finish(SpanStatus::Error);
    }

    fn finish(&mut self, status: SpanStatus) {
        self.ended = true;
        let tracer = &self.tracer.0;
        let mut attributes = Attributes::with_capacity(ROOM_BYTES);
        for (name, told) in mem::take(&mut self.told) {
            told.write(name, &mut attributes);
        }
        if self.span.kind == SpanKind::Tool {
            tracer.calls.end(self.context(), &mut attributes);
        }
        tracer.sink.record(TraceSpan {
            status,
            ended_at: Some(tracer.clock.now()),
            attributes,
            name: mem::take(&mut self.span.name),
            ..self.span.clone()
        });
    }
}

impl Drop for OpenSpan {
    fn drop(&mut self) {
        if !self.ended {
            self.finish(SpanStatus::Cancelled);
        }
    }
}

impl Tracer {
    /// A tracer into `sink`.
    #[must_use]
    pub fn new(
        sink: Arc<dyn SpanSink>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        recorded: Recorded,
    ) -> Self {
        Self(Arc::new(Inner {
            sink,
            clock,
            ids,
            recorded,
            calls: Calls::default(),
        }))
    }

    /// Waits while so many spans are on their way that more would be lost; asked before each turn of work.
    pub async fn room(&self) {
        self.0.sink.room().await;
    }

    /// Opens a span below `parent` under a new id.
    #[must_use]
    pub fn open(
        &self,
        tenant: TenantId,
        parent: TraceContext,
        kind: SpanKind,
        name: &str,
    ) -> OpenSpan {
        self.open_as(
            tenant,
            TraceContext {
                trace: parent.trace,
                span: self.0.ids.span(),
            },
            Some(parent.span),
            kind,
            name,
        )
    }

    /// Opens a span under a known id, so that it can be ended after a restart.
    #[must_use]
    pub fn open_as(
        &self,
        tenant: TenantId,
        at: TraceContext,
        parent: Option<SpanId>,
        kind: SpanKind,
        name: &str,
    ) -> OpenSpan {
        let span = TraceSpan {
            tenant,
            trace: at.trace,
            span: at.span,
            parent: parent.filter(|parent| *parent != at.span),
            kind,
            name: redact(name),
            started_at: self.0.clock.now(),
            ended_at: None,
            status: SpanStatus::Open,
            attributes: Attributes::default(),
        };
        if kind == SpanKind::Tool {
            self.0.calls.begin(&span);
        }
        self.0.sink.record(span.clone());
        OpenSpan {
            span,
            told: Vec::new(),
            tracer: self.clone(),
            ended: false,
        }
    }

    /// Draws what a commit means for those who wait: reviews and held actions are spans of their own.
    pub fn follow(&self, set: &ChangeSet) {
        for change in &set.changes {
            match (change, &set.task) {
                (Change::Review { review, .. }, Some(task)) => {
                    self.0.sink.record(self.approval(task, review));
                }
                (Change::Effect { effect, .. }, _) => {
                    self.0.sink.record(self.under_way(effect));
                }
                _ => {}
            }
        }
    }

    /// An action's way, with how far its call is by its server's word.
    fn under_way(&self, effect: &Effect) -> TraceSpan {
        let mut span = action(effect, self.0.recorded);
        let at = call_of(effect);
        match effect.state {
            EffectState::Dispatching { .. } => self.0.calls.begin(&span),
            _ => self.0.calls.end(at, &mut span.attributes),
        }
        span
    }

    /// The wait for a person.
    fn approval(&self, task: &Task, review: &Review) -> TraceSpan {
        let at = TraceContext {
            trace: task.trace.trace,
            span: span_of(review.review_id.as_uuid()),
        };
        let mut span = wait(
            review.tenant_id,
            at,
            task.trace.span,
            SpanKind::Approval,
            "approval",
            review.created_at,
        );
        span.attributes.tell("chimera.review.id", &review.review_id);
        span.attributes.tell("chimera.review.state", &review.state);
        if !review.state.is_open() {
            span.ended_at = review.decided_at.or(Some(self.0.clock.now()));
            span.status = SpanStatus::Ok;
        }
        span
    }
}

/// An action's way through the outbox.
fn action(effect: &Effect, recorded: Recorded) -> TraceSpan {
    let at = call_of(effect);
    let name = format!("execute_tool {}", effect.action.tool);
    let mut span = wait(
        effect.tenant,
        at,
        effect.trace.span,
        SpanKind::Effect,
        &name,
        effect.created_at,
    );
    let mut set = |name: &str, value: Value| span.attributes.tell(name, &value);
    set("chimera.effect.state", json!(effect.state.as_str()));
    set("chimera.intent_key", json!(effect.intent_key));
    set("chimera.held_until", json!(effect.held_until));
    set("gen_ai.tool.name", json!(effect.action.tool.to_string()));
    if recorded.is_on() {
        set(
            "gen_ai.tool.call.arguments",
            recorded.value(&effect.action.arguments),
        );
        if let Some(receipt) = &effect.receipt {
            set("gen_ai.tool.call.result", recorded.value(&receipt.raw));
        }
    }
    if let Some(fault) = &effect.fault {
        set("error.type", json!(fault.code));
    }
    let ended = match effect.state {
        EffectState::Held | EffectState::Dispatching { .. } => None,
        EffectState::Sent => Some(SpanStatus::Ok),
        EffectState::Undone | EffectState::Voided => Some(SpanStatus::Cancelled),
        EffectState::Failed | EffectState::PendingReconciliation => Some(SpanStatus::Error),
    };
    if let Some(status) = ended {
        span.status = status;
        span.ended_at = Some(effect.updated_at);
    }
    span
}

/// Where an action's call stands in its trace.
#[must_use]
pub fn call_of(effect: &Effect) -> TraceContext {
    TraceContext {
        trace: effect.trace.trace,
        span: span_of(effect.id.as_uuid()),
    }
}

/// A span id that follows from a record's id, so that a later process ends the same span.
#[must_use]
pub fn span_of(id: &Uuid) -> SpanId {
    SpanId::from_bits(id.as_u64_pair().1)
}

fn wait(
    tenant: TenantId,
    at: TraceContext,
    parent: SpanId,
    kind: SpanKind,
    name: &str,
    started_at: Timestamp,
) -> TraceSpan {
    TraceSpan {
        tenant,
        trace: at.trace,
        span: at.span,
        parent: Some(parent),
        kind,
        name: name.to_owned(),
        started_at,
        ended_at: None,
        status: SpanStatus::Open,
        attributes: Attributes::default(),
    }
}
