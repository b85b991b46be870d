//! A server's question to a person as a form: what it asks for, within bounds, and whether an answer fits.
//!
//! A form is flat: texts, numbers, yes or no, one or some of several. Whatever a server says beyond that, or beyond
//! these bounds, makes the whole question one that cannot be put to a person: half of it would be another question.
//!
//! Never here: who answers, how long one waits, or how a question came (`mcp`).

#[cfg(test)]
mod tests;

use chimera_ports::questions::{FieldForm, FieldOption, QuestionField};
use chimera_schema::{Formats, Reading, Schema};
use serde_json::{Map, Number, Value, json};

/// Most characters of what a server wants to know.
const MAX_MESSAGE_CHARS: usize = 2_000;
/// Most fields of a form.
const MAX_FIELDS: usize = 24;
/// Most options of one field.
const MAX_OPTIONS: usize = 100;
/// Most characters of a name, a title or an option.
const MAX_LABEL_CHARS: usize = 200;
/// Most characters of what a field is.
const MAX_DESCRIPTION_CHARS: usize = 500;
/// Most characters of a text that is filled in, where the server does not say fewer.
const MAX_TEXT_CHARS: u64 = 4_000;
/// Formats of a text that the protocol knows; any other is a remark.
const FORMATS: [&str; 4] = ["email", "uri", "date", "date-time"];

/// Most characters of a stranger's word that a reason repeats.
const MAX_QUOTED_CHARS: usize = 80;

/// How the schema of a form, which is made here, is read.
const READING: Reading = Reading {
    max_bytes: 1024 * 1024,
    formats: Formats::Checked,
};

/// A question that can be put to a person.
#[derive(Debug)]
pub struct Form {
    /// What the server wants to know. Untrusted text.
    pub message: String,
    /// What is to be filled in, in its order.
    pub fields: Vec<QuestionField>,
    schema: Schema,
}

impl Form {
    /// Reads the parameters of an `elicitation/create`.
    ///
    /// # Errors
    /// In words, when it cannot be put to a person.
    pub fn of(params: &Value) -> Result<Self, String> {
        match params["mode"].as_str() {
            None | Some("form") => {}
            Some("url") => {
                return Err("it wants a person to open a web page, which is not offered: no address that a server names is opened or shown as a way to go".to_owned());
            }
            Some(other) => return Err(format!("it asks in the unknown way '{}'", cut(other))),
        }
        let message = params["message"]
            .as_str()
            .filter(|message| !message.trim().is_empty())
            .ok_or("it does not say what it wants")?;
        within("what it wants", message, MAX_MESSAGE_CHARS)?;
        let fields = fields(&params["requestedSchema"])?;
        let schema = Schema::compile(&whole(&fields), READING)?;
        Ok(Self {
            message: message.to_owned(),
            fields,
            schema,
        })
    }

    /// Whether this fills the form in.
    ///
    /// # Errors
    /// In words that repeat no value.
    pub fn check(&self, content: &Map<String, Value>) -> Result<(), String> {
        self.schema.check(&Value::Object(content.clone()))
    }
}

fn fields(asked: &Value) -> Result<Vec<QuestionField>, String> {
    if asked["type"].as_str() != Some("object") {
        return Err("its form is no object".to_owned());
    }
    let none = Map::new();
    let properties = match &asked["properties"] {
        Value::Null => &none,
        Value::Object(properties) => properties,
        _ => return Err("its form has no fields by name".to_owned()),
    };
    if properties.len() > MAX_FIELDS {
        return Err(format!(
            "its form has {} fields; at most {MAX_FIELDS} are shown",
            properties.len()
        ));
    }
    let required = texts(&asked["required"]).ok_or("it does not say well what must be given")?;
    if let Some(missing) = required.iter().find(|name| !properties.contains_key(*name)) {
        return Err(format!(
            "it needs '{}', which its form does not have",
            cut(missing)
        ));
    }
    let field = |(name, says): (&String, &Value)| {
        within("the name of a field", name, MAX_LABEL_CHARS)?;
        let text = |key: &str| says[key].as_str().map(str::to_owned);
        let (title, description) = (text("title"), text("description").unwrap_or_default());
        within(
            "a title",
            title.as_deref().unwrap_or_default(),
            MAX_LABEL_CHARS,
        )?;
        within("a description", &description, MAX_DESCRIPTION_CHARS)?;
        let form = form(says).map_err(|why| format!("the field '{}' {why}", cut(name)))?;
        Ok(QuestionField {
            name: name.clone(),
            title,
            description,
            required: required.contains(name),
            default: proposed(&form, &says["default"]),
            form,
        })
    };
    properties.iter().map(field).collect()
}

fn form(says: &Value) -> Result<FieldForm, String> {
    let form = match says["type"].as_str() {
        Some("string") => match options(says, "oneOf")? {
            Some(options) => FieldForm::One { options },
            None => FieldForm::Text {
                min: says["minLength"].as_u64(),
                max: says["maxLength"]
                    .as_u64()
                    .map_or(MAX_TEXT_CHARS, |max| max.min(MAX_TEXT_CHARS)),
                format: says["format"]
                    .as_str()
                    .filter(|format| FORMATS.contains(format))
                    .map(str::to_owned),
            },
        },
        Some(kind @ ("number" | "integer")) => FieldForm::Number {
            whole: kind == "integer",
            min: says["minimum"].as_number().cloned(),
            max: says["maximum"].as_number().cloned(),
        },
        Some("boolean") => FieldForm::Flag,
        Some("array") => FieldForm::Some {
            options: options(&says["items"], "anyOf")?
                .ok_or("is a list of what can be anything, which no form has")?,
            min: says["minItems"].as_u64(),
            max: says["maxItems"].as_u64(),
        },
        _ => {
            return Err(
                "is neither a text, a number, a yes or no, nor a choice, so no form has it"
                    .to_owned(),
            );
        }
    };
    can_be_filled_in(&form)?;
    Ok(form)
}

