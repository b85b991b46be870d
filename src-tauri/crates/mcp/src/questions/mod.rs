//! Questions of servers that wait for a person: kept in memory, bounded in number and in time, answered once.
//!
//! A question lives no longer than its call, and the call no longer than this process: nothing of it is stored. Nobody
//! here ever answers one; when its time is over it is cancelled.
//!
//! Never here: who may answer, or putting an answer on record (the API).

mod rounds;
mod voice;

use std::{
    collections::{BTreeMap, VecDeque},
    future::pending,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chimera_domain::{
    id::TenantId,
    time::{Span, Timestamp},
};
use chimera_ports::{
    clock::Clock,
    questions::{
        EndedQuestion, HeldAnswer, Question, QuestionAnswer, QuestionDesk, QuestionEnd, Unanswered,
    },
    stops::StopWatch,
};
use tokio::{
    sync::oneshot,
    time::{sleep, timeout},
};

pub(crate) use chimera_forms::Form;
pub(crate) use rounds::{Rounds, wants_input};
pub(crate) use voice::Voice;

use crate::host::McpHost;

/// How long a question waits for a person.
pub const QUESTION_WAIT: Duration = Duration::from_secs(5 * 60);
/// Most questions that a server may ask in one call.
pub(crate) const MAX_QUESTIONS_PER_CALL: u32 = 4;
/// Most questions of one server that wait at once for the people of one tenant.
pub(crate) const MAX_WAITING_PER_SERVER: usize = 8;
/// Most questions of all servers together that wait at once for the people of one tenant.
pub(crate) const MAX_WAITING: usize = 32;
/// Most questions that are remembered after they ended, of one tenant.
const MAX_ENDED: usize = 8;
/// How much longer one waits for an answer that a person has given and that is being put on record.
const HELD_GRACE: Duration = Duration::from_secs(10);

/// Every question that waits, of all servers.
pub(crate) struct Questions {
    clock: Arc<dyn Clock>,
    stops: OnceLock<Arc<dyn StopWatch>>,
    asked: AtomicU64,
    board: Mutex<Board>,
}

#[derive(Default)]
struct Board {
    /// By the order in which they came.
    waiting: BTreeMap<u64, Waiting>,
    ended: BTreeMap<TenantId, VecDeque<EndedQuestion>>,
}

struct Waiting {
    tenant: TenantId,
    question: Question,
    form: Arc<Form>,
    /// Where the answer goes; away while somebody holds it.
    reply: Option<oneshot::Sender<QuestionAnswer>>,
}

/// A question on its way to a person.
pub(crate) struct Asked<'a> {
    pub(crate) tenant: TenantId,
    pub(crate) server: &'a str,
    pub(crate) tool: Option<&'a str>,
    pub(crate) form: Form,
    pub(crate) wait: Duration,
}

impl Questions {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            stops: OnceLock::new(),
            asked: AtomicU64::new(0),
            board: Mutex::default(),
        }
    }

    /// Whether nobody of a tenant is asked anything now.
    fn is_stopped(&self, tenant: TenantId) -> bool {
        let stops = self.stops.get();
        stops.is_some_and(|stops| stops.is_stopped(tenant))
    }

    async fn stopped(&self, tenant: TenantId) {
        match self.stops.get() {
            Some(stops) => stops.stopped(tenant).await,
            None => pending().await,
        }
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a question to the people of a tenant and waits for one of them: until it is answered, its time is over, or
    /// `gone` says that nobody needs the answer any more. Whoever no longer waits here takes the question away.
    ///
    /// # Errors
    /// In words, when too many wait already, or everything is stopped or was while it waited.
    pub(crate) async fn ask(
        self: &Arc<Self>,
        asked: Asked<'_>,
        gone: impl Future<Output = ()> + Send,
    ) -> Result<QuestionAnswer, String> {
        let (wait, tenant) = (asked.wait, asked.tenant);
        if self.is_stopped(tenant) {
            return Err("everything is stopped".to_owned());
        }
        let (mut shown, mut reply) = self.show(asked)?;
        let answer = tokio::select! {
            biased;
            answer = &mut reply => answer.ok(),
            () = gone => None,
            () = self.stopped(tenant) => {
                return Err("everything was stopped while it waited".to_owned());
            }
            () = sleep(wait) => {
                shown.end = QuestionEnd::Expired;
                // Somebody has answered at the last moment.
                match self.is_held(shown.number) {
                    true => timeout(HELD_GRACE, reply).await.ok().and_then(Result::ok),
                    false => None,
                }
            }
        };
        shown.end = match &answer {
            None => shown.end,
            Some(QuestionAnswer::Accept(_)) => QuestionEnd::Accepted,
            Some(QuestionAnswer::Decline) => QuestionEnd::Declined,
            Some(QuestionAnswer::Cancel) => QuestionEnd::Cancelled,
        };
        Ok(answer.unwrap_or(QuestionAnswer::Cancel))
    }

    fn show(
        self: &Arc<Self>,
        asked: Asked<'_>,
    ) -> Result<(Shown, oneshot::Receiver<QuestionAnswer>), String> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let now = self.clock.now();
        let mut board = self.board();
        let (mut all, mut of_server) = (0, 0);
        for one in board.waiting.values() {
            if one.tenant == asked.tenant {
                all += 1;
                of_server += usize::from(one.question.server == asked.server);
            }
        }
        if all >= MAX_WAITING || of_server >= MAX_WAITING_PER_SERVER {
            return Err(format!(
                "{of_server} questions of it and {all} in all wait for a person already; {MAX_WAITING_PER_SERVER} and {MAX_WAITING} are the most"
            ));
        }
        let question = Question {
            // The time makes it another name after a restart.
            id: format!("{:x}-{number:x}", now.micros()),
            server: asked.server.to_owned(),
            tool: asked.tool.map(str::to_owned),
            message: asked.form.message.clone(),
            fields: asked.form.fields.clone(),
            asked_at: now,
            until: until(now, asked.wait),
        };
        let (reply, answer) = oneshot::channel();
        let waiting = Waiting {
            tenant: asked.tenant,
            question,
            form: Arc::new(asked.form),
            reply: Some(reply),
        };
        board.waiting.insert(number, waiting);
        let shown = Shown {
            questions: Arc::clone(self),
            number,
            end: QuestionEnd::Withdrawn,
        };
        Ok((shown, answer))
    }

    fn is_held(&self, number: u64) -> bool {
        let board = self.board();
        let waiting = board.waiting.get(&number);
        waiting.is_some_and(|waiting| waiting.reply.is_none())
    }

    fn end(&self, number: u64, end: QuestionEnd) {
        let at = self.clock.now();
        let mut board = self.board();
        let Some(gone) = board.waiting.remove(&number) else {
            return;
        };
        let Question { server, tool, .. } = gone.question;
        tracing::info!(%server, ?end, "a question of an MCP server ended");
        let ended = board.ended.entry(gone.tenant).or_default();
        ended.push_front(EndedQuestion {
            server,
            tool,
            end,
            at,
        });
        ended.truncate(MAX_ENDED);
    }
}

