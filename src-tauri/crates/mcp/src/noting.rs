//! The wire, with an eye on what passes: a call is noted before it leaves, what its server says of its progress as it is
//! read, and secrets that a server repeats go no further.
//!
//! The library hands every notice to a task of its own. Two that follow each other are then heard in either order, the
//! last before an answer perhaps after it, and one of a call that was only just sent before anybody knows that call.
//!
//! Never here: what a report means (`progress`).

use std::{borrow::Cow, sync::Arc};

use rmcp::{
    RoleClient,
    model::{GetExtensions, GetMeta, JsonRpcMessage, ServerNotification},
    service::{RxJsonRpcMessage, TxJsonRpcMessage},
    transport::Transport,
};

use crate::{
    blotting::Blotting,
    progress::{CallNumber, Running},
};

/// A transport that notes what passes.
pub(crate) struct Noting<T> {
    wire: T,
    running: Arc<Running>,
    blotting: Blotting,
}

impl<T> Noting<T> {
    pub(crate) const fn new(wire: T, running: Arc<Running>, blotting: Blotting) -> Self {
        Self {
            wire,
            running,
            blotting,
        }
    }
}

impl<T: Transport<RoleClient>> Transport<RoleClient> for Noting<T> {
    type Error = T::Error;

    fn name() -> Cow<'static, str> {
        T::name()
    }

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleClient>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        if let JsonRpcMessage::Request(sent) = &message
            && let Some(number) = sent.request.extensions().get::<CallNumber>()
            && let Some(token) = sent.request.get_meta().get_progress_token()
        {
            self.running.leaves(*number, sent.id.clone(), token);
        }
        self.wire.send(message)
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleClient>> {
        let message = self.blotting.message(self.wire.receive().await?);
        if let JsonRpcMessage::Notification(told) = &message
            && let ServerNotification::ProgressNotification(told) = &told.notification
        {
            self.running.note(told.params.clone());
        }
        Some(message)
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.wire.close().await
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, sync::Mutex};

    use chimera_domain::id::TenantId;
    use rmcp::model::{
        ClientRequest, JsonRpcRequest, NumberOrString, PingRequest, ProgressNotification,
        ProgressNotificationParam, ProgressToken, RequestMetaObject,
    };
    use uuid::Uuid;

    use super::*;
    use crate::{
        clock::CallClock,
        progress::{Called, QuestionCount},
    };

    const TENANT: TenantId = TenantId::from_uuid(Uuid::from_u128(1));
    const TOKEN: ProgressToken = ProgressToken(NumberOrString::Number(7));

    /// A server that tells of a call before whoever sent it is done with sending.
    #[derive(Default)]
    struct Fast {
        tells: Arc<Mutex<Vec<RxJsonRpcMessage<RoleClient>>>>,
    }

    impl Transport<RoleClient> for Fast {
        type Error = Infallible;

        fn send(
            &mut self,
            _: TxJsonRpcMessage<RoleClient>,
        ) -> impl Future<Output = Result<(), Infallible>> + Send + 'static {
            for done in [2.0, 1.0] {
                let told = ProgressNotificationParam::new(TOKEN, done);
                let told =
                    ServerNotification::ProgressNotification(ProgressNotification::new(told));
                self.tells
                    .lock()
                    .unwrap()
                    .push(JsonRpcMessage::notification(told));
            }
            std::future::pending()
        }

        async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleClient>> {
            self.tells.lock().unwrap().pop()
        }

        async fn close(&mut self) -> Result<(), Infallible> {
            Ok(())
        }
    }

    fn sent(number: CallNumber) -> TxJsonRpcMessage<RoleClient> {
        let mut ping = ClientRequest::PingRequest(PingRequest::default());
        ping.extensions_mut().insert(number);
        let mut meta = RequestMetaObject::new();
        meta.set_progress_token(TOKEN);
        *ping.get_meta_mut() = meta;
        JsonRpcMessage::Request(JsonRpcRequest::new(NumberOrString::Number(3), ping))
    }

    fn begun(running: &Running) -> crate::progress::UnderWay<'_> {
        let called = Called {
            tenant: TENANT,
            tool: Some("count"),
            asks: true,
            trace: None,
        };
        running.begin(called, (&CallClock::default(), &QuestionCount::default()))
    }

    #[tokio::test]
    async fn what_a_server_tells_is_known_in_its_order_before_its_call_is_all_sent() {
        let running = Arc::<Running>::default();
        let call = begun(&running);
        let mut wire = Noting::new(Fast::default(), Arc::clone(&running), Blotting::default());
        let _sending = wire.send(sent(call.number()));
        for done in [1.0, 2.0] {
            wire.receive().await.unwrap();
            let [shown] = &running.of(TENANT)[..] else {
                panic!("one call is under way")
            };
            assert_eq!(shown.progress.as_ref().unwrap().done, done);
        }
        // The request of it is known as well.
        assert!(running.asking(Some(&NumberOrString::Number(3))).is_ok());
    }

    #[tokio::test]
    async fn a_call_that_nobody_waits_for_any_more_leaves_no_trace() {
        let running = Arc::<Running>::default();
        let number = begun(&running).number();
        let mut wire = Noting::new(Fast::default(), Arc::clone(&running), Blotting::default());
        let _sending = wire.send(sent(number));
        wire.receive().await.unwrap();
        assert!(running.asking(None).is_err());
    }
}
