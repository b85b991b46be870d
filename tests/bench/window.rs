//! The start of the real window, release build, on a virtual display; beside a bare WebKit window and the program
//! without a window on the same machine.
//!
//! Without `Xvfb`, `xwininfo` or the built console there is no figure, and that is said.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{Options, figure::Figure, folder, programs, series::Series};

const BENCH: &str = "window";
const STARTS: usize = 10;
/// Longest wait for anything to come up or to leave.
const SOON: Duration = Duration::from_secs(60);
/// Pause between two looks at the display.
const LOOK_EVERY: Duration = Duration::from_millis(2);
/// Smallest width of a window that counts as one.
const WINDOW_PIXELS: u32 = 300;
/// What the program says when its page has loaded, runs, and asks for the first thing.
const SPOKE: &str = "the page spoke first";
const SCREEN: &str = "1400x900x24";

pub(crate) fn run(options: Options) -> Result<()> {
    if let Some(missing) = missing()? {
        eprintln!("the window's start was not measured: {missing}");
        return Ok(());
    }
    let program = programs::release("chimera")?;
    let headless = programs::release("chimerad")?;
    let place = folder()?;
    let display = Display::open()?;
    let bus = Bus::open()?;
    let (mut mapped, mut spoke) = (Series::default(), Series::default());
    let (mut bare, mut served) = (Series::default(), Series::default());
    let browser = browser();
    // The first start makes the state and warms the disk's memory up; it does not count.
    for start in 0..=options.amount(STARTS) {
        let mut chimera = display.program(&program, place.path(), &bus);
        chimera.env("RUST_LOG", "chimera_window=info");
        let (seen, said) = window(&display, chimera)?;
        let empty = match &browser {
            Some(browser) => {
                let mut command = display.program(browser, place.path(), &bus);
                command.arg("about:blank");
                Some(display.mapped(command)?)
            }
            None => None,
        };
        let ready = ready(&headless, place.path())?;
        if start > 0 {
            mapped.push_ms(seen);
            spoke.push_ms(said);
            served.push_ms(ready);
            if let Some(empty) = empty {
                bare.push_ms(empty);
            }
        }
    }
    report(&mapped, &spoke, &served, browser.is_some().then_some(&bare));
    Ok(())
}

fn report(mapped: &Series, spoke: &Series, served: &Series, bare: Option<&Series>) {
    let peer = "a bare WebKit window (MiniBrowser, empty page): exec to mapped";
    let found = mapped.median();
    Figure::new(BENCH, "our window: exec to mapped", found, "ms")
        .beside(peer)
        .note("release build, Xvfb, software rendering, state there already, no window manager")
        .goal("P15 ≤ 300 ms", found <= 300.0)
        .print();
    let found = spoke.median();
    Figure::new(BENCH, "our window: exec to the page's first request", found, "ms")
        .beside(peer)
        .note("the console has loaded and runs; what it shows first is not timed, so this is no more than a lower bound of interactive")
        .goal("P15 ≤ 900 ms interactive", found <= 900.0)
        .print();
    if let Some(bare) = bare {
        Figure::new(BENCH, peer, bare.median(), "ms").print();
    }
    Figure::new(
        BENCH,
        "chimerad serve: exec to ready",
        served.median(),
        "ms",
    )
    .note("until /readyz answers 200, with the same state")
    .print();
}

fn missing() -> Result<Option<String>> {
    for program in ["Xvfb", "xwininfo", "dbus-daemon"] {
        let found = Command::new(program)
            .arg("-version")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if found.is_err() {
            return Ok(Some(format!("{program} is not installed")));
        }
    }
    let console = programs::house()?.join("ui/dist/index.html");
    Ok((!console.exists()).then(|| "the console is not built (npm run build in ui)".to_owned()))
}

/// WebKit's own little browser, where its packages left it.
fn browser() -> Option<PathBuf> {
    fs::read_dir("/usr/lib")
        .ok()?
        .flatten()
        .map(|folder| folder.path().join("webkit2gtk-4.1/MiniBrowser"))
        .find(|path| path.exists())
}

/// Time to the mapped window, and to the page's first request.
fn window(display: &Display, mut command: Command) -> Result<(Duration, Duration)> {
    command.stderr(Stdio::piped());
    let began = Instant::now();
    let mut child = Running(command.spawn()?);
    let errors = child.0.stderr.take().context("no log to read")?;
    let lines = lines(errors);
    let seen = display.wait_for_window(&mut child, began)?;
    let said = loop {
        match lines.recv_timeout(SOON.saturating_sub(began.elapsed())) {
            Ok((line, at)) if line.contains(SPOKE) => break at.duration_since(began),
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => bail!("the page said nothing in time"),
            Err(RecvTimeoutError::Disconnected) => bail!("the window left before its page spoke"),
        }
    };
    child.leave()?;
    display.wait_for_none()?;
    Ok((seen, said))
}

