//! Server-sent events out of bytes, however these are cut into pieces.
//!
//! Never here: waiting for bytes.

use serde_json::Value;

use super::Frame;

/// Largest single event, in bytes; a fact is a few hundred.
const MAX_EVENT_BYTES: usize = 256 * 1024;

/// An event that is larger than any can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event is larger than {MAX_EVENT_BYTES} bytes")]
pub(super) struct TooLarge;

/// Puts lines together into frames.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The line that is not complete yet.
    line: Vec<u8>,
    kind: String,
    data: String,
    has_data: bool,
}

impl Lines {
    /// Takes the next bytes and adds the frames that they complete to `frames`.
    pub(super) fn take(
        &mut self,
        bytes: &[u8],
        frames: &mut impl Extend<Frame>,
    ) -> Result<(), TooLarge> {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            self.line.extend_from_slice(&rest[..end]);
            rest = &rest[end + 1..];
            let line = std::mem::take(&mut self.line);
            frames.extend(self.read(line.strip_suffix(b"\r").unwrap_or(&line)));
            self.fits()?;
        }
        self.line.extend_from_slice(rest);
        self.fits()
    }

    fn fits(&self) -> Result<(), TooLarge> {
        if self.line.len() + self.data.len() > MAX_EVENT_BYTES {
            Err(TooLarge)
        } else {
            Ok(())
        }
    }

    /// Reads a line; an empty one completes a frame. Comments, ids and waiting times are passed over.
    fn read(&mut self, line: &[u8]) -> Option<Frame> {
        if line.is_empty() {
            return self.complete();
        }
        let text = String::from_utf8_lossy(line);
        let (field, value) = text.split_once(':').unwrap_or((&text, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.kind),
            "data" => {
                if self.has_data {
                    self.data.push('\n');
                }
                self.data.push_str(value);
                self.has_data = true;
            }
            _ => {}
        }
        None
    }

    fn complete(&mut self) -> Option<Frame> {
        let (kind, data) = (
            std::mem::take(&mut self.kind),
            std::mem::take(&mut self.data),
        );
        if !std::mem::take(&mut self.has_data) {
            return None;
        }
        let event = if kind.is_empty() {
            "message".to_owned()
        } else {
            kind
        };
        let data = serde_json::from_str(&data).unwrap_or(Value::String(data));
        Some(Frame { event, data })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn frame(event: &str, data: Value) -> Frame {
        Frame {
            event: event.to_owned(),
            data,
        }
    }

    const TEXT: &str = ": hello\n\nretry: 1000\nevent: fact\nid: 7\ndata: {\"seq\":7,\"x\":\"é\"}\n\n\
                        data: plain\ndata:text\r\n\r\nevent: empty\n\nevent: fact\ndata: {\"seq\":8}\n\n";

    #[test]
    fn frames_are_the_same_wherever_the_bytes_are_cut() {
        let expected = vec![
            frame("fact", json!({ "seq": 7, "x": "é" })),
            frame("message", json!("plain\ntext")),
            frame("fact", json!({ "seq": 8 })),
        ];
        for size in 1..=TEXT.len() {
            let (mut lines, mut frames) = (Lines::default(), Vec::new());
            for piece in TEXT.as_bytes().chunks(size) {
                lines.take(piece, &mut frames).unwrap();
            }
            assert_eq!(frames, expected, "in pieces of {size}");
        }
    }

    #[test]
    fn an_event_without_end_is_not_kept() {
        let (mut lines, mut frames) = (Lines::default(), Vec::new());
        let piece = vec![b'x'; MAX_EVENT_BYTES / 2];
        lines.take(b"data: ", &mut frames).unwrap();
        lines.take(&piece, &mut frames).unwrap();
        assert_eq!(lines.take(&piece, &mut frames), Err(TooLarge));
        let mut lines = Lines::default();
        let many = "data: 0123456789\n".repeat(MAX_EVENT_BYTES / 8);
        assert_eq!(lines.take(many.as_bytes(), &mut frames), Err(TooLarge));
    }
}
