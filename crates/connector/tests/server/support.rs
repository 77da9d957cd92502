//! A server on a free port, and a small client that shows exactly what is sent over the wire.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use connector::capability::{
    CreateAccount, CreateAccountRequest, CreateAccountResponse, ListAccounts, ListAccountsRequest,
    ListAccountsResponse, ValidateCredentials, ValidateCredentialsRequest, ValidateCredentialsResponse,
};
use connector::error::ErrorCodes;
use connector::model::BasicCredentials;
use connector::server::Server;
use connector::{ConnectorError, ErrorCode, Integration, NoSettings, Response, Result};
pub(crate) use test_support::Reply;
use tokio::sync::{Semaphore, oneshot};

pub(crate) type Request<P> = connector::Request<P, NoSettings, BasicCredentials>;

pub(crate) const REQUEST: &str = r#"{"auth":{"model":"basic","username":"ada","password":"p"},"request":{}}"#;

struct Codes;

impl ErrorCodes for Codes {
    const DOCUMENTED: &'static [(&'static str, &'static str)] = &[("badge_lost", "The badge is lost")];

    fn code(&self) -> std::borrow::Cow<'static, str> {
        "badge_lost".into()
    }
}

/// A request with this ID, which `list_accounts` includes in its response.
pub(crate) fn with_id(id: &str) -> String {
    REQUEST.replace("\"request\"", &format!("\"request_id\":\"{id}\",\"request\""))
}

/// Lists nothing, in a partial response that contains the request's ID. Fails to create. Takes a second to validate.
pub(crate) fn integration(app_id: &str) -> Integration {
    async fn list(request: Request<ListAccountsRequest>) -> Result<Response<ListAccountsResponse>> {
        let reason = format!("{} may see half of it", request.request_id.unwrap_or_default());
        Ok(Response::new(ListAccountsResponse::default()).partial(reason, 1))
    }
    async fn create(_: Request<CreateAccountRequest>) -> Result<Response<CreateAccountResponse>> {
        Err(ConnectorError::new("no such thing", ErrorCode::NotFound))?
    }
    async fn validate(
        _: Request<ValidateCredentialsRequest>,
    ) -> Result<Response<ValidateCredentialsResponse>> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(ValidateCredentialsResponse::new(true).into())
    }
    Integration::builder(app_id)
        .auth::<BasicCredentials>()
        .error_codes::<Codes>()
        // The server handles errors anyway.
        .handle_errors(false)
        .register(ListAccounts, list)
        .register(CreateAccount, create)
        .register(ValidateCredentials, validate)
        .build()
}

/// A server whose `list_accounts` waits for a permit of the gate.
pub(crate) struct Waiting {
    pub(crate) server: Running,
    /// Reports when such a call begins, and when it ends or is cancelled.
    pub(crate) calls: Receiver<&'static str>,
    pub(crate) gate: Arc<Semaphore>,
}

pub(crate) fn waiting(configure: impl FnOnce(Server) -> Server) -> Waiting {
    struct Call(Sender<&'static str>);
    impl Drop for Call {
        fn drop(&mut self) {
            let _ = self.0.send("dropped");
        }
    }
    let (sender, calls) = channel();
    let gate = Arc::new(Semaphore::new(0));
    let asked = Arc::clone(&gate);
    let list = move |_: Request<ListAccountsRequest>| {
        sender.send("begun").expect("the test listens");
        let (call, gate) = (Call(sender.clone()), Arc::clone(&asked));
        async move {
            let _call = call;
            gate.acquire().await?.forget();
            Ok(ListAccountsResponse::default().into())
        }
    };
    let builder = Integration::builder("app").auth::<BasicCredentials>();
    let integration = builder.register(ListAccounts, list).build();
    Waiting { server: Running::start(configure(Server::new(integration))), calls, gate }
}

/// Repeats `attempt` until the server responds. With a short timeout, a slow machine can make the server rightly
/// disconnect the client.
pub(crate) fn retry<T>(attempt: impl FnMut() -> Option<T>) -> T {
    std::iter::repeat_with(attempt).take(20).flatten().next().expect("the server responds")
}

/// A server that runs until it is dropped.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(crate) fn start(server: Server) -> Self {
        Self::start_at("127.0.0.1:0", server)
    }

    /// Listens at an address of this machine.
    pub(crate) fn start_at(at: &'static str, server: Server) -> Self {
        let (sender, address) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(async {
                let listener = tokio::net::TcpListener::bind(at).await.expect("a free port");
                sender.send(listener.local_addr().expect("an address")).expect("the test listens");
                let shutdown = async {
                    let _ = stopped.await;
                };
                server.serve(listener, shutdown).await.expect("it serves");
            });
        });
        let address = address.recv_timeout(Duration::from_secs(10)).expect("the server starts");
        Self { address, stop: Some(stop), thread: Some(thread) }
    }

    /// Begins the shutdown without waiting for its end.
    pub(crate) fn begin_stop(&mut self) {
        self.stop.take();
    }

    /// Waits for the end of the shutdown.
    pub(crate) fn wait(&mut self) {
        self.begin_stop();
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the server ends");
        }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        stream
    }

    /// Sends `head` (without the last empty line) and `body`.
    pub(crate) fn send(&self, head: &str, body: &[u8]) -> Reply {
        Reply::read(test_support::ask(&self.address.to_string(), head, body))
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.send(&format!("GET {path} HTTP/1.1"), b"")
    }

    pub(crate) fn post(&self, path: &str, body: &str) -> Reply {
        self.send(&format!("POST {path} HTTP/1.1\r\nContent-Type: application/json"), body.as_bytes())
    }

    /// Waits until no call is running.
    pub(crate) fn wait_until_idle(&self) {
        let mut metrics = String::new();
        for _ in 0..1000 {
            metrics = self.get("/metrics").body;
            let mut in_flight =
                metrics.lines().filter(|line| line.starts_with("connector_requests_in_flight{")).peekable();
            assert!(in_flight.peek().is_some(), "no such metric: {metrics}");
            if in_flight.all(|line| line.ends_with(" 0")) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("a call is still running: {metrics}");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.wait();
    }
}
