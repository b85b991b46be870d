//! What the server answers, and how it fails.
//!
//! Never here: when.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::TcpStream;

use super::{
    http::{begin_stream, end_stream, write_piece, write_whole},
    request::ModelRequest,
    wire::{Answer, Speaks},
};

/// Characters of one streamed piece, unless told otherwise.
const PIECE_CHARS: usize = 24;

/// How an answer goes wrong.
#[derive(Clone, Debug, PartialEq)]
enum Fault {
    /// Nothing does.
    None,
    /// The connection closes after so many events, without an end mark.
    CutAfter(usize),
    /// The stream ends in good order after so many events, but without an end mark or reason.
    EndAfter(usize),
    /// After so many events an error event comes.
    ErrorAfter(usize, Value),
    /// After the head nothing more comes.
    Hang,
    /// An event that is no JSON.
    Garbage,
    /// Endless text.
    Flood,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    /// Sent as it is instead of a completion.
    raw: Option<String>,
    /// Sent as the family's error.
    error: Option<Value>,
    text: String,
    calls: Vec<(String, Value)>,
    finish: Option<String>,
    usage: Option<Value>,
    piece_chars: usize,
    pause: Duration,
    whole: bool,
    end_mark: bool,
    fault: Fault,
}

impl Reply {
    /// Says `text`.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            raw: None,
            error: None,
            text: text.to_owned(),
            calls: Vec::new(),
            finish: None,
            usage: Some(
                json!({"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}),
            ),
            piece_chars: PIECE_CHARS,
            pause: Duration::ZERO,
            whole: false,
            end_mark: true,
            fault: Fault::None,
        }
    }

    /// Says this JSON.
    #[must_use]
    pub fn json(value: &Value) -> Self {
        Self::text(&value.to_string())
    }

    /// Asks for these tools, by name and arguments.
    #[must_use]
    pub fn calls(calls: &[(&str, Value)]) -> Self {
        Self {
            calls: calls
                .iter()
                .map(|(name, arguments)| ((*name).to_owned(), arguments.clone()))
                .collect(),
            ..Self::text("")
        }
    }

    /// Answers with an error status and the family's error body.
    #[must_use]
    pub fn status(status: u16, message: &str) -> Self {
        let error = json!({"message": message, "type": "scripted", "code": null});
        Self::error(status, error)
    }

    /// Answers with an error status and this error, as OpenAI has it: `message`, `type`, and for Gemini `details`.
    #[must_use]
    pub fn error(status: u16, error: Value) -> Self {
        Self {
            status,
            error: Some(error),
            ..Self::text("")
        }
    }

    /// Answers with this status and exactly this body.
    #[must_use]
    pub fn raw(status: u16, body: &str) -> Self {
        Self {
            status,
            raw: Some(body.to_owned()),
            ..Self::text("")
        }
    }

    /// A stream with an event that is no JSON.
    #[must_use]
    pub fn garbage() -> Self {
        Self {
            fault: Fault::Garbage,
            ..Self::text("")
        }
    }

    /// The head of a stream, and then silence.
    #[must_use]
    pub fn silence() -> Self {
        Self {
            fault: Fault::Hang,
            ..Self::text("")
        }
    }

    /// A stream that never ends and never pauses.
    #[must_use]
    pub fn flood() -> Self {
        Self {
            fault: Fault::Flood,
            ..Self::text("")
        }
    }

    /// With a header, for example `retry-after`.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The connection breaks after so many events.
    #[must_use]
    pub fn cut_after(self, events: usize) -> Self {
        Self {
            fault: Fault::CutAfter(events),
            ..self
        }
    }

    /// The stream ends in good order after so many events, though the answer does not.
    #[must_use]
    pub fn end_after(self, events: usize) -> Self {
        Self {
            fault: Fault::EndAfter(events),
            ..self
        }
    }

    /// An error event comes after so many events.
    #[must_use]
    pub fn error_after(self, events: usize, error: Value) -> Self {
        Self {
            fault: Fault::ErrorAfter(events, error),
            ..self
        }
    }

