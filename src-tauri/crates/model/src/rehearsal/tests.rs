//! The whole model through its port, valid against the schemas. Never here: one module's inner workings.

use std::sync::{Arc, Mutex};

use chimera_domain::{artifact::ArtifactType, platform::Platform, task::TaskKind};
use chimera_ports::{
    facts::{
        DraftAnswer, JudgeAnswer, JudgeFacts, OfferedSkill, PlanAnswer, PlanFacts, ResearchAnswer,
        ResearchFacts,
    },
    model::{Counted, OfferedTool, Turn},
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{testdata::*, *};

fn request(ask: &Ask) -> ChatRequest {
    ChatRequest {
        role: ModelRole::Worker,
        system: "You are a test.".to_owned(),
        turns: vec![Turn::User {
            text: "Go on.".to_owned(),
        }],
        tools: Counted::default(),
        answer_schema: Some(ask.answer_schema()),
        facts: Some(Arc::new(ask.clone())),
        max_output_tokens: 2_000,
    }
}

async fn reply(request: &ChatRequest) -> ChatReply {
    RehearsalModel::new(chimera_policy::topics_in)
        .chat(request, None)
        .await
        .unwrap()
}

/// Asks, and checks that the answer is valid against the schema that went with the question.
async fn answer<T: DeserializeOwned>(ask: &Ask) -> T {
    let text = reply(&request(ask)).await.text;
    let value: Value = serde_json::from_str(&text).unwrap();
    let schema = jsonschema::validator_for(&ask.answer_schema()).unwrap();
    let errors: Vec<_> = schema
        .iter_errors(&value)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new(), "{text}");
    serde_json::from_value(value).unwrap()
}

fn plan_facts(goal: &str) -> PlanFacts {
    PlanFacts {
        goal: goal.to_owned(),
        persona: personas().remove(0).into(),
        platforms: vec![Platform::Sandbox, Platform::Mastodon],
        feeds: vec!["https://roastletter.example/feed.xml".to_owned()],
        skills: [
            ("fetch_trends", TaskKind::AnalyzeTrends),
            ("write_post", TaskKind::GenerateCaption),
            ("publish_content", TaskKind::PublishPost),
        ]
        .map(|(name, task_kind)| OfferedSkill {
            name: name.to_owned(),
            task_kind,
            description: String::new(),
        })
        .to_vec(),
        max_posts_per_day: 5,
        budget: "2.00".parse().unwrap(),
        now: now(),
        trends: Vec::new(),
        memories: vec![],
    }
}

#[tokio::test]
async fn a_plan_researches_then_drafts_and_publishes_what_the_goal_asks_for() {
    for (goal, shape) in [
        (
            "Three posts about specialty coffee, no health claims",
            "research draft-1@sandbox publish-1@sandbox draft-2@sandbox publish-2@sandbox draft-3@sandbox publish-3@sandbox",
        ),
        (
            "Write two posts on Mastodon and the sandbox about tides",
            "research draft-1@mastodon publish-1@mastodon draft-2@sandbox publish-2@sandbox",
        ),
        (
            "One post for TikTok about kites",
            "research draft-1@sandbox publish-1@sandbox",
        ),
    ] {
        let plan: PlanAnswer = answer(&Ask::Plan(plan_facts(goal))).await;
        let found: Vec<_> = plan
            .steps
            .iter()
            .map(|step| match step.platform {
                Some(platform) => format!("{}@{platform}", step.key),
                None => step.key.clone(),
            })
            .collect();
        assert_eq!(found.join(" "), shape, "{goal}");
        for step in &plan.steps {
            let need = match step.kind {
                TaskKind::AnalyzeTrends => vec![],
                TaskKind::GenerateCaption => vec!["research".to_owned()],
                _ => vec![step.key.replace("publish", "draft")],
            };
            assert_eq!(step.needs, need, "{}", step.key);
        }
    }
}

