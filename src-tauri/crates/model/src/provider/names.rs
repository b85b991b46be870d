//! Tool names as they go over the wire: every family refuses the point in `feeds.read`.
//!
//! Never here: what a tool does.

use std::collections::BTreeMap;

use chimera_ports::model::{OfferedTool, Turn};

/// Longest tool name that the API takes.
const MAX_TOOL_NAME_CHARS: usize = 64;

/// Tool names both ways.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct ToolNames {
    wire_of: BTreeMap<String, String>,
}

impl ToolNames {
    pub(super) fn of(tools: &[OfferedTool], turns: &[Turn]) -> Self {
        let mut names = Self::default();
        let called = turns.iter().flat_map(|turn| match turn {
            Turn::Model { tool_calls, .. } => {
                tool_calls.iter().map(|call| call.name.as_str()).collect()
            }
            _ => Vec::new(),
        });
        for name in tools.iter().map(|tool| tool.name.as_str()).chain(called) {
            names.add(name);
        }
        names
    }

    fn add(&mut self, name: &str) {
        if self.wire_of.contains_key(name) {
            return;
        }
        let plain: String = name
            .chars()
            .map(|letter| match letter {
                letter if letter.is_ascii_alphanumeric() || letter == '-' => letter,
                _ => '_',
            })
            .take(MAX_TOOL_NAME_CHARS)
            .collect();
        let mut wire = if plain.is_empty() {
            "tool".to_owned()
        } else {
            plain
        };
        let mut number = 2;
        while self.wire_of.values().any(|taken| *taken == wire) {
            let ending = format!("_{number}");
            wire.truncate(MAX_TOOL_NAME_CHARS - ending.len());
            wire.push_str(&ending);
            number += 1;
        }
        self.wire_of.insert(name.to_owned(), wire);
    }

    pub(super) fn wire<'a>(&'a self, name: &'a str) -> &'a str {
        self.wire_of.get(name).map_or(name, String::as_str)
    }

    /// The offered name behind a wire name; a name that was never offered stays as it came.
    pub(super) fn offered(&self, wire: &str) -> String {
        self.wire_of
            .iter()
            .find(|(_, known)| *known == wire)
            .map_or(wire, |(name, _)| name)
            .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tool(name: &str) -> OfferedTool {
        OfferedTool {
            name: name.to_owned(),
            description: String::new(),
            input_schema: json!({}),
        }
    }

    #[test]
    fn tool_names_are_legal_on_the_wire_and_come_back_as_offered() {
        let long = "x".repeat(99);
        let offered = ["feeds.read", "feeds_read", "feeds/read", "läsen", &long];
        let tools: Vec<_> = offered.iter().map(|name| tool(name)).collect();
        let names = ToolNames::of(&tools, &[]);
        let mut seen = std::collections::BTreeSet::new();
        for name in offered {
            let wire = names.wire(name).to_owned();
            assert!(
                wire.len() <= MAX_TOOL_NAME_CHARS
                    && wire
                        .chars()
                        .all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter)),
                "{wire}"
            );
            assert_eq!(names.offered(&wire), name);
            assert!(seen.insert(wire));
        }
        assert_eq!(names.offered("never_offered"), "never_offered");
    }
}