    /// Pauses so long before each event.
    #[must_use]
    pub fn dripping(self, pause: Duration) -> Self {
        Self { pause, ..self }
    }

    /// In pieces of so many characters.
    #[must_use]
    pub fn in_pieces_of(self, chars: usize) -> Self {
        Self {
            piece_chars: chars.max(1),
            ..self
        }
    }

    /// In one piece, although a stream was asked for.
    #[must_use]
    pub fn whole(self) -> Self {
        Self {
            whole: true,
            ..self
        }
    }

    /// With this `usage`, right or wrong; null leaves it out.
    #[must_use]
    pub fn usage(self, usage: Value) -> Self {
        Self {
            usage: Some(usage).filter(|usage| !usage.is_null()),
            ..self
        }
    }

    /// With this reason to stop.
    #[must_use]
    pub fn finish(self, reason: &str) -> Self {
        Self {
            finish: Some(reason.to_owned()),
            ..self
        }
    }

    /// Without `[DONE]`, as some servers end.
    #[must_use]
    pub fn without_end_mark(self) -> Self {
        Self {
            end_mark: false,
            ..self
        }
    }

    pub(super) async fn send(&self, socket: &mut TcpStream, request: &ModelRequest) {
        let speaks = request.speaks;
        let answer = Answer {
            model: request.model(),
            text: &self.text,
            calls: &self.calls,
            finish: self.finish.as_deref(),
            usage: self.usage.as_ref(),
            piece_chars: self.piece_chars,
            end_mark: self.end_mark,
        };
        if let Some(raw) = &self.raw {
            write_whole(socket, self.status, &self.headers, raw.as_bytes()).await;
        } else if let Some(error) = &self.error {
            let body = speaks.error(self.status, error).to_string();
            write_whole(socket, self.status, &self.headers, body.as_bytes()).await;
        } else if self.whole || (speaks != Speaks::Gemini && request.body["stream"] != json!(true))
        {
            let body = answer.whole(speaks).to_string();
            write_whole(socket, self.status, &self.headers, body.as_bytes()).await;
        } else {
            let asked_usage = request.body["stream_options"]["include_usage"] == json!(true);
            let events = answer.pieces(speaks, asked_usage);
            self.stream(socket, speaks, &events).await;
        }
    }

    async fn stream(&self, socket: &mut TcpStream, speaks: Speaks, events: &[String]) {
        begin_stream(socket, speaks.stream_type()).await;
        let count = match &self.fault {
            Fault::CutAfter(count) | Fault::EndAfter(count) | Fault::ErrorAfter(count, _) => *count,
            Fault::Hang | Fault::Garbage | Fault::Flood => 0,
            Fault::None => events.len(),
        };
        for event in events.iter().take(count) {
            if !self.pause.is_zero() {
                tokio::time::sleep(self.pause).await;
            }
            if !write_piece(socket, event.as_bytes()).await {
                return;
            }
        }
        match &self.fault {
            Fault::CutAfter(_) => return,
            Fault::Hang => return std::future::pending().await,
            Fault::Flood => {
                let flood = "x".repeat(4_000);
                let answer = Answer {
                    model: "flood",
                    text: &flood,
                    calls: &[],
                    finish: None,
                    usage: None,
                    piece_chars: flood.len(),
                    end_mark: false,
                };
                // The piece with the words; what ends the answer never comes.
                let pieces = answer.pieces(speaks, false);
                let event = pieces.iter().max_by_key(|piece| piece.len());
                while write_piece(socket, event.map_or(&[], |event| event.as_bytes())).await {}
                return;
            }
            Fault::ErrorAfter(_, error) => {
                let event = speaks.framed(&speaks.error(500, error));
                write_piece(socket, event.as_bytes()).await;
            }
            Fault::Garbage => {
                let event = match speaks {
                    Speaks::Ollama => "{\"message\": {\"content\": \n",
                    _ => "data: {\"choices\": [{\"delta\": \n\n",
                };
                write_piece(socket, event.as_bytes()).await;
            }
            Fault::None | Fault::EndAfter(_) => {}
        }
        end_stream(socket).await;
    }
}
