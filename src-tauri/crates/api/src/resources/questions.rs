//! Questions that MCP servers ask in the middle of a call: shown to those who may answer, and answered.
//!
//! Never here: an answer of our own, or how long a question waits (`mcp`).

use std::sync::Arc;

use axum::{Json, http::StatusCode};
use chimera_contract::{
    error::request,
    question::{AnswerAction, AnswerQuestion, Questions},
};
use chimera_door::{
    extract::{Body, Path},
    problem::{Answer, Problem},
    signed::Desk,
    state::Api,
};
use chimera_guard::{asks_for_secret, redact_json, suspicion};
use chimera_ports::questions::{
    FieldForm, Question, QuestionAnswer, QuestionDesk, QuestionField, Unanswered,
};
use chimera_wire::{ToWire, question::question};
use serde_json::{Map, Value, json};

/// What the record has in the place of a value that a field asked for as a secret.
const MASKED: &str = "[secret]";

/// What servers ask, and what became of the last questions. They live as long as this process and no longer.
#[utoipa::path(get, path = "/api/v1/connections/questions", tag = "connections",
    responses((status = 200, body = Questions)))]
pub(crate) async fn list_questions(Desk { api, signed }: Desk) -> Answer<Json<Questions>> {
    let desk = desk(&api)?;
    let waiting = desk.waiting(signed.caller.tenant);
    let items = waiting
        .iter()
        .map(|one| question(one, suspicion(&words(one)), |field| is_secret(one, field)));
    Ok(Json(Questions {
        items: items.collect(),
        ended: desk.ended(signed.caller.tenant).wire(),
    }))
}

/// Answers a question of a server: with what is filled in, with a no, or by cancelling. It is put on record, secrets and
/// personal data masked, before it goes to the server; it goes once.
#[utoipa::path(post, path = "/api/v1/connections/questions/{question}", tag = "connections",
    request_body = AnswerQuestion, responses((status = 204)))]
pub(crate) async fn answer_question(
    Desk { api, signed }: Desk,
    Path(id): Path<String>,
    Body(asked): Body<AnswerQuestion>,
) -> Answer<StatusCode> {
    let who = &signed.caller;
    let answer = answer(asked)?;
    if matches!(answer, QuestionAnswer::Accept(_)) {
        // What was asked about goes on with it, and may act.
        api.runtime
            .refuse_while_stopped(
                who.tenant,
                "Nothing was sent to the server; the question may be declined or cancelled meanwhile.",
            )
            .await?;
    }
    let held = desk(&api)?
        .hold(who.tenant, &id, answer.clone())
        .map_err(|refused| match refused {
            Unanswered::Unknown => Problem::not_found("question that waits with the name", &id),
            Unanswered::Unfit(why) => Problem::invalid(format!(
                "The answer does not fit the question: {why}. Nothing was sent and the question waits on; correct it."
            )),
        })?;
    let output = record(held.question(), &answer);
    let notes = api.notes(who, "question.answer", output, "connections");
    api.store().append(who.tenant, notes).await?;
    api.announce();
    let unsent = json!({ "question": id, "server": held.question().server, "sent": false });
    if !held.give() {
        // The record before this says what was answered; this one, that it went nowhere.
        let notes = api.notes(who, "question.answer", unsent, "connections");
        api.store().append(who.tenant, notes).await?;
        api.announce();
        return Err(Problem::saying(
            &request::NOT_FOUND,
            "The call was over when your answer was about to go. Nothing was sent to the server.",
        ));
    }
    Ok(StatusCode::NO_CONTENT)
}

fn desk(api: &Api) -> Answer<&Arc<dyn QuestionDesk>> {
    let desk = api.options.questions.as_ref();
    desk.ok_or_else(|| Problem::new(&request::UNAVAILABLE))
}

fn answer(asked: AnswerQuestion) -> Answer<QuestionAnswer> {
    match (asked.action, asked.content) {
        (AnswerAction::Accept, content) => Ok(QuestionAnswer::Accept(
            content.unwrap_or_default().into_iter().collect(),
        )),
        (AnswerAction::Decline, None) => Ok(QuestionAnswer::Decline),
        (AnswerAction::Cancel, None) => Ok(QuestionAnswer::Cancel),
        (_, Some(_)) => Err(Problem::invalid(
            "Only what is accepted is filled in. Nothing was sent; leave the content out, or accept.",
        )),
    }
}

/// Everything that a question says, for the gateway to read.
fn words(question: &Question) -> String {
    let mut words = question.message.clone();
    for field in &question.fields {
        for text in [field.title.as_deref(), Some(field.description.as_str())] {
            words.push('\n');
            words.push_str(text.unwrap_or_default());
        }
    }
    words
}

/// By the field's own words; or, of one that takes any text, by what the question says around it.
fn is_secret(question: &Question, field: &QuestionField) -> bool {
    let title = field.title.as_deref().unwrap_or_default();
    asks_for_secret(&field.name, &format!("{title} {}", field.description))
        || (matches!(field.form, FieldForm::Text { .. }) && asks_for_secret("", &question.message))
}

/// Who asked, and what was answered as far as it may be kept.
fn record(question: &Question, answer: &QuestionAnswer) -> Value {
    let (action, content) = match answer {
        QuestionAnswer::Accept(content) => ("accept", Some(masked(question, content))),
        QuestionAnswer::Decline => ("decline", None),
        QuestionAnswer::Cancel => ("cancel", None),
    };
    json!({
        "question": question.id, "server": question.server, "tool": question.tool,
        "action": action, "content": content,
    })
}

fn masked(question: &Question, content: &Map<String, Value>) -> Value {
    let masked = question.fields.iter().filter_map(|field| {
        let given = content.get(&field.name)?;
        let kept = if is_secret(question, field) {
            Value::from(MASKED)
        } else {
            given.clone()
        };
        Some((field.name.clone(), kept))
    });
    redact_json(Value::Object(masked.collect()))
}

#[cfg(test)]
mod tests {
    use chimera_domain::time::Timestamp;

    use super::*;

    #[test]
    fn what_the_message_asks_for_is_a_secret_whatever_its_field_is_called() {
        let field = |form| QuestionField {
            name: "answer".to_owned(),
            title: None,
            description: String::new(),
            required: true,
            form,
            default: None,
        };
        let asked = |message: &str, form| {
            let question = Question {
                id: "1".to_owned(),
                server: "notes".to_owned(),
                tool: None,
                message: message.to_owned(),
                fields: vec![field(form)],
                asked_at: Timestamp::from_seconds(0),
                until: Timestamp::from_seconds(300),
            };
            let given = [("answer".to_owned(), json!("hunter2"))];
            masked(&question, &given.into_iter().collect())["answer"].clone()
        };
        let text = || FieldForm::Text {
            min: None,
            max: 40,
            format: None,
        };
        assert_eq!(asked("Please type your password.", text()), MASKED);
        assert_eq!(asked("Please type your name.", text()), "hunter2");
    }
}
