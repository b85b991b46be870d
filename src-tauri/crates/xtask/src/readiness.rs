//! Proof that the program which `run` starts really comes up: it announces an
//! address, answers there that it is ready, shows the console, and is then
//! stopped. What else it does is for the tests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::pattern::{Pattern, compile};
use crate::shell;

/// Time from the start to the answer "ready", on the slowest machine.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// Pause between two questions.
const ASK_EVERY: Duration = Duration::from_millis(200);
/// Bytes of an answer that are read; its head is all that counts.
const MAX_ANSWER_BYTES: u64 = 1024;

static ADDRESS: Pattern =
    LazyLock::new(|| compile(r"http://(127\.0\.0\.1:\d+|localhost:\d+|\[::1\]:\d+)"));

/// Starts the program, waits until it is ready, and stops it.
pub(crate) fn prove(command: &mut Command) -> Result<()> {
    shell::say(&shell::line_of(command));
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting `{}`", shell::line_of(command)))?;
    let outcome = watch(&mut child, start);
    // It may have ended by itself; either way it must not outlive this proof.
    let _gone = child.kill();
    child.wait().context("waiting for the program to end")?;
    let address = outcome?;
    let took = start.elapsed().as_secs_f64();
    shell::say(&format!(
        "ready at {address} after {took:.1} s; stopped again"
    ));
    Ok(())
}

fn watch(child: &mut Child, start: Instant) -> Result<String> {
    let Some(output) = child.stdout.take() else {
        bail!("the program has no output to read")
    };
    let (found, address) = sync_channel(1);
    thread::spawn(move || read_on(output, &found));
    let Ok(address) = address.recv_timeout(READY_WITHIN) else {
        bail!(
            "the program announced no loopback address within {} s",
            READY_WITHIN.as_secs()
        );
    };
    while start.elapsed() < READY_WITHIN {
        if Answer::to(&address, "/readyz").is_ok_and(|answer| answer.is_good()) {
            return shows_the_console(&address);
        }
        if let Some(status) = child.try_wait().context("asking after the program")? {
            bail!("the program ended by itself ({status}) before it was ready");
        }
        thread::sleep(ASK_EVERY);
    }
    bail!(
        "http://{address}/readyz did not answer 200 within {} s",
        READY_WITHIN.as_secs()
    )
}

/// Shows the output and hands on the first address in it; a program that ends
/// hangs up, which ends the waiting.
fn read_on(output: impl Read, found: &SyncSender<String>) {
    for line in BufReader::new(output)
        .lines()
        .map_while(std::result::Result::ok)
    {
        println!("{line}");
        if let Some(address) = address_in(&line) {
            // Only the first one is waited for.
            let _full = found.try_send(address);
        }
    }
}

fn address_in(line: &str) -> Option<String> {
    let plain = shell::without_colours(line);
    ADDRESS
        .captures(&plain)
        .and_then(|found| found.get(1))
        .map(|found| found.as_str().to_owned())
}

/// A server can be ready and have no console to show: one that was not told where it lies.
fn shows_the_console(address: &str) -> Result<String> {
    let answer = Answer::to(address, "/").context("asking for the console")?;
    if !(answer.is_good() && answer.is_page()) {
        bail!(
            "http://{address}/ is ready and shows no console: it answered \"{}\"",
            answer.0.lines().next().unwrap_or_default()
        );
    }
    Ok(format!("http://{address}"))
}

/// The beginning of what was answered.
struct Answer(String);

impl Answer {
    fn to(address: &str, path: &str) -> std::io::Result<Self> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(READY_WITHIN))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = Vec::new();
        stream.take(MAX_ANSWER_BYTES).read_to_end(&mut answer)?;
        Ok(Self(String::from_utf8_lossy(&answer).into_owned()))
    }

    fn is_good(&self) -> bool {
        self.0.split_whitespace().nth(1) == Some("200")
    }

    fn is_page(&self) -> bool {
        let kind = |line: &str| {
            line.to_ascii_lowercase()
                .starts_with("content-type: text/html")
        };
        self.0.lines().any(kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "200 OK\r\nContent-Type: text/html; charset=utf-8";

    /// Proves a program that announces this port and stays.
    fn announced(port: u16) -> Result<()> {
        let announce = format!("echo at http://127.0.0.1:{port}/; exec sleep 1000");
        prove(Command::new("sh").args(["-c", &announce]))
    }

    #[test]
    fn the_announced_address_is_found() {
        let line = "Chimera is at \u{1b}[1mhttp://127.0.0.1:7700/welcome\u{1b}[0m";
        assert_eq!(address_in(line), Some("127.0.0.1:7700".to_owned()));
        assert_eq!(address_in("see http://example.org:80/"), None);
    }

    /// A host on a free port that answers every question with this status and kind of content.
    fn host(answer: &'static str) -> u16 {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                // To its end: a connection that is closed over unread words is torn, and the answer with it.
                let asked = BufReader::new(stream.try_clone().unwrap()).lines();
                asked
                    .take_while(|line| !line.as_ref().unwrap().is_empty())
                    .for_each(drop);
                write!(stream, "HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n").unwrap();
            }
        });
        port
    }

    #[test]
    fn a_program_that_answers_is_ready_and_is_stopped_again() {
        announced(host(PAGE)).unwrap();
    }

    #[test]
    fn a_program_that_is_ready_without_a_console_is_a_failure_that_says_so() {
        let bare = "200 OK\r\nContent-Type: application/json";
        let error = announced(host(bare)).unwrap_err().to_string();
        assert!(error.contains("shows no console"), "{error}");
    }

    #[test]
    fn another_answer_is_not_ready() {
        for (answer, is_good) in [(PAGE, true), ("503 Service Unavailable", false)] {
            let address = format!("127.0.0.1:{}", host(answer));
            let answer = Answer::to(&address, "/readyz").unwrap();
            assert_eq!(answer.is_good(), is_good);
        }
    }

    #[test]
    fn a_program_that_ends_unready_is_a_failure_with_its_reason() {
        let mut child = Command::new("sh");
        child.args(["-c", "echo http://127.0.0.1:1/; exit 3"]);
        let error = prove(&mut child).unwrap_err().to_string();
        assert!(error.contains("ended by itself"), "{error}");
    }

    #[test]
    fn a_silent_program_that_ends_is_a_failure_at_once() {
        let error = prove(Command::new("sh").args(["-c", "exit 0"]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("announced no loopback address"), "{error}");
    }
}
