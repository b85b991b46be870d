//! The authorization of one server: its token now, a refusal of it. Whoever asks for the token at the same time waits for
//! one renewal and not each for their own; whoever takes the authorization back waits for nobody.
//!
//! Never here: requests to the server itself (`mcp`), or a new round (`rounds`).

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chimera_domain::{fault::Fault, time::Span};
use chimera_net::HttpClient;
use chimera_ports::{authorizing::AuthorizationState, clock::Clock};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Mutex, MutexGuard, watch};

use crate::{
    challenge::Challenge,
    client::Identity,
    codes::OAUTH_NOT_BEGUN,
    hushed::{Handed, hushed},
    keeping::{Keeping, Kept},
    state::State,
    token::{self, NotGranted},
    wire::Wire,
};

/// A token that ends sooner than this is renewed before it is used.
const LEEWAY: Span = Span::seconds(30);
/// Pause after a renewal that had no answer: nobody waits for a server in trouble with every request.
const RENEWAL_PAUSE: Span = Span::seconds(30);

/// What a session is made from.
pub struct SessionOptions {
    /// The client that reaches the server; its permissions are what may be reached.
    pub net: HttpClient,
    /// The server's address.
    pub url: String,
    /// Who we are.
    pub identity: Identity,
    /// Where the authorization is kept.
    pub keeping: Arc<dyn Keeping>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Thirty-two bytes that nobody can guess, new at each call.
    pub random: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
}

/// The authorization of one server.
pub struct Session {
    pub(crate) wire: Wire,
    pub(crate) url: String,
    pub(crate) identity: Identity,
    pub(crate) keeping: Arc<dyn Keeping>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
    pub(crate) handed: Handed,
    /// How often everything was let go.
    epoch: watch::Sender<u64>,
    /// Whether the server took the present token since it was given.
    taken: AtomicBool,
    state: Mutex<State>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    /// The authorization of one server; nothing is asked yet.
    #[must_use]
    pub fn new(options: SessionOptions) -> Self {
        Self {
            wire: Wire::trusted(options.net),
            url: options.url,
            identity: options.identity,
            keeping: options.keeping,
            clock: options.clock,
            random: options.random,
            handed: Handed::default(),
            epoch: watch::Sender::new(0),
            taken: AtomicBool::new(true),
            state: Mutex::default(),
        }
    }

    /// The token to send along, renewed if it is about to end; none where nobody authorized the server.
    ///
    /// # Errors
    /// When what is kept cannot be read.
    pub async fn bearer(&self) -> Result<Option<SecretString>, Fault> {
        let mut state = self.loaded().await?;
        let now = self.clock.now();
        let ends = |kept: &Kept| kept.until().is_some_and(|until| until <= now + LEEWAY);
        let may = state.may_renew(now);
        if may && state.kept.as_ref().is_some_and(ends) {
            // One that did not work leaves the old token, which the server may still take.
            if let Err(fault) = self.renew(&mut state).await {
                state.fault = Some(fault);
            }
        } else if state.unkept.as_ref().is_some_and(|(_, at)| *at <= now) {
            self.write_down(&mut state).await;
        }
        Ok(self.present(&state))
    }

    /// Says that the server took the token that it was shown.
    pub fn taken(&self) {
        self.taken.store(true, Ordering::Relaxed);
    }

    /// Says that the server refused `used` and asked for something; a token to try once more with, if there is one.
    pub async fn refused(
        &self,
        used: Option<&SecretString>,
        challenge: Challenge,
    ) -> Option<SecretString> {
        let mut state = self.loaded().await.ok()?;
        let present = state.token();
        let is_present = match (&present, used) {
            (Some(present), Some(used)) => present.expose_secret() == used.expose_secret(),
            (present, used) => present.is_none() && used.is_none(),
        };
        if !is_present {
            // Somebody renewed it meanwhile.
            return present;
        }
        state.challenge = Some(challenge);
        let was_taken = self.taken.swap(false, Ordering::Relaxed);
        state.refused_anew = present.is_some() && !was_taken;
        if !was_taken || !state.may_renew(self.clock.now()) {
            return None;
        }
        match self.renew(&mut state).await {
            Ok(()) => {
                state.challenge = None;
                self.present(&state)
            }
            Err(fault) => {
                state.fault = Some(fault);
                None
            }
        }
    }

    /// Says that the server wants a token for more than the one that it was shown.
    pub async fn lacks(&self, challenge: Challenge) {
        self.locked().await.challenge = Some(challenge);
    }

    /// Forgets the tokens and who we are to the authorization server, without a wait for whatever is under way with it.
    ///
    /// # Errors
    /// When they cannot be taken away; then they are still used.
    pub async fn forget(&self) -> Result<(), Fault> {
        self.keeping.forget().await?;
        self.let_go();
        Ok(())
    }

