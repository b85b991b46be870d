//! What a server answered, as the port's types: bounded, checked against the promise, tainted
//! where somebody outside wrote it.
//!
//! Never here: waiting for an answer.

use chimera_domain::{action::ToolRef, artifact::Origin, fault::FaultClass};
use chimera_ports::tools::{ResourceReply, ToolError, ToolReply};
use rmcp::model::{CallToolResult, ContentBlock, ReadResourceResult, ResourceContents};
use serde_json::{Value, json};

use crate::{
    catalogue::Entry,
    codes::{
        MCP_RESOURCE_BINARY, MCP_RESOURCE_UNKNOWN, TOOL_RESULT_INVALID, TOOL_RESULT_TOO_LARGE, cut,
        left, unsent,
    },
    spec::{ContentTrust, ServerSpec},
};

/// Largest result that is passed on, in bytes of JSON or text.
pub(crate) const MAX_TOOL_RESULT_BYTES: usize = 1024 * 1024;
/// Longest source that is named as an origin, in characters.
const MAX_SOURCE_CHARS: usize = 2_048;
/// Arguments that tell where untrusted content was read, in order of preference.
const SOURCE_ARGUMENTS: [&str; 3] = ["url", "uri", "path"];

/// Turns a tool's result into the port's reply.
pub(crate) fn tool_reply(
    spec: &ServerSpec,
    entry: &Entry,
    arguments: &Value,
    result: CallToolResult,
) -> Result<ToolReply, ToolError> {
    let tool = &entry.info.tool;
    let is_error = result.is_error.unwrap_or(false);
    let has_structure = result.structured_content.is_some();
    let content = match result.structured_content {
        Some(content) => content,
        None => text_of(result.content),
    };
    let bytes = content.to_string().len();
    if bytes > MAX_TOOL_RESULT_BYTES {
        return Err(too_large(tool, &format!("{bytes} bytes")));
    }
    // A tool that failed owes no output; its words are passed on as they are.
    if let Some(promise) = entry.output.as_ref().filter(|_| !is_error) {
        let kept = if has_structure {
            promise.check(&content)
        } else {
            Err("it promises structured content and gave none".to_owned())
        };
        kept.map_err(|why| invalid(tool, &why))?;
    }
    Ok(ToolReply {
        content,
        is_error,
        origin: origin(spec, tool, arguments),
        served_by: None,
    })
}

/// The result of `tool` is larger than is taken; it did run.
pub(crate) fn too_large(tool: &ToolRef, size: &str) -> ToolError {
    left(
        FaultClass::Validation,
        TOOL_RESULT_TOO_LARGE,
        format!(
            "the result of {tool} has {size}; at most {MAX_TOOL_RESULT_BYTES} are taken; ask for less at a time"
        ),
        true,
    )
}

/// The result of `tool` is not what it promised; it did run.
pub(crate) fn invalid(tool: &ToolRef, why: &str) -> ToolError {
    left(
        FaultClass::Permanent,
        TOOL_RESULT_INVALID,
        format!("the result of {tool} is not what the tool promises: {why}"),
        true,
    )
}

/// Text blocks joined; what is not text is named, not passed on.
fn text_of(blocks: Vec<ContentBlock>) -> Value {
    let mut texts = Vec::new();
    let mut omitted = Vec::new();
    for block in blocks {
        match block {
            ContentBlock::Text(text) => texts.push(text.text),
            ContentBlock::Image(image) => omitted.push(format!("image {}", cut(&image.mime_type))),
            ContentBlock::Audio(audio) => omitted.push(format!("audio {}", cut(&audio.mime_type))),
            ContentBlock::Resource(embedded) => match embedded.resource {
                ResourceContents::TextResourceContents { text, .. } => texts.push(text),
                _ => omitted.push("binary resource".to_owned()),
            },
            ContentBlock::ResourceLink(link) => {
                omitted.push(format!("resource {}", cut(&link.uri)))
            }
            _ => omitted.push("content of an unknown kind".to_owned()),
        }
    }
    let text = texts.join("\n");
    if omitted.is_empty() {
        json!({ "text": text })
    } else {
        json!({ "text": text, "omitted": omitted })
    }
}

/// The words of one block; what is no text is named.
pub(crate) fn words_of(block: ContentBlock) -> String {
    let said = text_of(vec![block]);
    match said["omitted"][0].as_str() {
        Some(omitted) => format!("({omitted})"),
        None => said["text"].as_str().unwrap_or_default().to_owned(),
    }
}

fn origin(spec: &ServerSpec, tool: &ToolRef, arguments: &Value) -> Origin {
    match spec.content {
        ContentTrust::OwnWords => Origin::Tool {
            tool: tool.to_string(),
        },
        ContentTrust::Untrusted => {
            let named = SOURCE_ARGUMENTS
                .iter()
                .find_map(|name| arguments.get(name)?.as_str());
            let source = named.map_or_else(|| tool.to_string(), str::to_owned);
            Origin::Untrusted {
                source: source.chars().take(MAX_SOURCE_CHARS).collect(),
            }
        }
    }
}

/// Turns what was read from a resource into the port's reply.
pub(crate) fn resource_reply(
    spec: &ServerSpec,
    uri: &str,
    result: ReadResourceResult,
) -> Result<ResourceReply, ToolError> {
    let refuse = |class, code, why: &str| {
        let words = format!("the resource '{}' of '{}' {why}", cut(uri), spec.name);
        Err(unsent(class, code, words))
    };
    if result.contents.is_empty() {
        return refuse(
            FaultClass::Permanent,
            MCP_RESOURCE_UNKNOWN,
            "has no content; correct the URI",
        );
    }
    let mut texts = Vec::new();
    let mut kind = None;
    for part in result.contents {
        let ResourceContents::TextResourceContents {
            mime_type, text, ..
        } = part
        else {
            return refuse(
                FaultClass::Validation,
                MCP_RESOURCE_BINARY,
                "is not text; only text is read",
            );
        };
        kind = kind.or(mime_type);
        texts.push(text);
    }
    let text = texts.join("\n");
    if text.len() > MAX_TOOL_RESULT_BYTES {
        let why = format!(
            "has {} bytes; at most {MAX_TOOL_RESULT_BYTES} are taken",
            text.len()
        );
        return refuse(FaultClass::Validation, TOOL_RESULT_TOO_LARGE, &why);
    }
    let origin = match spec.content {
        ContentTrust::OwnWords => Origin::Tool {
            tool: format!("{}:{}", spec.name, cut(uri)),
        },
        ContentTrust::Untrusted => Origin::Untrusted {
            source: uri.chars().take(MAX_SOURCE_CHARS).collect(),
        },
    };
    Ok(ResourceReply {
        mime_type: kind,
        text,
        origin,
    })
}