#[tokio::test]
async fn drafting_instructions_quote_topic_bound_and_conditions() {
    let plan: PlanAnswer = answer(&Ask::Plan(plan_facts(
        "Four posts about the night sky without emojis",
    )))
    .await;
    let drafts: Vec<_> = plan
        .steps
        .iter()
        .filter(|step| step.kind == TaskKind::GenerateCaption)
        .map(|step| step.instructions.clone())
        .collect();
    assert_eq!(drafts.len(), 4);
    for part in [
        "“the night sky”",
        "280 characters",
        "without emojis",
        "Mara Voss",
    ] {
        assert!(
            drafts.iter().all(|draft| draft.contains(part)),
            "{part}: {drafts:?}"
        );
    }
    assert!(drafts.windows(2).all(|pair| pair[0] != pair[1]));
    let empty: PlanAnswer = answer(&Ask::Plan(plan_facts("Post 500 updates about bread"))).await;
    assert_eq!(empty.steps.len(), 1 + 2 * planner::MAX_POSTS);
}

fn feed_tool(schema: Value) -> OfferedTool {
    OfferedTool {
        name: "feeds__fetch_trends".to_owned(),
        description: "Reads a feed.".to_owned(),
        input_schema: schema,
    }
}

fn unread(goal: &str) -> ResearchFacts {
    let mut facts = research(&personas()[0], goal, vec![]);
    facts.feeds = vec!["a.xml".to_owned(), "https://b.example/feed".to_owned()];
    facts
}

#[tokio::test]
async fn research_first_asks_for_every_feed_by_the_tools_own_schema() {
    let ask = Ask::Research(unread(GOALS[0].1));
    for (schema, wanted) in [
        (
            json!({"type": "object", "required": ["feed"], "properties": {
                "feed": {"type": "string"}, "max_results": {"type": "integer", "maximum": 20}, "since": {"type": "string"}
            }}),
            vec![
                json!({"feed": "a.xml", "max_results": 20}),
                json!({"feed": "https://b.example/feed", "max_results": 20}),
            ],
        ),
        (
            json!({"type": "object", "properties": {"url": {"type": "string"}, "path": {"type": ["string", "null"]}}}),
            vec![
                json!({"path": "a.xml"}),
                json!({"url": "https://b.example/feed"}),
            ],
        ),
        (
            json!({"type": "object", "required": ["platforms"], "properties": {
                "feeds": {"type": "array"}, "platforms": {"type": "array", "items": {"enum": ["youtube", "web"]}},
                "categories": {"type": "array", "default": []}, "time_range": {"enum": ["24h", "7d", "30d"], "default": "24h"}
            }}),
            vec![
                json!({"feeds": ["a.xml", "https://b.example/feed"], "platforms": ["youtube", "web"], "time_range": "30d"}),
            ],
        ),
    ] {
        let request = ChatRequest {
            tools: vec![feed_tool(schema)].into(),
            ..request(&ask)
        };
        let reply = reply(&request).await;
        let arguments: Vec<_> = reply
            .tool_calls
            .iter()
            .map(|call| call.arguments.clone())
            .collect();
        assert_eq!(arguments, wanted);
        assert_eq!(
            (reply.finish, reply.text.as_str()),
            (FinishReason::ToolCalls, "")
        );
    }
}

#[tokio::test]
async fn research_then_reads_the_results_however_they_are_wrapped() {
    let (name, goal) = GOALS[0];
    let ask = Ask::Research(unread(goal));
    let list = serde_json::to_string(&feed(name)).unwrap();
    let result = |content: String, is_error| Turn::ToolResult {
        call_id: "call-1".to_owned(),
        name: "feeds__fetch_trends".to_owned(),
        content,
        is_error,
    };
    let mut answers = Vec::new();
    for content in [
        list.clone(),
        format!("{{\"success\": true, \"trends\": {list}}}"),
        format!("<untrusted source=\"a.xml\">\n{{\"data\": {{\"items\": {list}}}}}\n</untrusted>"),
    ] {
        let mut asked = request(&ask);
        let tool = feed_tool(json!({"properties": {"feed": {"type": "string"}}}));
        asked.tools = vec![tool].into();
        asked.turns.push(result(content, false));
        let reply = reply(&asked).await;
        answers.push(serde_json::from_str::<ResearchAnswer>(&reply.text).unwrap());
    }
    assert!(answers.windows(2).all(|pair| pair[0] == pair[1]));
    let given: ResearchAnswer =
        answer(&Ask::Research(research(&personas()[0], goal, feed(name)))).await;
    assert_eq!(answers[0].picks, given.picks);

    let mut asked = request(&ask);
    asked
        .turns
        .push(result("no route to host".to_owned(), true));
    let failed: ResearchAnswer = serde_json::from_str(&reply(&asked).await.text).unwrap();
    assert_eq!(failed.picks, vec![]);
    assert!(
        failed.summary.contains("could not be read"),
        "{}",
        failed.summary
    );
    assert!(failed.confidence < chimera_domain::confidence::Confidence::from_percent(50));
}