    /// Lets everything go that was learned until now: nothing of it is used any more, and what is under way with an
    /// authorization server ends with nothing. What is kept is looked at again.
    pub fn let_go(&self) {
        self.epoch.send_modify(|epoch| *epoch += 1);
    }

    /// The last tokens that were given, and what else of it is secret: to be taken out of what a server says.
    #[must_use]
    pub fn secrets(&self) -> Vec<SecretString> {
        self.handed.all()
    }

    /// How it stands.
    pub async fn standing(&self) -> AuthorizationState {
        let mut standing = match self.loaded().await {
            Ok(state) => state.standing(),
            Err(fault) => return AuthorizationState::Refused(fault),
        };
        if let AuthorizationState::Needed { scopes } | AuthorizationState::MoreNeeded { scopes } =
            &mut standing
        {
            // The server's own words.
            let secrets = self.secrets();
            for scope in scopes {
                *scope = hushed(scope, secrets.iter().map(ExposeSecret::expose_secret));
            }
        }
        standing
    }

    /// What is known now: nothing of what was let go.
    pub(crate) async fn locked(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().await;
        self.settle(&mut state);
        state
    }

    fn settle(&self, state: &mut State) {
        let epoch = *self.epoch.borrow();
        if state.epoch != epoch {
            *state = State {
                epoch,
                newest: state.newest,
                ..State::default()
            };
            self.taken.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) async fn loaded(&self) -> Result<MutexGuard<'_, State>, Fault> {
        let mut state = self.locked().await;
        while !state.loaded {
            let text = self.keeping.load().await?;
            let kept = text.as_ref().and_then(Kept::from_text);
            // A token belongs to the address that it was given for.
            state.kept = kept.filter(|kept| kept.url == self.url);
            state.loaded = true;
            if let Some(kept) = &state.kept {
                self.handed.note(kept);
            }
            // It may have been let go while it was read.
            self.settle(&mut state);
        }
        Ok(state)
    }

    /// The token, unless it was let go meanwhile.
    fn present(&self, state: &State) -> Option<SecretString> {
        let is_held = *self.epoch.borrow() == state.epoch;
        state.token().filter(|_| is_held)
    }

    /// Says that there is a token that the server did not take yet.
    pub(crate) fn is_new(&self) {
        self.taken.store(false, Ordering::Relaxed);
    }

    /// What comes of `work`; nothing, and at once, where everything is let go meanwhile.
    pub(crate) async fn unless_let_go<T>(
        &self,
        epoch: u64,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let mut now = self.epoch.subscribe();
        let left = async { drop(now.wait_for(|now| *now != epoch).await) };
        tokio::select! {
            biased;
            () = left => None,
            done = work => Some(done),
        }
    }

    /// Another token for the leave to renew; without one where the authorization server took that back.
    async fn renew(&self, state: &mut State) -> Result<(), Fault> {
        let Some(kept) = &mut state.kept else {
            return Ok(());
        };
        let refresh = kept.refresh.clone().unwrap_or_default();
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.as_str()),
            ("resource", &kept.resource),
        ];
        let (wire, known) = (self.wire.onward(kept.from_inside), self.secrets());
        let now = self.clock.now();
        let (client, endpoint) = (&kept.client, &kept.token_endpoint);
        let asked = token::asked(&wire, client, endpoint, &fields, &known, now);
        let Some(asked) = self.unless_let_go(state.epoch, asked).await else {
            return Err(let_go());
        };
        match asked {
            Ok(granted) => {
                kept.take(granted);
                self.handed.note(kept);
                self.is_new();
                state.fault = None;
                self.write_down(state).await;
                Ok(())
            }
            Err(NotGranted::Gone(fault)) => {
                kept.refresh = None;
                self.write_down(state).await;
                Err(fault)
            }
            Err(NotGranted::Now(fault)) => {
                state.not_before = Some(now + RENEWAL_PAUSE);
                Err(fault)
            }
        }
    }

    /// Keeps what is known now. Where that fails it is used all the same, and kept a while later: the former leave to renew
    /// may be worth nothing any more.
    async fn write_down(&self, state: &mut State) {
        let Some(kept) = &state.kept else {
            return;
        };
        let done = match kept.to_text() {
            Ok(text) => self.keeping.renew(text).await,
            Err(fault) => Err(fault),
        };
        let again = self.clock.now() + RENEWAL_PAUSE;
        state.unkept = done.err().map(|fault| (fault, again));
    }
}

pub(crate) fn let_go() -> Fault {
    Fault::of(
        OAUTH_NOT_BEGUN,
        "the authorization of this server was taken back meanwhile; nothing of it is kept or used; begin it again",
    )
}
