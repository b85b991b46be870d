//! The authorization of one server: its token now, a refusal of it, a new round. Whoever asks for the token at the same
//! time waits for one renewal and not each for their own.
//!
//! Never here: requests to the server itself (`mcp`).

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chimera_domain::{fault::Fault, time::Span};
use chimera_net::HttpClient;
use chimera_ports::clock::Clock;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use crate::{
    address::checked,
    challenge::Challenge,
    client::{Client, Identity, Registered},
    codes::{OAUTH_NOT_BEGUN, mismatch},
    discovery::discover,
    keeping::{Keeping, Kept},
    round::{Callback, Round},
    scopes::Scopes,
    state::{Standing, State},
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
    wire: Wire,
    url: String,
    identity: Identity,
    keeping: Arc<dyn Keeping>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
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
        Ok(state.token())
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
                state.token()
            }
            Err(fault) => {
                state.fault = Some(fault);
                None
            }
        }
    }

    /// Says that the server wants a token for more than the one that it was shown.
    pub async fn lacks(&self, challenge: Challenge) {
        self.state.lock().await.challenge = Some(challenge);
    }

    /// Begins a round: what the browser opens. A former round that nobody ended is over.
    ///
    /// # Errors
    /// When the server cannot be authorized, and why.
    pub async fn begin(&self, redirect_uri: &str) -> Result<String, Fault> {
        self.begin_as(redirect_uri, None).await
    }

    /// The same as this client, which a person entered; as whom we are otherwise where there is none.
    ///
    /// # Errors
    /// As [`Session::begin`].
    pub async fn begin_as(
        &self,
        redirect_uri: &str,
        registered: Option<Registered>,
    ) -> Result<String, Fault> {
        let begun = self.begun(redirect_uri, registered).await;
        let mut state = self.state.lock().await;
        match begun {
            Ok((round, address)) => {
                state.round = Some(round);
                Ok(address)
            }
            Err(fault) => {
                state.round = None;
                state.fault = Some(fault.clone());
                Err(fault)
            }
        }
    }

    async fn begun(
        &self,
        redirect_uri: &str,
        registered: Option<Registered>,
    ) -> Result<(Round, String), Fault> {
        let mut identity = self.identity.clone();
        identity.registered = registered.or(identity.registered);
        checked("the redirect address", redirect_uri)?;
        let url = checked("the server", &self.url)?;
        let (challenge, kept, is_futile) = {
            let state = self.loaded().await?;
            let is_futile = state.may_begin()?;
            (state.challenge.clone(), state.kept.clone(), is_futile)
        };
        let found = discover(&self.wire, &url, challenge.as_ref()).await?;
        let issuer = &found.issuer;
        let kept = kept.filter(|kept| kept.client.issuer == issuer.name);
        let wire = self.wire.onward(found.from_inside);
        let former = kept.as_ref().map(|kept| &kept.client);
        let client = Client::of(&wire, &identity, issuer, redirect_uri, former).await?;
        let told = challenge
            .map(|challenge| challenge.scopes)
            .unwrap_or_default();
        let wanted = if told.is_empty() {
            &found.scopes
        } else {
            &told
        };
        // A token for something new is one for what the last was for, too.
        let mut asked = kept
            .map_or_else(Scopes::default, |kept| kept.asked)
            .and(wanted);
        if !asked.is_empty() && issuer.offers_offline {
            asked.add("offline_access");
        }
        let random = [(self.random)(), (self.random)()];
        let now = self.clock.now();
        let mut round = Round::new(&found, client, asked, redirect_uri, random, now);
        round.is_futile = is_futile;
        let address = round.address(&issuer.authorization);
        Ok((round, address.to_string()))
    }

    /// Ends a round with the query that came back to the redirect address.
    ///
    /// # Errors
    /// When it gave no token, and why. What was kept before still is.
    pub async fn finish(&self, query: &str) -> Result<(), Fault> {
        let callback = Callback::parse(query)?;
        let mut state = self.loaded().await?;
        // An answer to a question that nobody asked ends no round that is under way.
        match &state.round {
            None => return Err(not_begun()),
            Some(round) if !round.is_answered_by(&callback) => {
                return Err(mismatch("the answer belongs to no round that is under way"));
            }
            Some(_) => {}
        }
        let Some(round) = state.round.take() else {
            return Err(not_begun());
        };
        let is_futile = round.is_futile;
        match self.finished(round, callback).await {
            Ok(kept) => {
                state.futile = if is_futile { state.futile + 1 } else { 0 };
                state.kept = Some(kept);
                state.challenge = None;
                state.fault = None;
                state.unkept = None;
                state.refused_anew = false;
                self.taken.store(false, Ordering::Relaxed);
                Ok(())
            }
            Err(fault) => {
                state.fault = Some(fault.clone());
                Err(fault)
            }
        }
    }

    async fn finished(&self, round: Round, callback: Callback) -> Result<Kept, Fault> {
        let now = self.clock.now();
        let code = SecretString::from(round.code(callback, now)?);
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", &round.redirect_uri),
            ("code_verifier", &round.verifier),
            ("resource", &round.resource),
        ];
        let wire = self.wire.onward(round.from_inside);
        let endpoint = &round.token_endpoint;
        let granted = token::asked(&wire, &round.client, endpoint, &fields, now)
            .await
            .map_err(NotGranted::fault)?;
        let mut kept = Kept::new(
            self.url.clone(),
            round.client,
            round.token_endpoint,
            round.resource,
            round.from_inside,
            round.asked,
        );
        kept.take(granted);
        self.keeping.keep(kept.to_text()?).await?;
        Ok(kept)
    }

    /// Whether somebody may still come back with an answer.
    pub async fn waits(&self) -> bool {
        self.state.lock().await.round.is_some()
    }

    /// Ends the round that is under way, if there is one: whoever comes back after this is too late. What was authorized
    /// before still is.
    pub async fn abandon(&self) {
        self.state.lock().await.round = None;
    }

    /// Forgets the tokens and who we are to the authorization server.
    ///
    /// # Errors
    /// When they cannot be taken away; then they are still used.
    pub async fn forget(&self) -> Result<(), Fault> {
        let mut state = self.state.lock().await;
        self.keeping.forget().await?;
        *state = State {
            loaded: true,
            ..State::default()
        };
        self.taken.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// How it stands.
    pub async fn standing(&self) -> Standing {
        let state = match self.loaded().await {
            Ok(state) => state,
            Err(fault) => return Standing::Refused(fault),
        };
        state.standing()
    }

    #[cfg(test)]
    pub(crate) const fn wire(&self) -> &Wire {
        &self.wire
    }

    async fn loaded(&self) -> Result<tokio::sync::MutexGuard<'_, State>, Fault> {
        let mut state = self.state.lock().await;
        if !state.loaded {
            let text = self.keeping.load().await?;
            let kept = text.as_ref().and_then(Kept::from_text);
            // A token belongs to the address that it was given for.
            state.kept = kept.filter(|kept| kept.url == self.url);
            state.loaded = true;
        }
        Ok(state)
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
        let wire = self.wire.onward(kept.from_inside);
        let now = self.clock.now();
        let asked = token::asked(&wire, &kept.client, &kept.token_endpoint, &fields, now).await;
        match asked {
            Ok(granted) => {
                kept.take(granted);
                self.taken.store(false, Ordering::Relaxed);
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
            Ok(text) => self.keeping.keep(text).await,
            Err(fault) => Err(fault),
        };
        let again = self.clock.now() + RENEWAL_PAUSE;
        state.unkept = done.err().map(|fault| (fault, again));
    }
}

fn not_begun() -> Fault {
    Fault::of(
        OAUTH_NOT_BEGUN,
        "no authorization of this server is under way; nothing was authorized; begin it again",
    )
}
