//! A hand-written HTTP server for list-accounts that only uses axum and serde, to compare with `serve`.

#![expect(clippy::print_stderr, reason = "a program's output")]

use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;

#[path = "../by_hand.rs"]
#[expect(dead_code, reason = "only one of the two formats is used here")]
mod by_hand;

async fn list_accounts(body: Bytes) -> impl IntoResponse {
    match by_hand::list_accounts(&body) {
        Ok(response) => (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], response),
        Err(error) => {
            let message = error.to_string().into_bytes();
            (StatusCode::UNPROCESSABLE_ENTITY, [(header::CONTENT_TYPE, "text/plain")], message)
        }
    }
}

fn main() -> std::io::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        eprintln!("http://{}", listener.local_addr()?);
        axum::serve(listener, Router::new().route("/list_accounts", post(list_accounts))).await
    })
}