#[tokio::test]
async fn research_keeps_what_serves_the_goal_and_never_obeys_an_item() {
    for (name, goal) in GOALS {
        let facts = research(&personas()[2], goal, feed(name));
        let found: ResearchAnswer = answer(&Ask::Research(facts.clone())).await;
        assert!(found.picks.len() >= 3, "{goal}: {found:?}");
        assert!(
            found
                .picks
                .iter()
                .all(|pick| pick.relevance >= facts.relevance_threshold)
        );
        assert!(
            found
                .picks
                .is_sorted_by(|one, other| one.relevance >= other.relevance)
        );
        let kept: Vec<_> = found
            .picks
            .iter()
            .map(|pick| pick.trend_id.as_str())
            .collect();
        for foreign in [
            "roastletter.example-9",
            "roastletter.example-10",
            "roastletter.example-11",
            "kerbside.example-9",
            "nightpaper.example-6",
        ] {
            assert!(!kept.contains(&foreign), "{goal}: kept {foreign}");
        }
    }
}

#[test]
fn the_same_items_are_relevant_to_one_goal_and_not_to_another() {
    let items: Vec<_> = feed("coffee").into_iter().chain(feed("sky")).collect();
    let scored = |goal: &str| -> Vec<u16> {
        relevance::score(goal, &personas()[4], &items, now())
            .iter()
            .map(|scored| scored.relevance.basis_points())
            .collect()
    };
    let (coffee, sky) = (scored(GOALS[0].1), scored(GOALS[2].1));
    for (of_coffee, of_sky) in coffee.iter().zip(&sky) {
        let both_low = of_coffee.max(of_sky) < &5_000;
        assert!(both_low || of_coffee != of_sky, "{of_coffee} {of_sky}");
    }
    let best = |scores: &[u16]| {
        let best = (0..scores.len()).max_by_key(|at| scores[*at]);
        best.map(|at| items[at].id.as_str())
    };
    assert!(best(&coffee).is_some_and(|id| id.starts_with("roastletter")));
    assert!(best(&sky).is_some_and(|id| id.starts_with("nightpaper")));
}

#[tokio::test]
async fn older_news_of_the_same_kind_is_less_relevant() {
    let mut items = vec![feed("sky").remove(0); 2];
    items[1].id = "old".to_owned();
    items[1].timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    let scored = relevance::score(GOALS[2].1, &personas()[0], &items, now());
    assert!(scored[0].relevance > scored[1].relevance, "{scored:?}");
    assert!(scored[1].why.contains("days old"));
}

#[tokio::test]
async fn a_long_research_answer_is_shortened_until_it_fits() {
    let mut ask = research(&personas()[0], GOALS[1].1, vec![]);
    ask.max_picks = 50;
    ask.trends = (0..400)
        .map(|at| {
            let mut item = feed("cycling").remove(at % 9);
            item.id = format!("item-{at}");
            item
        })
        .collect();
    let asked = ChatRequest {
        max_output_tokens: 500,
        ..request(&Ask::Research(ask))
    };
    let reply = reply(&asked).await;
    assert_eq!(reply.finish, FinishReason::Stop);
    assert!(reply.usage.output <= 500);
    serde_json::from_str::<ResearchAnswer>(&reply.text).unwrap();
}

