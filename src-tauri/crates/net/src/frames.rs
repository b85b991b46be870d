//! Server-sent events, or lines of JSON, cut out of a byte stream.
//!
//! Never here: what an event says, or where its bytes come from (`body`).

/// How the far side parts its answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Framing {
    /// Server-sent events.
    #[default]
    Events,
    /// A JSON value in each line.
    Lines,
}

/// One event, or one line.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Event {
    /// What kind it is, when it says so.
    pub name: Option<String>,
    /// Its data; absent when it only moves the place to resume from, or the pause before that.
    pub data: Option<String>,
    /// The place to resume from after it.
    pub id: Option<String>,
    /// The pause before resuming, in milliseconds.
    pub retry_ms: Option<u64>,
}

/// Collects pieces and gives whole events. It holds what has not become one yet: whoever reads a stream without a cap
/// of its own looks at [`EventReader::held_bytes`].
#[derive(Debug, Default)]
pub struct EventReader {
    framing: Framing,
    line: Vec<u8>,
    event: Event,
    /// Data lines of the event that is being read.
    data: Vec<String>,
    data_bytes: usize,
    /// Whether the last line ended in CR, whose LF may still come.
    after_cr: bool,
}

impl EventReader {
    /// A reader of this framing.
    #[must_use]
    pub fn new(framing: Framing) -> Self {
        Self {
            framing,
            ..Self::default()
        }
    }

    /// Takes a piece and returns every event that it completes.
    pub fn take(&mut self, piece: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        let mut rest = piece;
        if self.after_cr && !rest.is_empty() {
            self.after_cr = false;
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        while let Some(at) = rest.iter().position(|&byte| byte == b'\n' || byte == b'\r') {
            self.line.extend_from_slice(&rest[..at]);
            events.extend(self.end_line());
            let ended = &rest[at..];
            rest = ended.strip_prefix(b"\r\n").unwrap_or_else(|| &ended[1..]);
            // Its LF may come with the next piece.
            self.after_cr = ended == b"\r";
        }
        self.line.extend_from_slice(rest);
        events
    }

    /// An event that the end of the stream completes.
    pub fn finish(&mut self) -> Option<Event> {
        let last = if self.line.is_empty() {
            None
        } else {
            self.end_line()
        };
        last.or_else(|| self.end_event())
    }

    /// Bytes of what has not become an event yet.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.line.len() + self.data_bytes
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            return self.end_event();
        }
        let line = String::from_utf8_lossy(&line);
        if self.framing == Framing::Lines {
            return Some(line.into_owned())
                .filter(|line| !line.trim().is_empty())
                .map(|line| Event {
                    data: Some(line),
                    ..Event::default()
                });
        }
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                self.data_bytes += value.len() + 1;
                self.data.push(value.to_owned());
            }
            "event" => self.event.name = Some(value.to_owned()),
            // As the format says: a null in it makes it none.
            "id" if !value.contains('\0') => self.event.id = Some(value.to_owned()),
            "retry" => self.event.retry_ms = value.parse().ok().or(self.event.retry_ms),
            _ => {}
        }
        None
    }

    fn end_event(&mut self) -> Option<Event> {
        let data = std::mem::take(&mut self.data);
        self.data_bytes = 0;
        let event = Event {
            data: (!data.is_empty()).then(|| data.join("\n")),
            ..std::mem::take(&mut self.event)
        };
        // A kind alone is nothing that happened.
        let says_something = event.data.is_some() || event.id.is_some() || event.retry_ms.is_some();
        says_something.then_some(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(framing: Framing, wire: &str, size: usize) -> Vec<Event> {
        let mut reader = EventReader::new(framing);
        let mut events: Vec<Event> = wire
            .as_bytes()
            .chunks(size)
            .flat_map(|piece| reader.take(piece))
            .collect();
        events.extend(reader.finish());
        events
    }

    fn data(text: &str) -> Event {
        Event {
            data: Some(text.to_owned()),
            ..Event::default()
        }
    }

    #[test]
    fn events_come_out_whole_wherever_the_pieces_were_cut() {
        let wire = ": hello\r\ndata: {\"a\":\"ü\"}\r\n\r\nevent: x\nid: 7\ndata: one\ndata:two\n\nretry: 20\nid: 8\n\ndata: [DONE]\n";
        let expected = [
            data("{\"a\":\"ü\"}"),
            Event {
                name: Some("x".to_owned()),
                id: Some("7".to_owned()),
                ..data("one\ntwo")
            },
            Event {
                id: Some("8".to_owned()),
                retry_ms: Some(20),
                ..Event::default()
            },
            data("[DONE]"),
        ];
        for size in 1..wire.len() {
            assert_eq!(
                read(Framing::Events, wire, size),
                expected,
                "in pieces of {size}"
            );
        }
    }

    #[test]
    fn lines_come_out_whole_wherever_the_pieces_were_cut() {
        let wire = "{\"a\":\"ü\"}\n\r\n  \n{\"b\":1}\r\n{\"c\"";
        let expected = ["{\"a\":\"ü\"}", "{\"b\":1}", "{\"c\""].map(data);
        for size in 1..wire.len() {
            assert_eq!(
                read(Framing::Lines, wire, size),
                expected,
                "in pieces of {size}"
            );
        }
    }

    #[test]
    fn nothing_comes_of_nothing() {
        let mut reader = EventReader::default();
        assert_eq!(reader.take(b"\n\n: ping\n\nevent: x\n\nid: a\0b\n\n"), []);
        assert_eq!(reader.finish(), None);
    }

    #[test]
    fn what_is_held_is_counted_until_it_is_an_event() {
        let mut reader = EventReader::default();
        reader.take(b"data: abcd\ndata: ef");
        assert_eq!(reader.held_bytes(), 5 + "data: ef".len());
        assert_eq!(reader.take(b"\n\n").len(), 1);
        assert_eq!(reader.held_bytes(), 0);
    }
}