fn until(now: Timestamp, wait: Duration) -> Timestamp {
    now + Span::millis(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
}

/// A question that people see; they no longer do when this goes.
struct Shown {
    questions: Arc<Questions>,
    number: u64,
    end: QuestionEnd,
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.questions.end(self.number, self.end);
    }
}

struct Held {
    questions: Arc<Questions>,
    number: u64,
    question: Question,
    /// Both go when it is given.
    given: Option<(oneshot::Sender<QuestionAnswer>, QuestionAnswer)>,
}

impl HeldAnswer for Held {
    fn question(&self) -> &Question {
        &self.question
    }

    fn give(mut self: Box<Self>) -> bool {
        let given = self.given.take();
        given.is_some_and(|(reply, answer)| reply.send(answer).is_ok())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some((reply, _)) = self.given.take()
            && let Some(waiting) = self.questions.board().waiting.get_mut(&self.number)
        {
            waiting.reply = Some(reply);
        }
    }
}

impl McpHost {
    /// Heeds stops from now on: while everything of a tenant is stopped nobody of it is asked anything, what waits is
    /// withdrawn, and no call of it that waited goes on.
    pub fn heed(&self, stops: Arc<dyn StopWatch>) {
        // The first word stands: there is one runtime.
        let _before = self.0.questions.stops.set(stops);
    }
}

impl QuestionDesk for McpHost {
    fn waiting(&self, tenant: TenantId) -> Vec<Question> {
        let board = self.0.questions.board();
        let of = board.waiting.values().filter(|one| one.tenant == tenant);
        of.map(|one| one.question.clone()).collect()
    }

    fn ended(&self, tenant: TenantId) -> Vec<EndedQuestion> {
        let board = self.0.questions.board();
        let ended = board.ended.get(&tenant).into_iter().flatten();
        ended.cloned().collect()
    }

    fn hold(
        &self,
        tenant: TenantId,
        id: &str,
        answer: QuestionAnswer,
    ) -> Result<Box<dyn HeldAnswer>, Unanswered> {
        let questions = &self.0.questions;
        let found = |board: &Board| {
            let mut all = board.waiting.iter();
            all.find(|(_, one)| one.tenant == tenant && one.question.id == id)
                .map(|(number, one)| (*number, Arc::clone(&one.form)))
        };
        let (number, form) = found(&questions.board()).ok_or(Unanswered::Unknown)?;
        if let QuestionAnswer::Accept(content) = &answer {
            form.check(content).map_err(Unanswered::Unfit)?;
        }
        let mut board = questions.board();
        let waiting = board.waiting.get_mut(&number).ok_or(Unanswered::Unknown)?;
        let reply = waiting.reply.take().ok_or(Unanswered::Unknown)?;
        Ok(Box::new(Held {
            questions: Arc::clone(questions),
            number,
            question: waiting.question.clone(),
            given: Some((reply, answer)),
        }))
    }
}