/// The options of a choice: plain, with names beside them, or titled; `None` where there are none.
fn options(says: &Value, titled: &str) -> Result<Option<Vec<FieldOption>>, String> {
    let option = |value: &str, label: &str| FieldOption {
        value: value.to_owned(),
        label: label.to_owned(),
    };
    let unclear = "has options that cannot be told apart or read";
    let listed = if let Some(values) = says.get("enum") {
        let values = texts(values).ok_or(unclear)?;
        let names = texts(&says["enumNames"]).filter(|names| names.len() == values.len());
        let names = names.unwrap_or_else(|| values.clone());
        let named = values.iter().zip(&names);
        named.map(|(value, name)| option(value, name)).collect()
    } else if let Some(titled) = says.get(titled).or_else(|| says.get("oneOf")) {
        let each = titled.as_array().ok_or(unclear)?.iter().map(|one| {
            let value = one["const"].as_str()?;
            Some(option(value, one["title"].as_str().unwrap_or(value)))
        });
        each.collect::<Option<Vec<_>>>().ok_or(unclear)?
    } else {
        return Ok(None);
    };
    if listed.len() > MAX_OPTIONS {
        return Err(format!("has more than {MAX_OPTIONS} options"));
    }
    for one in &listed {
        within("one of the options", &one.value, MAX_LABEL_CHARS)?;
        within("one of the options", &one.label, MAX_LABEL_CHARS)?;
    }
    let distinct: std::collections::BTreeSet<&str> =
        listed.iter().map(|one| one.value.as_str()).collect();
    if listed.is_empty() || distinct.len() < listed.len() {
        return Err(unclear.to_owned());
    }
    Ok(Some(listed))
}

/// Refuses a field that nothing can ever fit.
fn can_be_filled_in(form: &FieldForm) -> Result<(), String> {
    let fits = match form {
        FieldForm::Text { min, max, .. } => min.is_none_or(|min| min <= *max),
        FieldForm::Number { min, max, .. } => match (min, max) {
            (Some(min), Some(max)) => min.as_f64() <= max.as_f64(),
            _ => true,
        },
        FieldForm::Some { options, min, max } => {
            let most = u64::try_from(options.len()).unwrap_or(u64::MAX);
            min.is_none_or(|min| min <= max.unwrap_or(most).min(most))
        }
        FieldForm::Flag | FieldForm::One { .. } => true,
    };
    fits.then_some(())
        .ok_or_else(|| "cannot be filled in: its bounds leave nothing".to_owned())
}

/// What the server proposes, as far as that fits.
fn proposed(form: &FieldForm, default: &Value) -> Option<Value> {
    let rule = Schema::compile(&rule(form), READING).ok()?;
    (!default.is_null() && rule.check(default).is_ok()).then(|| default.clone())
}

/// The schema of one field, from what was understood of it and nothing else.
fn rule(form: &FieldForm) -> Value {
    let mut rule = Map::new();
    let mut say = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            rule.insert(key.to_owned(), value);
        }
    };
    let values = |options: &[FieldOption]| {
        let values: Vec<&str> = options.iter().map(|one| one.value.as_str()).collect();
        json!(values)
    };
    let number = |number: &Option<Number>| number.clone().map(Value::Number);
    match form {
        FieldForm::Text { min, max, format } => {
            say("type", Some(json!("string")));
            say("minLength", min.map(Value::from));
            say("maxLength", Some(json!(max)));
            say("format", format.clone().map(Value::from));
        }
        FieldForm::Number { whole, min, max } => {
            say(
                "type",
                Some(json!(if *whole { "integer" } else { "number" })),
            );
            say("minimum", number(min));
            say("maximum", number(max));
        }
        FieldForm::Flag => say("type", Some(json!("boolean"))),
        FieldForm::One { options } => {
            say("type", Some(json!("string")));
            say("enum", Some(values(options)));
        }
        FieldForm::Some { options, min, max } => {
            say("type", Some(json!("array")));
            say("items", Some(json!({ "enum": values(options) })));
            say("uniqueItems", Some(json!(true)));
            say("minItems", min.map(Value::from));
            say("maxItems", max.map(Value::from));
        }
    }
    Value::Object(rule)
}

fn whole(fields: &[QuestionField]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| (field.name.clone(), rule(&field.form)))
        .collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.name.as_str())
        .collect();
    json!({
        "type": "object", "properties": properties, "required": required, "additionalProperties": false,
    })
}

/// A list of texts; nothing is an empty one, anything else none.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => None,
    }
}

fn within(what: &str, text: &str, most: usize) -> Result<(), String> {
    let chars = text.chars().count();
    if chars > most {
        return Err(format!(
            "{what} has {chars} characters; at most {most} are shown"
        ));
    }
    Ok(())
}

/// A stranger's word, short enough to be repeated.
fn cut(text: &str) -> String {
    let short: String = text.chars().take(MAX_QUOTED_CHARS).collect();
    if short.len() < text.len() {
        return short + "…";
    }
    short
}
