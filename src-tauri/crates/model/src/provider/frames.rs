//! Server-sent events, or lines of JSON, cut out of a byte stream.
//!
//! The stream's own cap bounds the buffer. Never here: what an event says.

/// How the far side parts its answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Framing {
    /// Server-sent events.
    #[default]
    Events,
    /// A JSON value in each line.
    Lines,
}

/// Collects pieces and gives whole events' data.
#[derive(Debug, Default)]
pub(super) struct EventReader {
    framing: Framing,
    buffer: Vec<u8>,
    /// Data lines of the event that is being read.
    data: Vec<String>,
    /// Whether the last line ended in CR, whose LF may still come.
    after_cr: bool,
}

impl EventReader {
    /// A reader of this framing.
    pub(super) fn new(framing: Framing) -> Self {
        Self {
            framing,
            ..Self::default()
        }
    }

    /// Takes a piece and returns the data of every event that it completes.
    pub(super) fn take(&mut self, piece: &[u8]) -> Vec<String> {
        let mut events = Vec::new();
        for &byte in piece {
            match byte {
                b'\n' if self.after_cr => {}
                b'\n' | b'\r' => events.extend(self.end_line()),
                byte => self.buffer.push(byte),
            }
            self.after_cr = byte == b'\r';
        }
        events
    }

    /// Data of an event that the end of the stream completes.
    pub(super) fn finish(&mut self) -> Option<String> {
        let last = if self.buffer.is_empty() {
            None
        } else {
            self.end_line()
        };
        last.or_else(|| self.end_event())
    }

    fn end_line(&mut self) -> Option<String> {
        let line = std::mem::take(&mut self.buffer);
        if line.is_empty() {
            return self.end_event();
        }
        let line = String::from_utf8_lossy(&line);
        if self.framing == Framing::Lines {
            return Some(line.into_owned()).filter(|line| !line.trim().is_empty());
        }
        if let Some(data) = line.strip_prefix("data:") {
            self.data
                .push(data.strip_prefix(' ').unwrap_or(data).to_owned());
        }
        None
    }

    fn end_event(&mut self) -> Option<String> {
        let data = std::mem::take(&mut self.data);
        (!data.is_empty()).then(|| data.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_out_whole_wherever_the_pieces_were_cut() {
        let wire =
            ": hello\r\ndata: {\"a\":\"ü\"}\r\n\r\nevent: x\ndata: one\ndata:two\n\ndata: [DONE]\n";
        for size in 1..wire.len() {
            let mut reader = EventReader::default();
            let mut events: Vec<String> = wire
                .as_bytes()
                .chunks(size)
                .flat_map(|piece| reader.take(piece))
                .collect();
            events.extend(reader.finish());
            assert_eq!(
                events,
                ["{\"a\":\"ü\"}", "one\ntwo", "[DONE]"],
                "in pieces of {size}"
            );
        }
    }

    #[test]
    fn lines_come_out_whole_wherever_the_pieces_were_cut() {
        let wire = "{\"a\":\"ü\"}\n\r\n  \n{\"b\":1}\r\n{\"c\"";
        for size in 1..wire.len() {
            let mut reader = EventReader::new(Framing::Lines);
            let mut lines: Vec<String> = wire
                .as_bytes()
                .chunks(size)
                .flat_map(|piece| reader.take(piece))
                .collect();
            lines.extend(reader.finish());
            assert_eq!(
                lines,
                ["{\"a\":\"ü\"}", "{\"b\":1}", "{\"c\""],
                "in pieces of {size}"
            );
        }
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let mut reader = EventReader::default();
        assert_eq!(reader.take(b"\n\n: ping\n\n"), Vec::<String>::new());
        assert_eq!(reader.finish(), None);
    }
}
