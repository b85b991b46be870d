//! How a network is asked for one post's figures, and how its answer is read.
//!
//! Never here: which posts are asked for, or storing; calling a tool that does more than read.

use std::{collections::HashSet, sync::Arc, time::Duration};

use chimera_domain::{
    action::{EffectClass, ToolRef},
    id::TenantId,
    publication::Publication,
    trace::TraceContext,
    trend::EngagementMetrics,
};
use chimera_ports::tools::{ToolHost, ToolRequest};
use serde_json::{Value, json};
use tracing::debug;

/// The tool by which a network tells a post's figures.
const TOOL: &str = "get_engagement";

/// What a network said of one post.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Answer {
    /// Figures: those that it gives.
    Told {
        /// What it gives.
        metrics: EngagementMetrics,
        /// It says that it made them up.
        simulated: bool,
    },
    /// It answers, and has none for this post.
    Nothing,
    /// It cannot be asked now, or never: no other post of it needs to be tried in this round.
    Silent,
}

/// A tenant's networks, as far as they can be read.
pub struct Network {
    host: Arc<dyn ToolHost>,
    tenant: TenantId,
    patience: Duration,
    readable: HashSet<String>,
}

impl Network {
    /// Looks once which servers tell figures by a tool that only reads.
    pub async fn of(host: Arc<dyn ToolHost>, tenant: TenantId, patience: Duration) -> Self {
        let tools = host.tools(tenant).await.unwrap_or_default();
        let readable = tools
            .into_iter()
            .filter(|known| known.tool.tool == TOOL && known.effect == EffectClass::Read)
            .map(|known| known.tool.server)
            .collect();
        Self {
            host,
            tenant,
            patience,
            readable,
        }
    }

    /// One reading.
    pub async fn figures(&self, publication: &Publication, trace: TraceContext) -> Answer {
        let server = publication.platform.as_str();
        if !self.readable.contains(server) {
            return Answer::Silent;
        }
        let Some(post_id) = &publication.post_id else {
            return Answer::Nothing;
        };
        let request = ToolRequest {
            tenant: self.tenant,
            agent: None,
            words_of: None,
            tool: ToolRef {
                server: server.to_owned(),
                tool: TOOL.to_owned(),
            },
            arguments: json!({ "post_id": post_id }),
            trace,
            timeout: self.patience,
        };
        match self.host.read(request).await {
            Ok(reply) if reply.is_error => {
                debug!(publication = %publication.id, "its network has no figures for it");
                Answer::Nothing
            }
            Ok(reply) => told(&reply.content),
            Err(error) => {
                debug!(publication = %publication.id, trace = %trace.trace, %error, "figures could not be read");
                Answer::Silent
            }
        }
    }
}

