//! Where a connection's questions go: to the people of the tenant whose call it is. Questions of revision 2025-11-25
//! come as requests of the server, in the middle of a call of ours.
//!
//! Never here: a question that belongs to nobody's call, or to calls of several tenants: it is put to nobody.

use std::{sync::Arc, time::Duration};

use chimera_domain::id::TenantId;
use chimera_ports::questions::QuestionAnswer;
use rmcp::{
    RoleClient,
    model::{ElicitResult, ElicitationAction, ErrorData},
    service::{InboundStreamOrigin, RequestContext},
};
use serde_json::Value;

use super::{Asked, Form, Questions};
use crate::{listener::Listener, wire::Ending};

/// Puts the questions of one connection to people.
#[derive(Clone)]
pub(crate) struct Voice {
    questions: Arc<Questions>,
    server: String,
    wait: Duration,
    ending: Arc<Ending>,
}

impl Voice {
    pub(crate) fn new(
        questions: &Arc<Questions>,
        server: &str,
        wait: Duration,
        ending: &Arc<Ending>,
    ) -> Self {
        Self {
            questions: Arc::clone(questions),
            server: server.to_owned(),
            wait,
            ending: Arc::clone(ending),
        }
    }

    pub(crate) fn is_stopped(&self, tenant: TenantId) -> bool {
        self.questions.is_stopped(tenant)
    }

    /// What a person says to this, as the protocol has it; a cancel where nobody said anything in time.
    ///
    /// # Errors
    /// In words, when it is put to nobody.
    pub(super) async fn ask(
        &self,
        tenant: TenantId,
        tool: Option<&str>,
        form: Form,
        gone: impl Future<Output = ()> + Send,
    ) -> Result<ElicitResult, String> {
        let asked = Asked {
            tenant,
            server: &self.server,
            tool,
            form,
            wait: self.wait,
        };
        let over = async {
            tokio::select! {
                () = gone => {}
                () = self.ending.is_over() => {}
            }
        };
        Ok(match self.questions.ask(asked, over).await? {
            QuestionAnswer::Accept(content) => {
                ElicitResult::new(ElicitationAction::Accept).with_content(Value::Object(content))
            }
            QuestionAnswer::Decline => ElicitResult::new(ElicitationAction::Decline),
            QuestionAnswer::Cancel => ElicitResult::new(ElicitationAction::Cancel),
        })
    }
}

impl Listener {
    /// A question that came as a request.
    pub(crate) async fn asked(
        &self,
        params: Value,
        context: RequestContext<RoleClient>,
    ) -> Result<ElicitResult, ErrorData> {
        let refused =
            |why: String| ErrorData::invalid_params(format!("this is put to nobody: {why}"), None);
        // Over HTTP a question comes on the stream of the call that it belongs to; over lines nothing says so.
        let origin = match context.extensions.get::<InboundStreamOrigin>() {
            Some(InboundStreamOrigin::OutboundRequest(id)) => Some(id),
            _ => None,
        };
        let asking = self.running.asking(origin).map_err(refused)?;
        let form = Form::of(&params).map_err(refused)?;
        let gone = async {
            tokio::select! {
                () = asking.is_over() => {}
                () = context.ct.cancelled() => {}
            }
        };
        let tool = asking.tool.as_deref();
        let answer = self.voice.ask(asking.tenant, tool, form, gone).await;
        answer.map_err(refused)
    }
}