/// Time until the program without a window says that it is ready.
fn ready(program: &Path, place: &Path) -> Result<Duration> {
    let mut command = Command::new(program);
    command
        .arg("--data-dir")
        .arg(place.join("data"))
        .args(["serve", "--port", "0"])
        .env("HOME", place)
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let began = Instant::now();
    let mut child = Running(command.spawn()?);
    let output = child.0.stdout.take().context("no output to read")?;
    let (line, _) = lines(output)
        .recv_timeout(SOON)
        .context("it announced no address")?;
    let address = line.trim().trim_start_matches("http://").to_owned();
    while !answers(&address) {
        ensure!(began.elapsed() < SOON, "it was not ready in time");
        std::thread::sleep(LOOK_EVERY);
    }
    let took = began.elapsed();
    child.leave()?;
    Ok(took)
}

fn answers(address: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        write!(
            stream,
            "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.take(256).read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.split_whitespace().nth(1) == Some("200"))
}

/// Lines as they come, each with its time.
fn lines(from: impl Read + Send + 'static) -> Receiver<(String, Instant)> {
    let (send, lines) = sync_channel(1_024);
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            // Nobody may be waiting any more; the pipe is emptied all the same.
            let _full = send.try_send((line, Instant::now()));
        }
    });
    lines
}

/// A child that does not outlive us.
struct Running(Child);

impl Running {
    /// Asks it to leave, and waits until it did.
    fn leave(mut self) -> Result<()> {
        let id = self.0.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        let asked = Instant::now();
        while self.0.try_wait()?.is_none() {
            ensure!(asked.elapsed() < SOON, "a program did not leave in time");
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Gone already is as good.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// A virtual display of our own.
struct Display {
    name: String,
    _server: Running,
}

impl Display {
    fn open() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-nolisten",
                "tcp",
                "-screen",
                "0",
                SCREEN,
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Running)?;
        let output = server.0.stdout.take().context("Xvfb has no output")?;
        let (number, _) = lines(output)
            .recv_timeout(SOON)
            .context("Xvfb named no display")?;
        Ok(Self {
            name: format!(":{}", number.trim()),
            _server: server,
        })
    }

    /// A program on this display, in a home of its own.
    fn program(&self, program: &Path, place: &Path, bus: &Bus) -> Command {
        let mut command = Command::new(program);
        command
            .env("DISPLAY", &self.name)
            .env_remove("WAYLAND_DISPLAY")
            .env("DBUS_SESSION_BUS_ADDRESS", &bus.address)
            .env("HOME", place)
            .env("CHIMERA_DATA_DIR", place.join("data"))
            .env("LANG", "en_US.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Time from exec to a mapped window.
    fn mapped(&self, mut command: Command) -> Result<Duration> {
        let began = Instant::now();
        let mut child = Running(command.spawn()?);
        let seen = self.wait_for_window(&mut child, began)?;
        child.leave()?;
        self.wait_for_none()?;
        Ok(seen)
    }

    fn wait_for_window(&self, child: &mut Running, began: Instant) -> Result<Duration> {
        while !self.shows_window()? {
            if let Some(status) = child.0.try_wait()? {
                bail!("the program left ({status}) before it showed a window");
            }
            ensure!(began.elapsed() < SOON, "no window was mapped in time");
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(began.elapsed())
    }

    fn wait_for_none(&self) -> Result<()> {
        let began = Instant::now();
        while self.shows_window()? {
            ensure!(began.elapsed() < SOON, "a window stayed");
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(())
    }

    /// Whether a window of a fair size is mapped.
    fn shows_window(&self) -> Result<bool> {
        let listed = self.ask(&["-root", "-children"])?;
        for line in listed.lines() {
            let Some(id) = line
                .split_whitespace()
                .next()
                .filter(|id| id.starts_with("0x"))
            else {
                continue;
            };
            if width(line).is_some_and(|width| width >= WINDOW_PIXELS)
                && self.ask(&["-id", id])?.contains("IsViewable")
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn ask(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new("xwininfo")
            .args(["-display", &self.name])
            .args(arguments)
            .output()?;
        // A window may go between the list and the question.
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// From `…  1280x800+0+0  +0+0`.
fn width(line: &str) -> Option<u32> {
    line.split_whitespace()
        .rev()
        .find_map(|word| word.split_once('x').filter(|(_, rest)| rest.contains('+')))
        .and_then(|(width, _)| width.parse().ok())
}

/// A message bus of our own: one instance of a program is not mistaken for another's.
struct Bus {
    address: String,
    _daemon: Running,
}

impl Bus {
    fn open() -> Result<Self> {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Running)?;
        let output = daemon.0.stdout.take().context("the bus has no output")?;
        let (address, _) = lines(output)
            .recv_timeout(SOON)
            .context("the bus named no address")?;
        Ok(Self {
            address,
            _daemon: daemon,
        })
    }
}