#[tokio::test]
async fn the_same_request_gives_the_same_reply_in_pieces_and_whole() {
    let (name, goal) = GOALS[0];
    let persona = &personas()[0];
    let ask = Ask::Draft(draft_facts(
        persona,
        goal,
        picks(persona, goal, &feed(name)),
        1,
    ));
    let asked = request(&ask);
    let pieces = Mutex::new(Vec::new());
    let sink = |piece: &str| pieces.lock().unwrap().push(piece.to_owned());
    let streamed = RehearsalModel::new(chimera_policy::topics_in)
        .chat(&asked, Some(&sink))
        .await
        .unwrap();
    let pieces = pieces.into_inner().unwrap();
    assert_eq!(streamed, reply(&asked).await);
    assert_eq!(pieces.concat(), streamed.text);
    assert!(pieces.len() > 1);
    assert_eq!(
        (streamed.rehearsal, streamed.model.as_str()),
        (true, "rehearsal/rehearsal-1")
    );
    assert_eq!(
        streamed.usage,
        TokenUsage {
            input: tokens::estimate_request(&asked),
            cached: 0,
            output: tokens::estimate(&streamed.text),
            estimated: true
        }
    );
}

#[tokio::test]
async fn a_bound_cuts_as_a_provider_would_and_says_so() {
    let asked = ChatRequest {
        max_output_tokens: 10,
        ..request(&Ask::Plan(plan_facts("Three posts about bread")))
    };
    let reply = reply(&asked).await;
    assert_eq!(
        (reply.finish, reply.text.chars().count()),
        (FinishReason::Length, 40)
    );
}

#[tokio::test]
async fn a_question_without_facts_is_refused() {
    let asked = ChatRequest {
        facts: None,
        ..request(&Ask::Plan(plan_facts("Three posts about bread")))
    };
    let error = RehearsalModel::new(chimera_policy::topics_in)
        .chat(&asked, None)
        .await
        .unwrap_err();
    assert_eq!(
        (error.fault.class, error.fault.code.as_str()),
        (FaultClass::Validation, CODE_FACTS)
    );
}

#[tokio::test]
async fn a_whole_campaign_runs_on_facts_alone() {
    let (name, goal) = GOALS[1];
    let persona = personas().remove(3);
    let plan: PlanAnswer = answer(&Ask::Plan(plan_facts(goal))).await;
    let found: ResearchAnswer = answer(&Ask::Research(research(&persona, goal, feed(name)))).await;
    let kept: Vec<_> = found
        .picks
        .iter()
        .filter_map(|pick| feed(name).into_iter().find(|item| item.id == pick.trend_id))
        .collect();
    let mut posts: Vec<String> = Vec::new();
    for number in 1..=5 {
        let facts = chimera_ports::facts::DraftFacts {
            previous_posts: posts.clone(),
            instructions: plan.steps[1].instructions.clone(),
            platform: Platform::Mastodon,
            max_chars: 500,
            ..draft_facts(&persona, goal, kept.clone(), number)
        };
        let draft: DraftAnswer = answer(&Ask::Draft(facts)).await;
        let item = kept
            .iter()
            .find(|item| draft.based_on.contains(&item.id))
            .unwrap();
        let judged: JudgeAnswer = answer(&Ask::Judge(JudgeFacts {
            goal: goal.to_owned(),
            persona: persona.clone().into(),
            instructions: plan.steps[1].instructions.clone(),
            artifact_type: ArtifactType::Caption,
            payload: serde_json::to_value(&draft).unwrap(),
            platform: Some(Platform::Mastodon),
            max_chars: Some(500),
            sources: vec![source_of(item)],
            previous_posts: posts.clone(),
            findings: vec![],
            memories: vec![],
        }))
        .await;
        // Judge and writer go by the same published list, so they agree where they know the same.
        assert_eq!(judged.confidence, draft.confidence, "{draft:?} {judged:?}");
        posts.push(draft.text);
    }
    let unlike: std::collections::BTreeSet<_> = posts.iter().collect();
    assert_eq!(unlike.len(), 5);
}
