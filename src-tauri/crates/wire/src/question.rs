//! Questions of servers.

use chimera_contract::{question as wire, scalar::Time};
use chimera_ports::questions::{
    EndedQuestion, FieldForm, FieldOption, Question, QuestionEnd, QuestionField,
};
use serde_json::Number;

use crate::{ToWire, mirror};

mirror!(QuestionEnd => wire::QuestionEnd { Accepted, Declined, Cancelled, Expired, Withdrawn });

/// A question, with what the gateway says of it: a reason to distrust its words, and which fields ask for a secret.
#[must_use]
pub fn question(
    question: &Question,
    suspicion: Option<String>,
    asks_for_secret: impl Fn(&QuestionField) -> bool,
) -> wire::Question {
    let fields = question
        .fields
        .iter()
        .map(|one| field(one, asks_for_secret(one)));
    wire::Question {
        id: question.id.clone(),
        server: question.server.clone(),
        tool: question.tool.clone(),
        message: question.message.clone(),
        fields: fields.collect(),
        prefilled: question.prefilled().into_iter().collect(),
        suspicion,
        asked_at: Time::of(question.asked_at),
        until: Time::of(question.until),
    }
}

fn field(field: &QuestionField, secret: bool) -> wire::QuestionField {
    let number = |number: &Option<Number>| number.as_ref().and_then(Number::as_f64);
    // Counts are small; a bound beyond what a float holds is no bound.
    let count = |count: Option<u64>| {
        count
            .and_then(|count| u32::try_from(count).ok())
            .map(f64::from)
    };
    let (kind, min, max) = match &field.form {
        FieldForm::Text { min, max, .. } => (wire::FieldKind::Text, count(*min), count(Some(*max))),
        FieldForm::Number { whole, min, max } => {
            let kind = if *whole {
                wire::FieldKind::Integer
            } else {
                wire::FieldKind::Number
            };
            (kind, number(min), number(max))
        }
        FieldForm::Flag => (wire::FieldKind::Flag, None, None),
        FieldForm::One { .. } => (wire::FieldKind::One, None, None),
        FieldForm::Some { min, max, .. } => (wire::FieldKind::Some, count(*min), count(*max)),
    };
    let options = match &field.form {
        FieldForm::One { options } | FieldForm::Some { options, .. } => options.wire(),
        _ => Vec::new(),
    };
    wire::QuestionField {
        name: field.name.clone(),
        title: field.title.clone(),
        description: field.description.clone(),
        required: field.required,
        kind,
        format: match &field.form {
            FieldForm::Text { format, .. } => format.clone(),
            _ => None,
        },
        min,
        max,
        options,
        secret,
    }
}

impl ToWire for FieldOption {
    type Wire = wire::FieldOption;
    fn wire(&self) -> wire::FieldOption {
        wire::FieldOption {
            value: self.value.clone(),
            label: self.label.clone(),
        }
    }
}

impl ToWire for EndedQuestion {
    type Wire = wire::EndedQuestion;
    fn wire(&self) -> wire::EndedQuestion {
        wire::EndedQuestion {
            server: self.server.clone(),
            tool: self.tool.clone(),
            end: self.end.wire(),
            at: Time::of(self.at),
        }
    }
}