/// Figures stand under `metrics`, or plainly. One that cannot be a figure is left out, not the others with it.
fn told(content: &Value) -> Answer {
    let given = content.get("metrics").unwrap_or(content);
    let count = |name: &str| given.get(name).and_then(Value::as_u64);
    let metrics = EngagementMetrics {
        views: count("views"),
        likes: count("likes"),
        comments: count("comments"),
        shares: count("shares"),
        engagement_rate: given
            .get("engagement_rate")
            .and_then(Value::as_f64)
            .filter(|rate| (0.0..=1.0).contains(rate)),
    };
    if metrics == EngagementMetrics::default() {
        return Answer::Nothing;
    }
    let simulated = content.get("simulated") == Some(&Value::Bool(true));
    Answer::Told { metrics, simulated }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use chimera_domain::{
        action::Grant,
        artifact::Origin,
        digest::Digest,
        fault::{Fault, FaultClass},
        id::EffectId,
        platform::Platform,
        trace::{SpanId, TraceId},
    };
    use chimera_ports::tools::{
        Fits, Need, Outcome, ResourceReply, ServerStatus, ToolError, ToolInfo, ToolReply,
    };
    use chimera_testkit::World;

    use super::*;

    /// Servers that are named after networks; each call of one is written down.
    struct Servers {
        tools: Vec<(&'static str, EffectClass)>,
        answer: Result<(Value, bool), ()>,
        asked: Mutex<Vec<String>>,
    }

    fn away() -> ToolError {
        ToolError {
            fault: Fault::new(FaultClass::Transient, "MCP_CONNECTION_LOST", "away"),
            outcome: Outcome::NotPerformed,
        }
    }

    #[async_trait]
    impl ToolHost for Servers {
        async fn tools(&self, _: TenantId) -> Result<Vec<ToolInfo>, ToolError> {
            let info = |(server, effect): &(&str, EffectClass)| ToolInfo {
                tool: ToolRef {
                    server: (*server).to_owned(),
                    tool: TOOL.to_owned(),
                },
                description: String::new(),
                input_schema: json!({}),
                output_schema: None,
                schema_hash: Digest::of("chimera.tool-schema.v1", &json!({})).unwrap(),
                effect: *effect,
            };
            Ok(self.tools.iter().map(info).collect())
        }
        async fn fitting(&self, _: TenantId, _: Need<'_>, _: usize) -> Fits {
            Fits::none()
        }

        async fn read(&self, request: ToolRequest) -> Result<ToolReply, ToolError> {
            let line = format!("{} {}", request.tool, request.arguments);
            self.asked.lock().unwrap().push(line);
            let (content, is_error) = self.answer.clone().map_err(|()| away())?;
            Ok(ToolReply {
                served_by: None,
                content,
                is_error,
                origin: Origin::Operator,
            })
        }
        async fn perform(&self, _: ToolRequest, _: &Grant) -> Result<ToolReply, ToolError> {
            Err(away())
        }
        fn is_asking(&self, _: EffectId) -> bool {
            false
        }

        async fn asks_by_key(&self, _: TenantId, _: &ToolRef) -> bool {
            false
        }
        async fn resource(
            &self,
            _: TenantId,
            _: &str,
            _: &str,
        ) -> Result<ResourceReply, ToolError> {
            Err(away())
        }
        async fn servers(&self, _: TenantId) -> Vec<ServerStatus> {
            Vec::new()
        }
        async fn probe(&self, _: TenantId, _: &str) -> Result<ServerStatus, ToolError> {
            unreachable!("reading figures tests no server")
        }
    }

    async fn asked(
        tools: Vec<(&'static str, EffectClass)>,
        answer: Result<(Value, bool), ()>,
    ) -> (Answer, Vec<String>) {
        let servers = Arc::new(Servers {
            tools,
            answer,
            asked: Mutex::default(),
        });
        let world = World::default();
        let (agent, _) = world.agent("mara");
        let task = world.task(&world.campaign(&agent));
        let (_, publication) = world.publication(&task);
        assert_eq!(publication.platform, Platform::Sandbox);
        let patience = Duration::from_secs(1);
        let network = Network::of(servers.clone(), publication.tenant, patience).await;
        let trace = TraceContext {
            trace: TraceId::from_bits(1),
            span: SpanId::from_bits(1),
        };
        let answer = network.figures(&publication, trace).await;
        let asked = servers.asked.lock().unwrap().clone();
        (answer, asked)
    }

    #[tokio::test]
    async fn only_a_tool_that_reads_is_asked() {
        let fine = || Ok((json!({"metrics": {"views": 7}}), false));
        for effect in [
            EffectClass::InternalWrite,
            EffectClass::Outward,
            EffectClass::Money,
        ] {
            let found = asked(vec![("sandbox", effect)], fine()).await;
            assert_eq!(found, (Answer::Silent, vec![]), "{effect:?}");
        }
        let found = asked(vec![("twitter", EffectClass::Read)], fine()).await;
        assert_eq!(found, (Answer::Silent, vec![]));
        let (answer, asked) = asked(vec![("sandbox", EffectClass::Read)], fine()).await;
        let metrics = EngagementMetrics {
            views: Some(7),
            ..EngagementMetrics::default()
        };
        let simulated = false;
        assert_eq!(answer, Answer::Told { metrics, simulated });
        assert_eq!(asked, [r#"sandbox.get_engagement {"post_id":"p-1"}"#]);
    }

    #[tokio::test]
    async fn a_server_that_is_away_and_a_post_that_it_does_not_know_are_two_things() {
        let reads = || vec![("sandbox", EffectClass::Read)];
        let (answer, _) = asked(reads(), Err(())).await;
        assert_eq!(answer, Answer::Silent);
        let unknown = json!({"code": "SANDBOX_NO_POST", "views": 3});
        let (answer, _) = asked(reads(), Ok((unknown, true))).await;
        assert_eq!(answer, Answer::Nothing);
    }

    #[test]
    fn what_is_no_figure_is_left_out_and_never_zero() {
        let told_of = |content: Value| told(&content);
        let metrics = EngagementMetrics {
            likes: Some(0),
            engagement_rate: Some(0.5),
            ..EngagementMetrics::default()
        };
        let given = json!({"views": -1, "likes": 0, "comments": "many", "shares": null, "engagement_rate": 0.5});
        assert_eq!(
            told_of(json!({"metrics": given, "simulated": true})),
            Answer::Told {
                metrics,
                simulated: true
            }
        );
        assert_eq!(
            told_of(given),
            Answer::Told {
                metrics,
                simulated: false
            }
        );
        for nothing in [
            json!({}),
            json!({"text": "seven"}),
            json!({"metrics": {"engagement_rate": 7.0}}),
        ] {
            assert_eq!(told_of(nothing), Answer::Nothing);
        }
    }
}
